package io.semel.benchmarks.workload.variants;

import java.util.concurrent.atomic.AtomicLongArray;

/** A long alone in its cache lines: 128 bytes on either side. Thread rule: as each method's memory order says. */
final class SharedCounter {
    private static final int PADDING = 16;

    private final AtomicLongArray cells = new AtomicLongArray(2 * PADDING + 1);

    long getAcquire() {
        return cells.getAcquire(PADDING);
    }

    void setRelease(long value) {
        cells.setRelease(PADDING, value);
    }

    boolean compareAndSet(long expected, long value) {
        return cells.compareAndSet(PADDING, expected, value);
    }

    long getAndAdd(long delta) {
        return cells.getAndAdd(PADDING, delta);
    }
}
