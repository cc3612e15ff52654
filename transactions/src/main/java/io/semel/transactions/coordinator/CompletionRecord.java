package io.semel.transactions.coordinator;

import io.semel.transactions.records.TransactionStatus;

/**
 * The journal's word that a decision is carried out everywhere; it only spares the next recovery work.
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class CompletionRecord {
    private final CoordinatorContext context;
    private boolean awaited;

    CompletionRecord(CoordinatorContext context) {
        this.context = context;
    }

    boolean isAwaited() {
        return awaited;
    }

    /** Whether its transaction must be put on the list of those whose completion is to be journaled. */
    boolean enlist() {
        boolean first = !awaited;
        awaited = true;
        return first;
    }

    void leaveList() {
        awaited = false;
    }

    /**
     * Journals the completion, if the id still stands there; a later decision says as much and more. None is journaled
     * when a marker never gets to the medium: recovery will need the decision to put it back (T1).
     */
    boolean write(Transaction transaction) {
        TransactionStatus status = transaction.status();
        if (status == TransactionStatus.COMPLETE_COMMIT || status == TransactionStatus.COMPLETE_ABORT) {
            Progress ended = transaction.progressOfEnded();
            if (ended == Progress.PENDING) {
                return false;
            }
            if (ended == Progress.DONE && context.journal().append(transaction.journalKey(), transaction.record(status),
                    context.now()) < 0) {
                return false;
            }
        }
        awaited = false;
        return true;
    }
}
