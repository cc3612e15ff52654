package io.semel.transactions.groups;

import java.util.UUID;

import io.semel.transactions.records.OffsetCommitValue;

/**
 * The offset of the next record that a group wants of one partition.
 *
 * @param metadata the committer's own note, may be empty
 * @param topicId  {@link OffsetCommitValue#NO_TOPIC_ID} if the committer does not know it
 */
public record OffsetToCommit(String topic, int partition, long offset, int leaderEpoch, String metadata, UUID topicId) {

    public static OffsetToCommit of(String topic, int partition, long offset) {
        return new OffsetToCommit(topic, partition, offset, OffsetCommitValue.NO_LEADER_EPOCH, "",
                OffsetCommitValue.NO_TOPIC_ID);
    }

    boolean isWellFormed() {
        return offset >= 0 && partition >= 0 && GroupLimits.isName(topic) && metadata != null && topicId != null;
    }
}
