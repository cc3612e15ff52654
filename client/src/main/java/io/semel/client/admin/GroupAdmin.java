package io.semel.client.admin;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Consumer groups, their members and their offsets.
 *
 * <p>Thread rule: any thread. Calls return when what they did is acknowledged.
 */
public interface GroupAdmin {
    /**
     * A group.
     *
     * @param state by Kafka's names: Empty, PreparingRebalance, CompletingRebalance, Stable, Dead
     */
    record GroupSummary(String group, String state, String protocolType) {
    }

    /**
     * A member of a group.
     *
     * @param partitions what is assigned to it
     */
    record MemberDescription(String memberId, String clientId, List<TopicPartition> partitions) {
    }

    /** A group with its members. */
    record GroupDetails(String group, String state, int generation, List<MemberDescription> members) {
    }

    /**
     * How far a group is behind in a partition.
     *
     * @param stable  how far a committed reader gets; {@link #UNKNOWN} when the partition is gone or offline
     * @param records that a committed reader still has before it: 0 once it was handed all of them, since markers and
     *                aborted records are none (Kafka counts them). Past a million batches the rest is counted by
     *                offsets, and may be too high. {@link #UNKNOWN} like {@code stable}
     * @param pending whether an open transaction holds another offset of the group for it
     */
    record GroupLag(OffsetAndMetadata committed, long stable, long records, boolean pending) {
        public static final long UNKNOWN = -1;
    }

    List<GroupSummary> listGroups();

    /** @throws org.apache.kafka.common.errors.GroupIdNotFoundException when there is none */
    GroupDetails describeGroup(String group);

    /** What the group has committed; empty when nothing. Offsets staged in open transactions are not in it. */
    Map<TopicPartition, OffsetAndMetadata> groupOffsets(String group);

    /**
     * Sets the offsets of a group without members.
     *
     * @throws org.apache.kafka.common.errors.GroupNotEmptyException when it has members
     */
    void resetGroupOffsets(String group, Map<TopicPartition, OffsetAndMetadata> offsets);

    /**
     * Deletes a group without members, with its offsets.
     *
     * @throws org.apache.kafka.common.errors.GroupNotEmptyException   when it has members
     * @throws org.apache.kafka.common.errors.GroupIdNotFoundException when there is none
     */
    void deleteGroup(String group);

    /**
     * Deletes offsets of a group without members; a partition for which it has none is no error. The group stays.
     *
     * @throws org.apache.kafka.common.errors.GroupNotEmptyException   when it has members
     * @throws org.apache.kafka.common.errors.GroupIdNotFoundException when there is none
     */
    void deleteGroupOffsets(String group, Set<TopicPartition> partitions);

    /** Of every partition for which the group has committed an offset, by name; empty when it has none. */
    Map<TopicPartition, GroupLag> groupLag(String group);
}
