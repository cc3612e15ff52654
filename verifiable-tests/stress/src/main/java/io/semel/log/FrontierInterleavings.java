package io.semel.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.HeapDisk;

/**
 * L7: in every interleaving, whatever is published is behind the frontier once all are done, each folded once and
 * before.
 */
public class FrontierInterleavings {
    private static final int MOST_BATCHES = 8;
    private static final int CAPACITY_BYTES = 1024;
    private static final int BATCH_BYTES = SmallLog.ONE_RECORD.remaining();

    private final Frontier frontier;
    private final AtomicInteger claimed = new AtomicInteger();
    private int folded;
    private boolean passedUnfolded;

    /** Over batches that are filled already, so that few steps are left but the frontier's own. */
    public FrontierInterleavings() {
        SegmentChain chain;
        try {
            chain = SegmentChain.open(new HeapDisk(CAPACITY_BYTES), Path.of(""), LogConfig.DEFAULT, List.of(),
                    SegmentUse.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer buffer = chain.active().buffer();
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            buffer.put(batch * BATCH_BYTES, SmallLog.ONE_RECORD, 0, BATCH_BYTES);
            buffer.putLong(batch * BATCH_BYTES, batch);
        }
        frontier = new Frontier(chain, this::fold);
        frontier.prepare();
    }

    private void fold(RecordBatchView batch, long position) {
        passedUnfolded |= frontier.offset() > batch.baseOffset();
        folded++;
    }

    @Operation
    public void append() {
        int from = claimed.getAndIncrement() * BATCH_BYTES;
        frontier.publishAndAdvance(from, from + BATCH_BYTES);
    }

    @Validate
    public void nobodyIsLeftBehind() {
        if (frontier.offset() != claimed.get() || folded != claimed.get() || passedUnfolded) {
            throw new IllegalStateException(frontier + " claimed=" + claimed + " folded=" + folded + " passedUnfolded="
                    + passedUnfolded);
        }
    }
}
