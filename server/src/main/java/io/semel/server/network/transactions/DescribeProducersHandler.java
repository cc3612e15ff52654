package io.semel.server.network.transactions;

import io.semel.idempotence.ProducerState;
import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.partition.Partition;
import io.semel.wire.message.DescribeProducersRequestData;
import io.semel.wire.message.DescribeProducersRequestData.TopicRequest;
import io.semel.wire.message.DescribeProducersResponseData;
import io.semel.wire.message.DescribeProducersResponseData.PartitionResponse;
import io.semel.wire.message.DescribeProducersResponseData.TopicResponse;
import io.semel.wire.protocol.Errors;

/** Who writes to a partition, and since where a transaction of its is open there. Not on the event loop: it may be many. */
public final class DescribeProducersHandler implements Handler<DescribeProducersRequestData> {
    /** One process owns the directory, so its coordinator never moves. */
    private static final int COORDINATOR_EPOCH = 0;

    private final TransactionDoor door;
    private final Served served;

    public DescribeProducersHandler(TransactionDoor door) {
        this.door = door;
        this.served = door.served();
    }

    @Override
    public void handle(DescribeProducersRequestData request, Exchange exchange) {
        door.aside(exchange, () -> {
            DescribeProducersResponseData response = new DescribeProducersResponseData();
            request.topics().forEach(topic -> response.topics().add(describe(topic, exchange)));
            exchange.answer(response);
        });
    }

    private TopicResponse describe(TopicRequest topic, Exchange exchange) {
        TopicResponse described = new TopicResponse().setName(topic.name());
        boolean allowed = served.authorizer().allows(exchange.peer(), Operation.READ, Resource.TOPIC, topic.name());
        for (int number : topic.partitionIndexes()) {
            described.partitions().add(allowed
                    ? describe(topic.name(), number)
                    : refused(number, Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        return described;
    }

    private PartitionResponse describe(String name, int number) {
        Topic topic = served.broker().findTopic(name).orElse(null);
        if (topic == null || number < 0 || number >= topic.partitionCount()) {
            return refused(number, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (topic.isOffline(number)) {
            return refused(number, Errors.KAFKA_STORAGE_ERROR);
        }
        Partition partition = topic.partition(number);
        PartitionResponse described = new PartitionResponse().setPartitionIndex(number);
        for (ProducerState state : partition.producers()) {
            if (state.identity().isAlive()) {
                described.activeProducers().add(describe(state));
            }
        }
        return described;
    }

    private static DescribeProducersResponseData.ProducerState describe(ProducerState state) {
        state.pen().take();
        try {
            return new DescribeProducersResponseData.ProducerState().setProducerId(state.identity().producerId())
                    .setProducerEpoch(state.epoch()).setLastSequence(state.lastSequence()).setLastTimestamp(state
                            .lastTimestampMs()).setCoordinatorEpoch(COORDINATOR_EPOCH).setCurrentTxnStartOffset(state
                                    .transactionOffset());
        } finally {
            state.pen().release();
        }
    }

    private static PartitionResponse refused(int number, Errors error) {
        return new PartitionResponse().setPartitionIndex(number).setErrorCode(error.code()).setErrorMessage(error
                .message());
    }
}
