package io.semel.benchmarks.workload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Measures what lies between start and stop, and remembers when that was. Thread rule: one thread. */
public final class Stopwatch {
    private final List<Window> windows = new ArrayList<>();
    private Instant startedAt;
    private long startNs;
    private long elapsedNs;

    /** A time span that was measured, both ends inclusive. */
    public record Window(Instant start, Instant end) {
        public boolean contains(Instant time) {
            return !time.isBefore(start) && !time.isAfter(end);
        }
    }

    public void start() {
        startedAt = Instant.now();
        startNs = System.nanoTime();
    }

    public void stop() {
        elapsedNs += System.nanoTime() - startNs;
        windows.add(new Window(startedAt, Instant.now()));
    }

    /** The sum over all windows. */
    public long elapsedNs() {
        return elapsedNs;
    }

    public List<Window> windows() {
        return windows;
    }
}
