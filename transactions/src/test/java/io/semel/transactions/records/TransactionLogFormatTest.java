package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.List;

import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.PartitionsSchema;
import org.junit.jupiter.api.Test;

import static org.apache.kafka.common.protocol.MessageUtil.toCoordinatorTypePrefixedBytes;
import static org.apache.kafka.common.protocol.MessageUtil.toVersionPrefixedBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Both directions against Kafka's own generated classes. */
class TransactionLogFormatTest {

    private static final TransactionIdentity IDENTITY = new TransactionIdentity(41, (short) 2, 40, 42, (short) 1,
            (short) 2);
    private static final List<TransactionTopic> TOPICS = List.of(new TransactionTopic("orders", new int[] {0, 5}),
            new TransactionTopic("__consumer_offsets", new int[] {0}));
    private static final TransactionLogValue DECISION = new TransactionLogValue(IDENTITY, 60_000,
            TransactionStatus.PREPARE_COMMIT, TOPICS, 2_000, 1_000, TransactionHome.EMBEDDED,
            new long[] {10, 1L << 40, 7});
    private static final TransactionLogValue AS_KAFKA_KNOWS_IT = new TransactionLogValue(IDENTITY, 60_000,
            TransactionStatus.PREPARE_COMMIT, TOPICS, 2_000, 1_000, TransactionHome.REMOTE,
            TransactionLogValue.NO_FIRST_OFFSETS);

    @Test
    void keyHasKafkasBytes() {
        byte[] theirs = toCoordinatorTypePrefixedBytes(
                new org.apache.kafka.coordinator.transaction.generated.TransactionLogKey().setTransactionalId("tx-1"));
        assertArrayEquals(theirs, Cuts.bytes(new TransactionLogKey("tx-1").encode()));
        assertEquals(new TransactionLogKey("tx-1"), TransactionLogKey.decode(ByteBuffer.wrap(theirs)));
    }

    @Test
    void valueHasKafkasBytesWhereKafkaCanSayIt() {
        byte[] theirs = toVersionPrefixedBytes((short) 1, theirs());
        assertArrayEquals(theirs, Cuts.bytes(AS_KAFKA_KNOWS_IT.encode()));
        assertEquals(AS_KAFKA_KNOWS_IT, TransactionLogValue.decode(ByteBuffer.wrap(theirs)));
    }

    @Test
    void defaultsTakeNoTaggedField() {
        TransactionLogValue plain = new TransactionLogValue(TransactionIdentity.of(9, (short) 0), 1,
                TransactionStatus.EMPTY, null, 3, TransactionLogValue.NO_TIMESTAMP, TransactionHome.REMOTE,
                TransactionLogValue.NO_FIRST_OFFSETS);
        byte[] theirs = toVersionPrefixedBytes((short) 1,
                new org.apache.kafka.coordinator.transaction.generated.TransactionLogValue().setProducerId(9)
                        .setTransactionTimeoutMs(1).setTransactionPartitions(null).setTransactionLastUpdateTimestampMs(
                                3)
                        .setTransactionStartTimestampMs(-1));
        assertArrayEquals(theirs, Cuts.bytes(plain.encode()));
        assertEquals(plain, TransactionLogValue.decode(ByteBuffer.wrap(theirs)));
        assertEquals(0, plain.partitionCount());
    }

    @Test
    void kafkaSkipsSemelsOwnFields() {
        ByteBuffer ours = DECISION.encode();
        var theirs = new org.apache.kafka.coordinator.transaction.generated.TransactionLogValue(
                new ByteBufferAccessor(ours), ours.getShort());
        assertEquals(List.of(10_000, 10_001), theirs.unknownTaggedFields().stream().map(RawTaggedField::tag).toList());
        theirs.unknownTaggedFields().clear();
        assertEquals(theirs(), theirs);
        assertEquals(DECISION, TransactionLogValue.decode(DECISION.encode()));
    }

    @Test
    void unknownTaggedFieldsAreSkipped() {
        var theirs = theirs();
        theirs.unknownTaggedFields().add(new RawTaggedField(99, new byte[] {1, 2, 3}));
        theirs.unknownTaggedFields().add(new RawTaggedField(20_000, new byte[200]));
        assertEquals(AS_KAFKA_KNOWS_IT,
                TransactionLogValue.decode(ByteBuffer.wrap(toVersionPrefixedBytes((short) 1, theirs))));
    }

