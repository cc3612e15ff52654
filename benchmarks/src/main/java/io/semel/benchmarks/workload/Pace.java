package io.semel.benchmarks.workload;

import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

/**
 * When each piece of work is to begin, and how long after that it was done. With a schedule, work that begins late
 * because the work before it took long is charged for the wait; without one, a piece is to begin when the last one is
 * done.
 *
 * <p>Thread rule: one thread. It begins with the first piece.
 */
public final class Pace {
    private static final long UNSCHEDULED = 0;

    private final long intervalNs;
    private final Histogram latencies;
    private boolean begun;
    private long intendedNs;

    private Pace(long intervalNs, Histogram latencies) {
        this.intervalNs = intervalNs;
        this.latencies = latencies;
    }

    /** As quickly as it goes. */
    public static Pace unscheduled(Histogram latencies) {
        return new Pace(UNSCHEDULED, latencies);
    }

    /** Each an equal time after the other. */
    public static Pace perSecond(double count, Histogram latencies) {
        return new Pace(Math.max(1, (long) (TimeUnit.SECONDS.toNanos(1) / count)), latencies);
    }

    /** Returns when the next piece is to begin, or at once when that has passed. */
    public void await() {
        if (!begun) {
            begun = true;
            intendedNs = System.nanoTime();
        }
        if (intervalNs != UNSCHEDULED) {
            while (System.nanoTime() - intendedNs < 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** The piece that was awaited is done. */
    public void done() {
        long nowNs = System.nanoTime();
        Latencies.note(latencies, nowNs - intendedNs);
        intendedNs = intervalNs == UNSCHEDULED ? nowNs : intendedNs + intervalNs;
    }
}
