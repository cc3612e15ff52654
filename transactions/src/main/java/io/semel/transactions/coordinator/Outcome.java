package io.semel.transactions.coordinator;

/** What became of a transaction, as far as its own instance can know. */
public enum Outcome {
    /** Every record and offset of it is visible, or will be without anybody's doing. */
    COMMITTED,
    /** Nothing of it is ever visible to committed readers. */
    ABORTED,
    /** It is open, or nothing was begun: its owner may still commit or abort it. */
    UNDECIDED,
    /**
     * Its commit is decided and not acknowledged: only the next acknowledgement, or the next opening, tells. Or it was
     * prepared, and somebody else decides: a newer instance or an operator.
     */
    UNKNOWN
}
