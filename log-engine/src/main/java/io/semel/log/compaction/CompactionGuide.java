package io.semel.log.compaction;

/**
 * What the owner of a log knows about its transactions and producers; it decides what compaction may take away.
 *
 * <p>Thread rule: called by the thread that compacts, beside everything else. Answers may be late in one direction: what is
 * decided stays decided, and what is remembered moves on.
 */
public interface CompactionGuide {
    /** For a log in which nobody has transactions. */
    CompactionGuide NO_TRANSACTIONS = new WithoutTransactions();

    /** Every transaction that began below this offset is decided. It never goes back. */
    long stableOffset();

    /** Whether the batch of {@code producerId} at {@code offset}, below the stable offset, belongs to an aborted transaction. */
    boolean isAborted(long producerId, long offset);

    /**
     * The first offset of what must still be found of a producer when its state is folded from the log: the batches by which
     * its retries are recognised, and its last batch or marker (I3, L4). {@link Long#MAX_VALUE} when it is forgotten.
     */
    long rememberedFrom(long producerId);

    /**
     * Nobody can meet data of transactions that were aborted below this offset any more, so the list of them need not name
     * them; and must not, because their markers go after this call, and a client takes what follows in the list's name for
     * aborted until a marker comes (T9).
     */
    void abortedDataGone(long belowOffset);

    /** Knows no transaction and no producer. */
    final class WithoutTransactions implements CompactionGuide {
        private WithoutTransactions() {
        }

        @Override
        public long stableOffset() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean isAborted(long producerId, long offset) {
            return false;
        }

        @Override
        public long rememberedFrom(long producerId) {
            return Long.MAX_VALUE;
        }

        @Override
        public void abortedDataGone(long belowOffset) {
        }
    }
}
