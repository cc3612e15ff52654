package io.semel.transactions.groups;

/** What a reader of committed offsets wants to know about transactions that have not ended. */
public enum Stability {
    /** The last committed offset, whatever is pending. */
    ANY,
    /** A partition with a pending transactional offset answers UNSTABLE_OFFSET_COMMIT: its end is about to be known. */
    REQUIRED
}
