package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.UUID;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

import static org.apache.kafka.common.protocol.MessageUtil.toCoordinatorTypePrefixedBytes;
import static org.apache.kafka.common.protocol.MessageUtil.toVersionPrefixedBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Both directions against Kafka's own generated classes. */
class OffsetCommitFormatTest {

    private static final OffsetCommitKey KEY = new OffsetCommitKey("billing-ü", "orders", 7);
    private static final OffsetCommitValue VALUE = new OffsetCommitValue(1L << 40, 3, "note", 1_700_000_000_000L,
            new UUID(0x1122334455667788L, 0x99AABBCCDDEEFF00L));

    @Property(tries = 200)
    void keyHasKafkasBytes(@ForAll @StringLength(max = 300) String group, @ForAll @StringLength(max = 40) String topic,
            @ForAll int partition) {
        byte[] theirs = toCoordinatorTypePrefixedBytes(
                new org.apache.kafka.coordinator.group.generated.OffsetCommitKey()
                        .setGroup(group).setTopic(topic).setPartition(partition));
        OffsetCommitKey ours = new OffsetCommitKey(group, topic, partition);
        assertArrayEquals(theirs, Cuts.bytes(ours.encode()));
        OffsetCommitKey again = OffsetCommitKey.decode(ByteBuffer.wrap(theirs));
        assertArrayEquals(theirs, Cuts.bytes(again.encode()));
    }

    @Property(tries = 300)
    void valueIsReadInEveryVersion(@ForAll long offset, @ForAll int epoch, @ForAll @StringLength(max = 300) String note,
            @ForAll long timestampMs, @ForAll @IntRange(max = 4) int version) {
        byte[] theirs = toVersionPrefixedBytes((short) version, theirs(offset, epoch, note, timestampMs));
        OffsetCommitValue ours = OffsetCommitValue.decode(ByteBuffer.wrap(theirs));
        assertEquals(offset, ours.offset());
        assertEquals(version >= 3 ? epoch : OffsetCommitValue.NO_LEADER_EPOCH, ours.leaderEpoch());
        assertEquals(timestampMs, ours.commitTimestampMs());
        assertEquals(version >= 4 ? VALUE.topicId() : OffsetCommitValue.NO_TOPIC_ID, ours.topicId());
        if (version >= 3) {
            assertArrayEquals(theirs, Cuts.bytes(ours.encode()), "versions 3 and 4 are also the ones written");
        }
    }

    @Test
    void kafkaReadsWhatIsWrittenWithATopicId() {
        ByteBuffer ours = VALUE.encode();
        assertEquals(4, ours.getShort());
        var theirs = new org.apache.kafka.coordinator.group.generated.OffsetCommitValue(new ByteBufferAccessor(ours),
                (short) 4);
        assertEquals(theirs(VALUE.offset(), 3, "note", VALUE.commitTimestampMs()), theirs);
    }

    @Test
    void kafkaReadsWhatIsWrittenWithoutATopicId() {
        ByteBuffer ours = new OffsetCommitValue(5, -1, "", 6, OffsetCommitValue.NO_TOPIC_ID).encode();
        assertEquals(3, ours.getShort());
        var theirs = new org.apache.kafka.coordinator.group.generated.OffsetCommitValue(new ByteBufferAccessor(ours),
                (short) 3);
        assertEquals(5, theirs.offset());
        assertEquals(6, theirs.commitTimestamp());
    }

    @Test
    void aKeyOfTheOldestKindIsReadToo() {
        ByteBuffer bytes = KEY.encode().putShort(0, (short) 0);
        assertEquals(KEY, OffsetCommitKey.decode(bytes));
        assertEquals(OffsetsRecordType.OFFSET_COMMIT, OffsetsRecordType.of(bytes));
    }

    @Test
    void unknownKindsAreRefused() {
        ByteBuffer bytes = KEY.encode().putShort(0, (short) 4);
        assertThrows(CorruptRecordException.class, () -> OffsetsRecordType.of(bytes));
        assertThrows(CorruptRecordException.class, () -> OffsetCommitKey.decode(bytes));
    }

    @Test
    void damageIsTyped() {
        Cuts.everyCutAndEveryFlipIsTyped(KEY.encode(), OffsetCommitKey::decode);
        Cuts.everyCutAndEveryFlipIsTyped(VALUE.encode(), OffsetCommitValue::decode);
        Cuts.everyCutAndEveryFlipIsTyped(new OffsetCommitValue(1, 2, "x", 3, OffsetCommitValue.NO_TOPIC_ID).encode(),
                OffsetCommitValue::decode);
    }

    @Test
    void decodingLeavesTheGivenBufferWhereItWas() {
        ByteBuffer bytes = VALUE.encode();
        OffsetCommitValue.decode(bytes);
        assertEquals(0, bytes.position());
    }

    private static org.apache.kafka.coordinator.group.generated.OffsetCommitValue theirs(long offset, int epoch,
            String metadata, long timestampMs) {
        return new org.apache.kafka.coordinator.group.generated.OffsetCommitValue().setOffset(offset)
                .setLeaderEpoch(epoch).setMetadata(metadata).setCommitTimestamp(timestampMs).setTopicId(
                        new Uuid(VALUE.topicId().getMostSignificantBits(), VALUE.topicId().getLeastSignificantBits()));
    }
}
