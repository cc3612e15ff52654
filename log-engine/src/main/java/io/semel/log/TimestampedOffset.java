package io.semel.log;

/**
 * The answer to a search by timestamp: a record, when it says it was made, and the leader epoch of its batch.
 *
 * @param offset the record's offset, or -1 when there is no such record
 */
public record TimestampedOffset(long offset, long timestampMs, int leaderEpoch) {
    /** No record is that young. */
    public static final TimestampedOffset NONE = new TimestampedOffset(-1, -1, -1);
}
