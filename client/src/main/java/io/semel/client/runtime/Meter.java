package io.semel.client.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Amounts that were added up, in all and of late. Adding costs a few nanoseconds; whoever looks pays for the rest: of
 * late is what came since a look that lies one to two windows back, or further if nobody looked in between.
 *
 * <p>Thread rule: any thread.
 */
public final class Meter {
    /** Kafka's {@code metrics.sample.window.ms} unless it is configured. */
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(30);

    private record Mark(long atNs, long sum, long count) {
    }

    private final LongAdder sum = new LongAdder();
    private final LongAdder count = new LongAdder();
    /** Guarded by this, like {@link #newer}; adding reads {@link #largest} alone. */
    private Mark older = new Mark(System.nanoTime(), 0, 0);
    private Mark newer = older;
    private volatile LongAccumulator largest = none();
    private LongAccumulator largestBefore = none();

    private static LongAccumulator none() {
        return new LongAccumulator(Math::max, Long.MIN_VALUE);
    }

    public void add(long amount) {
        sum.add(amount);
        count.increment();
        largest.accumulate(amount);
    }

    /** Everything, since the beginning. */
    public double total() {
        return sum.sum();
    }

    /** How often something was added, since the beginning. */
    public double times() {
        return count.sum();
    }

    /** Of late, counting a client that is younger than one window as that old, as Kafka does. */
    public synchronized double perSecond() {
        Mark now = look();
        return (double) (now.sum - older.sum) / Math.max(now.atNs - older.atNs, WINDOW_NS)
                * TimeUnit.SECONDS.toNanos(1);
    }

    /** How often something was added per second, of late. */
    public synchronized double timesPerSecond() {
        Mark now = look();
        return (double) (now.count - older.count) / Math.max(now.atNs - older.atNs, WINDOW_NS)
                * TimeUnit.SECONDS.toNanos(1);
    }

    /** Of what was added of late; NaN when that is nothing. */
    public synchronized double average() {
        Mark now = look();
        return now.count == older.count ? Double.NaN : (double) (now.sum - older.sum) / (now.count - older.count);
    }

    /** The largest amount of late; NaN when there is none. */
    public synchronized double max() {
        look();
        long max = Math.max(largest.get(), largestBefore.get());
        return max == Long.MIN_VALUE ? Double.NaN : max;
    }

    private Mark look() {
        Mark now = new Mark(System.nanoTime(), sum.sum(), count.sum());
        if (now.atNs - newer.atNs >= WINDOW_NS) {
            older = newer;
            newer = now;
            largestBefore = largest;
            largest = none();
        }
        return now;
    }
}
