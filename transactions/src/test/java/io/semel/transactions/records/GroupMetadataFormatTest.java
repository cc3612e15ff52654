package io.semel.transactions.records;

import java.nio.ByteBuffer;
import java.util.List;

import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.junit.jupiter.api.Test;

import static org.apache.kafka.common.protocol.MessageUtil.toCoordinatorTypePrefixedBytes;
import static org.apache.kafka.common.protocol.MessageUtil.toVersionPrefixedBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** Both directions against Kafka's own generated classes. */
class GroupMetadataFormatTest {

    private static final GroupMetadataMember DYNAMIC = new GroupMetadataMember("m-1", null, "client", "/127.0.0.1",
            60_000, 45_000, new byte[] {1, 2}, new byte[] {});
    private static final GroupMetadataMember FIXED = new GroupMetadataMember("m-2", "instance", "client", "host", 5, 6,
            new byte[] {}, new byte[300]);
    private static final GroupMetadataValue VALUE = new GroupMetadataValue("consumer", 12, "range", "m-1", 77,
            List.of(DYNAMIC, FIXED));

    @Test
    void keyHasKafkasBytes() {
        byte[] theirs = toCoordinatorTypePrefixedBytes(
                new org.apache.kafka.coordinator.group.generated.GroupMetadataKey().setGroup("g"));
        assertArrayEquals(theirs, Cuts.bytes(new GroupMetadataKey("g").encode()));
        assertEquals(new GroupMetadataKey("g"), GroupMetadataKey.decode(ByteBuffer.wrap(theirs)));
        assertEquals(OffsetsRecordType.GROUP_METADATA, OffsetsRecordType.of(ByteBuffer.wrap(theirs)));
    }

    @Test
    void valueIsWrittenAsKafkasVersion3() {
        assertArrayEquals(toVersionPrefixedBytes((short) 3, theirs()), Cuts.bytes(VALUE.encode()));
    }

    @Test
    void kafkaReadsWhatIsWritten() {
        ByteBuffer ours = VALUE.encode();
        assertEquals(theirs(), new org.apache.kafka.coordinator.group.generated.GroupMetadataValue(
                new ByteBufferAccessor(ours), ours.getShort()));
    }

    @Test
    void everyVersionIsRead() {
        for (short version = 0; version <= 4; version++) {
            GroupMetadataValue read = GroupMetadataValue.decode(ByteBuffer.wrap(
                    toVersionPrefixedBytes(version, theirs())));
            assertEquals(12, read.generation());
            assertEquals("range", read.protocol());
            assertEquals(version >= 2 ? 77 : GroupMetadataValue.NO_TIMESTAMP, read.currentStateTimestampMs());
            GroupMetadataMember second = read.members().get(1);
            assertEquals(version >= 3 ? "instance" : null, second.groupInstanceId());
            assertEquals(version >= 1 ? 5 : GroupMetadataMember.NO_TIMEOUT, second.rebalanceTimeoutMs());
            assertEquals(300, second.assignment().length);
        }
    }

    @Test
    void anEmptyGenerationHasNoProtocolAndNoLeader() {
        GroupMetadataValue empty = new GroupMetadataValue("consumer", 3, null, null, 1, List.of());
        GroupMetadataValue read = GroupMetadataValue.decode(empty.encode());
        assertNull(read.protocol());
        assertNull(read.leader());
        assertEquals(empty, read);
    }

    @Test
    void damageIsTyped() {
        Cuts.everyCutAndEveryFlipIsTyped(new GroupMetadataKey("group").encode(), GroupMetadataKey::decode);
        Cuts.everyCutAndEveryFlipIsTyped(VALUE.encode(), GroupMetadataValue::decode);
        Cuts.everyCutAndEveryFlipIsTyped(ByteBuffer.wrap(toVersionPrefixedBytes((short) 4, theirs())),
                GroupMetadataValue::decode);
    }

    private static org.apache.kafka.coordinator.group.generated.GroupMetadataValue theirs() {
        return new org.apache.kafka.coordinator.group.generated.GroupMetadataValue().setProtocolType("consumer")
                .setGeneration(12).setProtocol("range").setLeader("m-1").setCurrentStateTimestamp(77)
                .setMembers(List.of(theirs(DYNAMIC), theirs(FIXED)));
    }

    private static MemberMetadata theirs(GroupMetadataMember member) {
        return new MemberMetadata().setMemberId(member.memberId()).setGroupInstanceId(member.groupInstanceId())
                .setClientId(member.clientId()).setClientHost(member.clientHost())
                .setRebalanceTimeout(member.rebalanceTimeoutMs()).setSessionTimeout(member.sessionTimeoutMs())
                .setSubscription(member.subscription()).setAssignment(member.assignment());
    }
}