    @Test
    void versionZeroIsRead() {
        var theirs = theirs().setPreviousProducerId(-1).setNextProducerId(-1).setNextProducerEpoch((short) -1)
                .setClientTransactionVersion((short) 0);
        TransactionLogValue read = TransactionLogValue.decode(ByteBuffer.wrap(
                toVersionPrefixedBytes((short) 0, theirs)));
        assertEquals(TransactionIdentity.of(41, (short) 2), read.identity());
        assertEquals(TOPICS, read.topics());
    }

    @Test
    void statusesHaveKafkasNumbers() {
        for (TransactionState state : TransactionState.values()) {
            assertEquals(state.id(), TransactionStatus.valueOf(state.name()).id());
        }
        assertEquals(TransactionState.values().length + 1, TransactionStatus.values().length, "and PREPARED");
        assertEquals(TransactionState.ONGOING.id(), TransactionStatus.PREPARED.id());
    }

    @Test
    void preparedIsOngoingToKafkaAndReadAgainAsPrepared() {
        TransactionLogValue prepared = new TransactionLogValue(IDENTITY, 60_000, TransactionStatus.PREPARED, TOPICS,
                2_000, 1_000, TransactionHome.EMBEDDED, new long[] {10, 11, 7});
        ByteBuffer ours = prepared.encode();
        var theirs = new org.apache.kafka.coordinator.transaction.generated.TransactionLogValue(
                new ByteBufferAccessor(ours), ours.getShort());
        assertEquals(TransactionState.ONGOING.id(), theirs.transactionStatus());
        assertEquals(prepared, TransactionLogValue.decode(prepared.encode()));
        assertEquals(TransactionStatus.PREPARED, TransactionLogValue.decode(prepared.encode()).status());
        Cuts.everyCutAndEveryFlipIsTyped(prepared.encode(), TransactionLogValue::decode);
    }

    @Test
    void firstOffsetsAreOnePerPartition() {
        assertThrows(IllegalArgumentException.class, () -> new TransactionLogValue(IDENTITY, 1,
                TransactionStatus.PREPARE_COMMIT, TOPICS, 2, 1, TransactionHome.EMBEDDED, new long[] {1, 2}));
    }

    @Test
    void longListsOfFirstOffsetsSurvive() {
        int[] partitions = new int[500];
        long[] offsets = new long[500];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = i;
            offsets[i] = i * 1_000_003L;
        }
        TransactionLogValue wide = new TransactionLogValue(IDENTITY, 1, TransactionStatus.PREPARE_ABORT,
                List.of(new TransactionTopic("wide", partitions)), 2, 1, TransactionHome.EMBEDDED, offsets);
        assertArrayEquals(offsets, TransactionLogValue.decode(wide.encode()).firstOffsets());
    }

    @Test
    void damageIsTyped() {
        Cuts.everyCutAndEveryFlipIsTyped(new TransactionLogKey("tx").encode(), TransactionLogKey::decode);
        Cuts.everyCutAndEveryFlipIsTyped(DECISION.encode(), TransactionLogValue::decode);
        Cuts.everyCutAndEveryFlipIsTyped(AS_KAFKA_KNOWS_IT.encode(), TransactionLogValue::decode);
    }

    private static org.apache.kafka.coordinator.transaction.generated.TransactionLogValue theirs() {
        return new org.apache.kafka.coordinator.transaction.generated.TransactionLogValue().setProducerId(41)
                .setProducerEpoch((short) 2).setPreviousProducerId(40).setNextProducerId(42)
                .setNextProducerEpoch((short) 1).setClientTransactionVersion((short) 2).setTransactionTimeoutMs(60_000)
                .setTransactionStatus((byte) 2).setTransactionLastUpdateTimestampMs(2_000)
                .setTransactionStartTimestampMs(1_000)
                .setTransactionPartitions(List.of(
                        new PartitionsSchema().setTopic("orders").setPartitionIds(List.of(0, 5)),
                        new PartitionsSchema().setTopic("__consumer_offsets").setPartitionIds(List.of(0))));
    }
}
