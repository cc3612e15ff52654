package io.semel.transactions.groups;

import java.util.UUID;

import io.semel.transactions.records.OffsetCommitValue;

/**
 * What a group has committed for a partition.
 *
 * @param logOffset where the commit stands in {@code __consumer_offsets}: of two commits the higher one holds,
 *                  whichever became visible last
 */
public record CommittedOffset(long offset, int leaderEpoch, String metadata, long commitTimestampMs, UUID topicId,
        long logOffset) {

    public static final long NO_OFFSET = -1L;
    /** Nothing was ever committed, or it was deleted. */
    public static final CommittedOffset NONE = new CommittedOffset(NO_OFFSET, OffsetCommitValue.NO_LEADER_EPOCH, "",
            -1L, OffsetCommitValue.NO_TOPIC_ID, NO_OFFSET);

    static CommittedOffset of(OffsetCommitValue value, long logOffset) {
        return new CommittedOffset(value.offset(), value.leaderEpoch(), value.metadata(), value.commitTimestampMs(),
                value.topicId(), logOffset);
    }

    public boolean isPresent() {
        return offset != NO_OFFSET;
    }

    /**
     * Whether it is about the topic of this id, and not about an earlier one of that name; what tells no topic may be.
     */
    public boolean isOf(UUID topic) {
        return isOfAnyTopic() || topicId.equals(topic);
    }

    /** Committed by somebody who knew a name only, as Kafka's clients do. */
    public boolean isOfAnyTopic() {
        return topicId.equals(OffsetCommitValue.NO_TOPIC_ID);
    }
}
