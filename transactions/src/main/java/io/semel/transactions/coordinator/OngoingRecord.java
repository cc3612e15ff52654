package io.semel.transactions.coordinator;

import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionStatus;

/**
 * The journal's word that a remote producer has a transaction open: since when, and what it has joined. After a restart
 * the partitions tell what stands in them, but neither of these.
 *
 * <p>By the older rules it stands before a join is answered: what was added and not written to yet is known by nothing
 * else. By the newer ones it is written for a transaction that outlives a sweep, so a short one costs nothing.
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class OngoingRecord {
    /**
     * That much a restart adds at most to the time of a transaction, and once: it writes what is not written yet (T8).
     */
    static final long DUE_AFTER_MS = 1000;

    private static final long NOT_WRITTEN = -1;

    private final CoordinatorContext context;
    private long ticket = NOT_WRITTEN;
    private int joinedCount;
    private boolean owesEnd;
    private long refusal;

    OngoingRecord(CoordinatorContext context) {
        this.context = context;
    }

    /** Another transaction begins. */
    void clear() {
        ticket = NOT_WRITTEN;
        joinedCount = 0;
        owesEnd = false;
    }

    /** The journal's last record is one. */
    void recovered(int itsJoinedCount) {
        ticket = 0;
        joinedCount = itsJoinedCount;
        owesEnd = true;
    }

    /** The end must be on record, whatever there is to end: its epoch is over, and a restart must know. */
    void oweEnd() {
        owesEnd = true;
    }

    /**
     * Whether an end must be on record although it decides nothing: else a restart would find the transaction open
     * again.
     */
    boolean owesEnd() {
        return owesEnd;
    }

    /** Writes what is not on record yet; {@code DONE} once that is acknowledged. */
    Progress write(Transaction transaction) {
        if (ticket == NOT_WRITTEN || transaction.joined().count() > joinedCount) {
            Progress before = transaction.progressOfEnded();
            if (before != Progress.DONE) {
                return before;
            }
            long code = context.journal().append(transaction.journalKey(), transaction.record(
                    TransactionStatus.ONGOING), context.now());
            if (code < 0) {
                refusal = code;
                return DecisionJournal.isLasting(code) ? Progress.UNAVAILABLE : Progress.PENDING;
            }
            ticket = code;
            joinedCount = transaction.joined().count();
            owesEnd = true;
        }
        return context.journal().progressOf(ticket);
    }

    /** The background's: whether it wrote one, of an open transaction that a restart would otherwise give more time. */
    boolean writeIfDue(Transaction transaction) {
        if (ticket != NOT_WRITTEN || !transaction.beginning().isOlderThan(DUE_AFTER_MS)
                || transaction.owner().request().home() != TransactionHome.REMOTE) {
            return false;
        }
        write(transaction);
        return ticket != NOT_WRITTEN;
    }

    /** The last code with which the journal refused it; 0 when it did not. */
    long refusal() {
        return refusal;
    }
}
