package io.semel.server.network.transactions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.GroupLimits;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.wire.message.TxnOffsetCommitRequestData;
import io.semel.wire.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import io.semel.wire.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import io.semel.wire.message.TxnOffsetCommitResponseData;
import io.semel.wire.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import io.semel.wire.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import io.semel.wire.protocol.Errors;

/**
 * Stages a group's offsets in a producer's transaction, if the member that read so far is still of the group's
 * generation (KIP-447). By the newer rules they join the transaction with that; by the older ones AddOffsetsToTxn came
 * before, and offsets that come when their transaction has ended are refused.
 */
public final class TxnOffsetCommitHandler implements Handler<TxnOffsetCommitRequestData> {
    /** The first version whose clients bear COORDINATOR_LOAD_IN_PROGRESS (KAFKA-7296). */
    private static final int KNOWS_LOADING = 2;
    /** The first version whose clients know TRANSACTION_ABORTABLE. */
    private static final int KNOWS_ABORTABLE = 4;
    /** The first version that names topics by their ids alone. */
    private static final int BY_TOPIC_ID = 6;

    private final TransactionDoor door;
    private final Served served;

    /** A request as far as it got: what is committed, and the lines of the answer that its outcome decides. */
    private record Sorted(TxnOffsetCommitResponseData response, List<OffsetToCommit> offsets,
            List<TxnOffsetCommitResponsePartition> undecided) {
    }

    public TxnOffsetCommitHandler(TransactionDoor door) {
        this.door = door;
        this.served = door.served();
    }

    @Override
    public void handle(TxnOffsetCommitRequestData request, Exchange exchange) {
        Errors refusal = door.check(exchange, request.transactionalId());
        if (refusal == Errors.NONE && !served.authorizer().allows(exchange.peer(), Operation.READ, Resource.GROUP,
                request.groupId())) {
            refusal = Errors.GROUP_AUTHORIZATION_FAILED;
        }
        Sorted sorted = new Sorted(new TxnOffsetCommitResponseData(), new ArrayList<>(), new ArrayList<>());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            sort(topic, refusal, exchange, sorted);
        }
        if (sorted.offsets.isEmpty()) {
            exchange.answer(sorted.response);
            return;
        }
        Sender sender = Sender.of(request.transactionalId(), request.producerId(), request.producerEpoch(), Rules
                .ofOffsets(exchange.version()));
        CommitRequest commit = new CommitRequest(request.groupId(), new Membership(request.memberId(), request
                .groupInstanceId(), request.generationIdOrMemberEpoch()), sorted.offsets);
        enter(sender, commit, exchange, sorted);
    }

    private void enter(Sender sender, CommitRequest commit, Exchange exchange, Sorted sorted) {
        Partition offsets = served.broker().partition(Broker.OFFSETS_TOPIC, 0);
        if (sender.rules() == TransactionRules.NEW_EPOCH_AT_EVERY_END) {
            door.join(exchange, sender, List.of(offsets), error -> {
                if (error == Errors.NONE) {
                    stage(sender.instance(), VerificationGuard.NOT_NEEDED, commit, exchange, sorted);
                } else {
                    answer(exchange, sorted, error);
                }
            });
            return;
        }
        VerificationGuard guard = door.find(sender.transactionalId(), sender.rules()).map(transaction -> transaction
                .verify(sender.instance(), offsets)).orElseGet(VerificationGuard::withdrawn);
        stage(sender.instance(), guard, commit, exchange, sorted);
    }

    private void stage(ProducerIdAndEpoch instance, VerificationGuard guard, CommitRequest commit, Exchange exchange,
            Sorted sorted) {
        served.broker().groups().commitInTransaction(instance.producerId(), instance.epoch(), guard, commit, served
                .clock().time(), error -> answer(exchange, sorted, codeOf(error, exchange.version())));
    }

    private static void answer(Exchange exchange, Sorted sorted, Errors error) {
        sorted.undecided.forEach(line -> line.setErrorCode(error.code()));
        exchange.answer(sorted.response);
    }

    /** By their names, which are Kafka's. */
    private static Errors codeOf(GroupError error, short version) {
        if (error == GroupError.INVALID_TXN_STATE && version >= KNOWS_ABORTABLE) {
            return Errors.TRANSACTION_ABORTABLE;
        }
        return error == GroupError.COORDINATOR_LOAD_IN_PROGRESS && version < KNOWS_LOADING
                ? Errors.COORDINATOR_NOT_AVAILABLE
                : Errors.valueOf(error.name());
    }

    private void sort(TxnOffsetCommitRequestTopic topic, Errors refusal, Exchange exchange, Sorted sorted) {
        TxnOffsetCommitResponseTopic lines = new TxnOffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic
                .topicId());
        sorted.response.topics().add(lines);
        boolean byId = exchange.version() >= BY_TOPIC_ID;
        Optional<Topic> found = byId
                ? served.broker().findTopic(TopicIds.ours(topic.topicId()))
                : served.broker().findTopic(topic.name());
        Errors ofTopic = refusal;
        if (ofTopic == Errors.NONE && !served.authorizer().allows(exchange.peer(), Operation.READ, Resource.TOPIC, found
                .map(Topic::name).orElse(topic.name()))) {
            ofTopic = Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        if (ofTopic == Errors.NONE && found.isEmpty()) {
            ofTopic = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
            Errors error = ofTopic == Errors.NONE ? check(partition, found.orElseThrow()) : ofTopic;
            TxnOffsetCommitResponsePartition line = new TxnOffsetCommitResponsePartition().setPartitionIndex(partition
                    .partitionIndex()).setErrorCode(error.code());
            lines.partitions().add(line);
            if (error == Errors.NONE) {
                sorted.offsets.add(offset(partition, found.orElseThrow()));
                sorted.undecided.add(line);
            }
        }
    }

    private static Errors check(TxnOffsetCommitRequestPartition partition, Topic topic) {
        if (partition.partitionIndex() < 0 || partition.partitionIndex() >= topic.partitionCount()) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return metadata(partition).length() > GroupLimits.MAX_OFFSET_METADATA_CHARS
                ? Errors.OFFSET_METADATA_TOO_LARGE
                : Errors.NONE;
    }

    /** Bears the topic's id whoever committed it: its successor of the same name is another topic. */
    private static OffsetToCommit offset(TxnOffsetCommitRequestPartition partition, Topic topic) {
        return new OffsetToCommit(topic.name(), partition.partitionIndex(), partition.committedOffset(), partition
                .committedLeaderEpoch(), metadata(partition), topic.id());
    }

    private static String metadata(TxnOffsetCommitRequestPartition partition) {
        return partition.committedMetadata() == null ? "" : partition.committedMetadata();
    }
}
