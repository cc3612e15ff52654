package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.semel.log.SnapshotWriter;
import io.semel.log.SnapshottableFold;
import io.semel.log.batch.RecordBatchView;

/**
 * A {@link ModelFold} that can be written down, so that its log opens from checkpoints and may lose its head. What is
 * restored must be what the fold was after so many batches (L4).
 *
 * <p>Thread rule: one thread.
 */
final class SummedFold implements SnapshottableFold {
    private final ModelFold fold;

    SummedFold(ModelFold fold) {
        this.fold = fold;
    }

    @Override
    public void apply(RecordBatchView batch, long position) {
        fold.apply(batch, position);
    }

    @Override
    public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
        fold.summed();
        sink.putInt(fold.count()).putLong(fold.hash());
    }

    @Override
    public void restoreSnapshot(ByteBuffer source, Positions positions) throws IOException {
        fold.restore(source.getInt(), source.getLong());
    }
}
