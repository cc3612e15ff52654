package io.semel.log.compaction;

/**
 * By what one pass over a log judges its records. The same for all of the pass.
 *
 * @param newest             the newest offsets of the keys in the part that was dirty
 * @param endOffset          everything from here on is left as it is; every transaction that began below is decided
 * @param guide              what the log's owner knows
 * @param nowMs              when the pass began
 * @param deleteRetentionMs  how long tombstones and markers stay after they are first found clean
 * @param abortsListedFrom   aborted transactions that ended below are on no list any more, so that their markers may go
 */
public record CleaningRules(OffsetMap newest, long endOffset, CompactionGuide guide, long nowMs,
        long deleteRetentionMs, long abortsListedFrom) {

    /** When what is first found clean now may go; never past what a clock can say. */
    long horizonMs() {
        return nowMs > Long.MAX_VALUE - deleteRetentionMs ? Long.MAX_VALUE : nowMs + deleteRetentionMs;
    }
}
