package io.semel.verify.disk;

import java.nio.ByteBuffer;

import io.semel.log.LogFold;
import io.semel.log.batch.RecordBatchView;

/**
 * Compares every batch that a log folds with the model, byte by byte, and hashes what it is shown. It never throws: a
 * running log would take that for a failure of its own.
 *
 * <p>Thread rule: one thread.
 */
final class ModelFold implements LogFold {
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private final LogModel model;
    private int count;
    private long hash;
    private String mismatch = "";
    private boolean isPartial;
    /** It goes on from a snapshot. */
    private boolean isRestored;

    ModelFold(LogModel model) {
        this.model = model;
    }

    @Override
    public void apply(RecordBatchView batch, long position) {
        hash = Long.rotateLeft(hash ^ batch.baseOffset() ^ (long) batch.crc() << 20, 27) * PRIME + batch.nextOffset();
        if (mismatch.isEmpty()) {
            boolean changed = skipsWhatIsGone(batch);
            mismatch = compare(batch);
            if (mismatch.isEmpty() && (changed || !isAsClaimed(batch))) {
                takeForPartial(batch);
            }
        }
        count++;
        if (mismatch.isEmpty() && !isPartial && !model.isFoldOf(count, hash)) {
            mismatch = "the fold's state after " + count + " batches is not what it was";
        }
    }

    /** Goes on from a snapshot. */
    void restore(int countThen, long hashThen) {
        count = countThen;
        hash = hashThen;
        isRestored = true;
        isPartial = !model.wasFoldOf(countThen, hashThen);
        if (isPartial && !model.wasPartiallySummed(countThen, hashThen)) {
            mismatch = "the fold's state in the snapshot, after " + countThen + " batches, is not what it was";
        }
    }

    /** The fold as its log has it: one that can be written down, or not. */
    LogFold forLog() {
        return model.isSummed() ? new SummedFold(this) : this;
    }

    /** Past batches of which compaction may have left nothing. */
    private boolean skipsWhatIsGone(RecordBatchView batch) {
        int before = count;
        while (model.compacts() && count < model.claimedCount() && model.batch(count).baseOffset < batch.baseOffset()
                && model.batch(count).endOffset <= model.compactionCeiling()) {
            count++;
        }
        return count > before;
    }

    private boolean isAsClaimed(RecordBatchView batch) {
        return !model.compacts() || difference(model.batch(count), batch, count).isEmpty();
    }

    private void takeForPartial(RecordBatchView batch) {
        isPartial = true;
        if (isRestored) {
            mismatch = "at or before batch " + count + ", offset " + batch.baseOffset()
                    + ", something was compacted that the checkpoint does not sum up from which its fold goes on";
        }
    }

    /** It is being written down. */
    void summed() {
        if (isPartial) {
            model.partiallySummed(count, hash);
        }
    }

    private String compare(RecordBatchView batch) {
        if (count >= model.claimedCount()) {
            return "batch " + count + " at offset " + batch.baseOffset() + " is there, and only "
                    + model.claimedCount() + " were claimed";
        }
        return model.difference(batch, count);
    }

    /** What a batch has that it should not have; empty when it is as claimed. */
    static String difference(LogModel.Batch expected, RecordBatchView batch, int number) {
        ByteBuffer actual = batch.buffer().slice(batch.position(), batch.sizeInBytes());
        int at = actual.mismatch(expected.bytes());
        return at < 0 ? "" : "batch " + number + " at offset " + batch.baseOffset() + " is not the one of "
                + expected.bytes().capacity() + " bytes that was claimed at offset " + expected.baseOffset
                + "; the first byte that differs is " + at + " of " + actual.capacity();
    }

    /** Whether it was fed what compaction left: then its state is not the one that it was. */
    boolean isPartial() {
        return isPartial;
    }

    LogModel model() {
        return model;
    }

    int count() {
        return count;
    }

    long hash() {
        return hash;
    }

    /** @throws ViolationException if anything differed */
    void requireNoMismatch() {
        if (!mismatch.isEmpty()) {
            throw new ViolationException("L2", mismatch);
        }
    }
}
