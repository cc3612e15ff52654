package io.semel.verify.disk;

import io.semel.log.compaction.CompactionGuide;

/**
 * Answers what compaction asks the owner of a log, from the model. What it was told to forget of aborted transactions
 * it answers no more, as the owner's list does.
 *
 * <p>Thread rule: one thread.
 */
final class ModelGuide implements CompactionGuide {
    private final LogModel model;
    private ModelTransactions transactions;
    private long abortsListedFrom;

    ModelGuide(LogModel model) {
        this.model = model;
    }

    /** The model moved on. */
    void look() {
        transactions = model.transactions();
    }

    @Override
    public long stableOffset() {
        return transactions.stableOffset();
    }

    @Override
    public boolean isAborted(long producerId, long offset) {
        int index = model.indexHolding(offset);
        return index < transactions.count() && transactions.isAborted(index)
                && isListed(model.batch(transactions.markerOf(index)));
    }

    /** Whether the transaction that this marker aborted is on the list. */
    boolean isListed(LogModel.Batch marker) {
        return marker.baseOffset >= abortsListedFrom;
    }

    @Override
    public long rememberedFrom(long producerId) {
        return transactions.rememberedFrom(producerId);
    }

    @Override
    public void abortedDataGone(long belowOffset) {
        abortsListedFrom = Math.max(abortsListedFrom, belowOffset);
    }
}
