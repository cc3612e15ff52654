package io.semel.transactions.groups;

/**
 * One group's offset of one partition. The record with the highest log offset decides, a deletion as well as a commit;
 * a transactional one takes part when its transaction has committed. Used under the pen of {@link CommittedOffsets}.
 */
final class OffsetSlot {

    private CommittedOffset committed = CommittedOffset.NONE;
    /** Log offset of the record that decided last; kept for a deletion too, else an older commit could come back. */
    private long decidedAt = CommittedOffset.NO_OFFSET;
    private int pendingTransactions;

    /** @param next {@link CommittedOffset#NONE} for a deletion */
    void decide(CommittedOffset next, long logOffset) {
        if (logOffset > decidedAt) {
            committed = next;
            decidedAt = logOffset;
        }
    }

    void stage() {
        pendingTransactions++;
    }

    void unstage() {
        pendingTransactions--;
    }

    boolean isPending() {
        return pendingTransactions > 0;
    }

    boolean isForgettable() {
        return !committed.isPresent() && pendingTransactions == 0;
    }

    CommittedOffset committed() {
        return committed;
    }
}
