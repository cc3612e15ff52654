package io.semel.verify.realdisk.worker;

import java.nio.ByteBuffer;

import io.semel.log.SnapshotWriter;
import io.semel.log.SnapshottableFold;
import io.semel.log.batch.RecordBatchView;

import static io.semel.verify.realdisk.worker.BrokenPromiseException.require;

/**
 * Folds a log into its end and a hash, so that it opens from checkpoints and may lose its head (L4). Thread rule: one
 * call at a time.
 */
final class CountedFold implements SnapshottableFold {
    private static final long PRIME = 0x100000001B3L;

    private long endOffset = -1;
    private long hash;

    static long plus(long hash, RecordBatchView batch) {
        return hash * PRIME + batch.crc() + batch.baseOffset();
    }

    @Override
    public void apply(RecordBatchView batch, long position) {
        require(endOffset < 0 || batch.baseOffset() == endOffset, "L4", "folded up to offset " + endOffset
                + ", and fed " + batch);
        endOffset = batch.nextOffset();
        hash = plus(hash, batch);
    }

    @Override
    public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
        sink.putLong(endOffset).putLong(hash);
    }

    @Override
    public void restoreSnapshot(ByteBuffer source, Positions positions) {
        endOffset = source.getLong();
        hash = source.getLong();
    }

    /** The offset after the last batch; -1 before the first. */
    long endOffset() {
        return endOffset;
    }

    long hash() {
        return hash;
    }
}
