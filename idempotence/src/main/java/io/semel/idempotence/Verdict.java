package io.semel.idempotence;

/** What a partition says to a batch that carries a producer id. */
public enum Verdict {
    /** The batch is the next one of its producer. */
    ADMIT,
    /** One of the last five batches again: answered with its original offset, once that one is acknowledged. */
    DUPLICATE,
    /** Older than the last five: it was written once, but where is forgotten. */
    DUPLICATE_FORGOTTEN,
    /** Not the sequence that comes next; a batch before it was lost or overtaken. */
    GAP,
    /** A newer epoch of this producer exists. */
    FENCED,
    /** The producer id is not alive here, or its epoch was never handed out. */
    UNKNOWN
}
