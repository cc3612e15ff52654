package io.semel.server.network.transactions;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

import io.semel.server.network.WireClient;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.TransactionRules;

/**
 * A transactional producer that sends its messages one by one, in the versions of either rules, and sends any of them
 * again, late, or as whom it was before. Each message can go over any connection.
 */
final class WireProducer {
    static final int TIMEOUT_MS = 60_000;

    private final String transactionalId;
    private final TransactionRules rules;
    private final Map<String, Integer> nextSequences = new HashMap<>();
    private WireClient connection;
    private ProducerIdAndEpoch self = new ProducerIdAndEpoch(-1, (short) -1);

    /** What identifies a batch: who writes it where in which place. */
    record Batch(ProducerIdAndEpoch sender, String topic, int sequence, String value) {
    }

    WireProducer(WireClient connection, String transactionalId, TransactionRules rules) {
        this.connection = connection;
        this.transactionalId = transactionalId;
        this.rules = rules;
    }

    /** A producer that has its first epoch. */
    static WireProducer open(WireClient connection, String transactionalId, TransactionRules rules)
            throws IOException {
        WireProducer producer = new WireProducer(connection, transactionalId, rules);
        Errors error = producer.init();
        if (error != Errors.NONE) {
            throw new AssertionError("init ended as " + error);
        }
        return producer;
    }

    private boolean isNewer() {
        return rules == TransactionRules.NEW_EPOCH_AT_EVERY_END;
    }

    ProducerIdAndEpoch self() {
        return self;
    }

    /** Goes on over another connection. */
    void reconnect(WireClient other) {
        connection = other;
    }

    Errors init() throws IOException {
        return init(new InitProducerIdRequestData().setTransactionalId(transactionalId).setTransactionTimeoutMs(
                TIMEOUT_MS));
    }

    /** Asks for the next epoch in place of its own (KIP-360). */
    Errors renew() throws IOException {
        return init(new InitProducerIdRequestData().setTransactionalId(transactionalId).setTransactionTimeoutMs(
                TIMEOUT_MS).setProducerId(self.producerId()).setProducerEpoch(self.epoch()));
    }

    private Errors init(InitProducerIdRequestData request) throws IOException {
        InitProducerIdResponseData answer = connection.ask(ApiKeys.INIT_PRODUCER_ID, isNewer() ? 5 : 4, request);
        if (answer.errorCode() == Errors.NONE.code()) {
            become(new ProducerIdAndEpoch(answer.producerId(), answer.producerEpoch()));
        }
        return Errors.forCode(answer.errorCode());
    }

    private void become(ProducerIdAndEpoch next) {
        if (!next.equals(self)) {
            nextSequences.clear();
        }
        self = next;
    }

    /** By the older rules alone. */
    Errors add(String topic) throws IOException {
        return add(self, topic);
    }

    Errors add(ProducerIdAndEpoch sender, String topic) throws IOException {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(0)));
        AddPartitionsToTxnResponseData answer = connection.ask(ApiKeys.ADD_PARTITIONS_TO_TXN, 3,
                new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId(transactionalId)
                        .setV3AndBelowProducerId(sender.producerId()).setV3AndBelowProducerEpoch(sender.epoch())
                        .setV3AndBelowTopics(topics));
        return Errors.forCode(answer.resultsByTopicV3AndBelow().iterator().next().resultsByPartition().iterator().next()
                .partitionErrorCode());
    }

    /** The next batch as it will be sent. */
    Batch next(String topic, String value) {
        int sequence = nextSequences.merge(topic, 1, Integer::sum) - 1;
        return new Batch(self, topic, sequence, value);
    }

    /** Adds the partition if the rules want that, and writes. */
    Errors put(String topic, String value) throws IOException {
        Errors added = isNewer() ? Errors.NONE : add(topic);
        return added == Errors.NONE ? send(next(topic, value)) : added;
    }

    Errors send(Batch batch) throws IOException {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData().setName(batch.topic()).setPartitionData(List.of(new PartitionProduceData()
                .setIndex(0).setRecords(MemoryRecords.withTransactionalRecords(Compression.NONE, batch.sender()
                        .producerId(), batch.sender().epoch(), batch.sequence(), new SimpleRecord(batch.value()
                                .getBytes()))))));
        ProduceResponseData answer = connection.ask(ApiKeys.PRODUCE, isNewer() ? 12 : 9, new ProduceRequestData()
                .setTransactionalId(transactionalId).setAcks((short) -1).setTimeoutMs(TIMEOUT_MS).setTopicData(topics));
        return Errors.forCode(answer.responses().iterator().next().partitionResponses().get(0).errorCode());
    }

    /** By the older rules alone. */
    Errors addOffsets(ProducerIdAndEpoch sender, String group) throws IOException {
        AddOffsetsToTxnResponseData answer = connection.ask(ApiKeys.ADD_OFFSETS_TO_TXN, 3,
                new AddOffsetsToTxnRequestData().setTransactionalId(transactionalId).setProducerId(sender.producerId())
                        .setProducerEpoch(sender.epoch()).setGroupId(group));
        return Errors.forCode(answer.errorCode());
    }

    /** Adds the group if the rules want that, and commits an offset of {@code topic}'s partition 0. */
    Errors commitOffset(String group, String topic, long offset) throws IOException {
        Errors added = isNewer() ? Errors.NONE : addOffsets(self, group);
        return added == Errors.NONE ? stage(self, group, topic, offset) : added;
    }

    Errors stage(ProducerIdAndEpoch sender, String group, String topic, long offset) throws IOException {
        return stage(new TxnOffsetCommitRequestData().setGroupId(group).setGenerationIdOrMemberEpoch(-1).setMemberId(
                ""),
                sender, topic, offset);
    }

    /** As the member that {@code request} names. */
    Errors stage(TxnOffsetCommitRequestData request, ProducerIdAndEpoch sender, String topic, long offset)
            throws IOException {
        TxnOffsetCommitResponseData answer = connection.ask(ApiKeys.TXN_OFFSET_COMMIT, isNewer() ? 5 : 3, request
                .setTransactionalId(transactionalId).setProducerId(sender.producerId()).setProducerEpoch(sender
                        .epoch()).setTopics(List.of(new TxnOffsetCommitRequestTopic().setName(topic).setPartitions(List
                                .of(new TxnOffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(
                                        offset)
                                        .setCommittedMetadata(""))))));
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    Errors commit() throws IOException {
        return end(self, true);
    }

    Errors abort() throws IOException {
        return end(self, false);
    }

    /** Goes on as whom the answer names. */
    Errors end(ProducerIdAndEpoch sender, boolean commits) throws IOException {
        EndTxnResponseData answer = connection.receive(sendEnd(sender, commits));
        if (answer.errorCode() == Errors.NONE.code() && isNewer()) {
            become(new ProducerIdAndEpoch(answer.producerId(), answer.producerEpoch()));
        }
        return Errors.forCode(answer.errorCode());
    }

    /** Sends and does not look for the answer. */
    WireClient.Sent sendEnd(ProducerIdAndEpoch sender, boolean commits) throws IOException {
        return connection.send(ApiKeys.END_TXN, isNewer() ? 5 : 3, new EndTxnRequestData().setTransactionalId(
                transactionalId).setProducerId(sender.producerId()).setProducerEpoch(sender.epoch()).setCommitted(
                        commits));
    }
}
