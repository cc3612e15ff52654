package io.semel.client.producer;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Where a producer stands with its transactions, and where it may go from there. */
enum TransactionState {
    /** The producer has no transactional id. */
    NOT_TRANSACTIONAL,
    UNINITIALIZED,
    INITIALIZING,
    READY,
    IN_TRANSACTION,
    /**
     * What was sent before is settled first; whatever of it is lost forbids the commit, and so does a close that came
     * first.
     */
    COMMITTING,
    /** The coordinator has the commit, and only its answer says what became of it. */
    DECIDING,
    ABORTING,
    /** Something of the transaction was lost: it can only be aborted. */
    ABORTABLE_ERROR,
    /** The producer is fenced, or does not know any more what became of its transaction. */
    FATAL_ERROR;

    private static final Map<TransactionState, Set<TransactionState>> NEXT = new EnumMap<>(Map.of(
            NOT_TRANSACTIONAL, Set.of(),
            UNINITIALIZED, Set.of(INITIALIZING, FATAL_ERROR),
            INITIALIZING, Set.of(READY, FATAL_ERROR),
            READY, Set.of(IN_TRANSACTION, FATAL_ERROR),
            IN_TRANSACTION, Set.of(COMMITTING, ABORTING, ABORTABLE_ERROR, FATAL_ERROR),
            COMMITTING, Set.of(DECIDING, ABORTING, ABORTABLE_ERROR, FATAL_ERROR),
            DECIDING, Set.of(READY, ABORTABLE_ERROR, FATAL_ERROR),
            ABORTING, Set.of(READY, FATAL_ERROR),
            ABORTABLE_ERROR, Set.of(ABORTING, FATAL_ERROR),
            FATAL_ERROR, Set.of()));

    boolean canBecome(TransactionState next) {
        return NEXT.get(this).contains(next);
    }
}
