package io.semel.transactions.coordinator;

/** How far a step of the coordinator came. */
public enum Progress {
    /** Finished, and acknowledged. */
    DONE,
    /** Waits for another thread or for an acknowledgement: idle shortly and step again. */
    PENDING,
    /** A newer instance of the transactional id exists, or the transaction timed out; this one is over. */
    FENCED,
    /** The call does not fit the transaction's state. */
    INVALID_STATE,
    /** A partition that is needed is offline or closed; what was decided is carried out when it is back. */
    UNAVAILABLE
}
