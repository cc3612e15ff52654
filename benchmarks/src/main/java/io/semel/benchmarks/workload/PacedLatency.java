package io.semel.benchmarks.workload;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The time from when a record was to be sent to when the reading thread is shown it, at a fixed rate. A writer that
 * falls behind does not put off what follows: every record's time comes from the schedule, so a stall is charged to all
 * that wait.
 */
public final class PacedLatency implements Workload {
    private final long intervalNs;
    private final Lane.Opener opener;

    public PacedLatency(int recordsPerSecond, Lane.Opener opener) {
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / recordsPerSecond;
        this.opener = opener;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        try (Lane lane = opener.open(directory)) {
            return new LaneRun(lane, operations, new Schedule(intervalNs)).run(ReadingThread.Timing.LATENCY, stopwatch);
        }
    }

    /** When each record is to be sent; it begins with the first. */
    private static final class Schedule implements LaneRun.Writing {
        private final byte[] payload = Payload.create(Payload.SMALL);
        private final long intervalNs;
        private long startNs;

        Schedule(long intervalNs) {
            this.intervalNs = intervalNs;
        }

        @Override
        public void write(Lane lane, long first, long end) {
            if (first == 0) {
                startNs = System.nanoTime();
            }
            for (long number = first; number < end; number++) {
                long intendedNs = startNs + number * intervalNs;
                while (System.nanoTime() - intendedNs < 0) {
                    lane.idle();
                }
                Payload.number(payload, number);
                Payload.time(payload, intendedNs);
                lane.write(payload);
            }
        }
    }
}
