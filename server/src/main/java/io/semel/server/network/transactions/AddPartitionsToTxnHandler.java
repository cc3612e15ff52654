package io.semel.server.network.transactions;

import java.util.ArrayList;
import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.wire.message.AddPartitionsToTxnRequestData;
import io.semel.wire.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import io.semel.wire.message.AddPartitionsToTxnResponseData;
import io.semel.wire.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import io.semel.wire.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import io.semel.wire.protocol.Errors;

/**
 * By the older rules, before the first batch for a partition: all that a request names become part of the transaction,
 * or none. Later versions than 3 are what Kafka's brokers ask each other.
 */
public final class AddPartitionsToTxnHandler implements Handler<AddPartitionsToTxnRequestData> {
    /** The newest version that clients speak. */
    public static final int NEWEST = 3;

    /** The first version whose clients know PRODUCER_FENCED. */
    private static final int KNOWS_FENCED = 2;

    private final TransactionDoor door;
    private final Served served;

    public AddPartitionsToTxnHandler(TransactionDoor door) {
        this.door = door;
        this.served = door.served();
    }

    @Override
    public void handle(AddPartitionsToTxnRequestData request, Exchange exchange) {
        String id = request.v3AndBelowTransactionalId();
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        Errors refusal = door.check(exchange, id);
        List<Partition> partitions = new ArrayList<>();
        boolean isWhole = refusal == Errors.NONE;
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            AddPartitionsToTxnTopicResult lines = new AddPartitionsToTxnTopicResult().setName(topic.name());
            response.resultsByTopicV3AndBelow().add(lines);
            Errors ofTopic = refusal == Errors.NONE ? check(exchange, topic.name()) : refusal;
            for (int number : topic.partitions()) {
                Errors error = ofTopic == Errors.NONE ? find(topic.name(), number, partitions) : ofTopic;
                isWhole &= error == Errors.NONE;
                lines.resultsByPartition().add(new AddPartitionsToTxnPartitionResult().setPartitionIndex(number)
                        .setPartitionErrorCode(error.code()));
            }
        }
        if (!isWhole) {
            answerInPart(exchange, response);
            return;
        }
        door.join(exchange, Sender.of(id, request.v3AndBelowProducerId(), request.v3AndBelowProducerEpoch(),
                TransactionRules.ONE_EPOCH), partitions, error -> answer(exchange, response, error));
    }

    private Errors check(Exchange exchange, String topic) {
        boolean isInternal = served.broker().findTopic(topic).filter(found -> found.isInternal()).isPresent();
        return isInternal || !served.authorizer().allows(exchange.peer(), Operation.WRITE, Resource.TOPIC, topic)
                ? Errors.TOPIC_AUTHORIZATION_FAILED
                : Errors.NONE;
    }

    private Errors find(String topic, int number, List<Partition> found) {
        Partition partition = served.broker().findPartition(new PartitionId(topic, number));
        if (partition == null) {
            return served.broker().findTopic(topic).filter(each -> number >= 0 && number < each.partitionCount())
                    .isPresent() ? Errors.KAFKA_STORAGE_ERROR : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        found.add(partition);
        return Errors.NONE;
    }

    private static void answerInPart(Exchange exchange, AddPartitionsToTxnResponseData response) {
        response.resultsByTopicV3AndBelow().forEach(topic -> topic.resultsByPartition().stream().filter(line -> line
                .partitionErrorCode() == Errors.NONE.code()).forEach(line -> line.setPartitionErrorCode(
                        Errors.OPERATION_NOT_ATTEMPTED.code())));
        exchange.answer(response);
    }

    private static void answer(Exchange exchange, AddPartitionsToTxnResponseData response, Errors error) {
        short code = TransactionDoor.code(error, exchange.version(), KNOWS_FENCED);
        response.resultsByTopicV3AndBelow().forEach(topic -> topic.resultsByPartition().forEach(line -> line
                .setPartitionErrorCode(code)));
        exchange.answer(response);
    }
}
