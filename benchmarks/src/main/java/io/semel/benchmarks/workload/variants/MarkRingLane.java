package io.semel.benchmarks.workload.variants;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.semel.benchmarks.workload.Lane;

/**
 * Publication marks and nothing else: one thread publishes batches of one size, another one follows with the frontier.
 * Dense marks share a cache line by eight, padded ones have a line each and a ring eight times as large.
 */
public final class MarkRingLane implements Lane {
    private static final VarHandle MARK = MethodHandles.arrayElementVarHandle(long[].class);

    /** As the log's. */
    private static final int CELLS = 8192;
    private static final int CELL_SHIFT = 6;

    /** A batch with one record of 100 bytes, in whole cells: positions advance by as many cells as in a log. */
    private static final int BATCH_BYTES = 3 << CELL_SHIFT;

    /** As many batches as a reader of the log takes at a time. */
    private static final int BATCHES_A_READ = 16;

    private final int spreadShift;
    private final long[] marks;
    private final SharedCounter frontier = new SharedCounter();
    private long claimed;
    private long read;
    private long number;

    /** Where the marks lie. */
    public enum Layout {
        DENSE(0), PADDED(3);

        private final int spreadShift;

        Layout(int spreadShift) {
            this.spreadShift = spreadShift;
        }
    }

    public MarkRingLane(Layout layout) {
        spreadShift = layout.spreadShift;
        marks = new long[CELLS << spreadShift];
    }

    @Override
    public void write(byte[] payload) {
        long position = claimed;
        while ((position >>> CELL_SHIFT) - (frontier.getAcquire() >>> CELL_SHIFT) >= CELLS) {
            Thread.onSpinWait();
        }
        claimed = position + BATCH_BYTES;
        MARK.setVolatile(marks, indexOf(position), claimed);
    }

    @Override
    public void finish() {
        // A mark that is set can be read.
    }

    @Override
    public int read(Sink sink) {
        long position = read;
        int batches = 0;
        while (batches < BATCHES_A_READ) {
            long end = (long) MARK.getAcquire(marks, indexOf(position));
            if (end <= position) {
                break;
            }
            sink.onRecord(number++, 0);
            position = end;
            batches++;
        }
        if (batches > 0) {
            read = position;
            frontier.setRelease(position);
        }
        return batches;
    }

    private int indexOf(long position) {
        return (int) (position >>> CELL_SHIFT & CELLS - 1) << spreadShift;
    }

    @Override
    public void close() {
        // Memory only.
    }
}
