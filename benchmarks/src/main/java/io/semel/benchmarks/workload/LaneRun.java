package io.semel.benchmarks.workload;

import java.util.Map;
import java.util.TreeMap;

/**
 * A writer and a reader on cores of their own, and the clock from the first write to the last read.
 *
 * <p>Both are threads of their own: threads that a contender starts inherit the affinity of the thread that opens it,
 * and must be free to run wherever there is room. Thread rule: one thread runs it, once.
 */
final class LaneRun {
    private static final int WRITER_CORE = 0;

    private final Lane lane;
    private final long operations;
    private final Writing writing;
    private volatile Throwable failure;
    private boolean pinned;

    /** What the writing thread does. */
    @FunctionalInterface
    interface Writing {
        /** Writes the records from {@code first} to before {@code end}; called again and again, in order. */
        void write(Lane lane, long first, long end);
    }

    LaneRun(Lane lane, long operations, Writing writing) {
        this.lane = lane;
        this.operations = operations;
        this.writing = writing;
    }

    Map<String, Long> run(ReadingThread.Timing timing, Stopwatch stopwatch) throws InterruptedException {
        ReadingThread reader = ReadingThread.start(lane, operations, timing);
        try {
            Thread writer = new Thread(() -> write(reader, stopwatch), "writer");
            writer.start();
            writer.join();
            if (failure != null) {
                throw new IllegalStateException("the writer failed", failure);
            }
            reader.join();
            stopwatch.stop();
        } finally {
            reader.abandon();
        }
        reader.verify();
        Map<String, Long> figures = new TreeMap<>();
        if (timing == ReadingThread.Timing.LATENCY) {
            figures.putAll(Latencies.figures(reader.latencies()));
        }
        figures.put("pinned", pinned && reader.isPinned() ? 1L : 0L);
        return figures;
    }

    private void write(ReadingThread reader, Stopwatch stopwatch) {
        try {
            pinned = Pinning.pin(WRITER_CORE);
            lane.startWriting();
            stopwatch.start();
            for (long first = 0; first < operations; first += Workload.CHUNK) {
                writing.write(lane, first, Math.min(operations, first + Workload.CHUNK));
                reader.requireAlive();
            }
            lane.finish();
        } catch (Throwable e) {
            failure = e;
        }
    }
}
