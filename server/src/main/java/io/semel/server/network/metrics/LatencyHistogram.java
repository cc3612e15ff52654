package io.semel.server.network.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long things took, in buckets that double: adding is two additions that do not contend, and allocates nothing.
 *
 * <p>Thread rule: any thread. Who looks while others add sees sums that are a moment apart.
 */
public final class LatencyHistogram {
    /** The upper bound of the first bucket. */
    private static final long FIRST_NS = 125_000;

    /** The last but one ends above four minutes: longer than any wait that a client asks for as a rule. */
    private static final int BUCKETS = 22;

    private static final double NANOS_PER_SECOND = 1_000_000_000;

    private final LongAdder[] counts = new LongAdder[BUCKETS];
    private final LongAdder totalNs = new LongAdder();

    public LatencyHistogram() {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            counts[bucket] = new LongAdder();
        }
    }

    public void add(long tookNs) {
        counts[bucketOf(tookNs)].increment();
        totalNs.add(tookNs);
    }

    private static int bucketOf(long tookNs) {
        long doublings = (Math.max(1, tookNs) - 1) / FIRST_NS;
        return Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(doublings));
    }

    public static int buckets() {
        return BUCKETS;
    }

    /** Seconds that nothing in the bucket took longer than; of the last one infinity. */
    public static double upperBoundSeconds(int bucket) {
        return bucket == BUCKETS - 1 ? Double.POSITIVE_INFINITY : (FIRST_NS << bucket) / NANOS_PER_SECOND;
    }

    public long count(int bucket) {
        return counts[bucket].sum();
    }

    public long count() {
        long all = 0;
        for (LongAdder each : counts) {
            all += each.sum();
        }
        return all;
    }

    public double totalSeconds() {
        return totalNs.sum() / NANOS_PER_SECOND;
    }

    /**
     * Seconds that the given share took no longer than, as closely as the buckets tell; 0 when nothing was added.
     *
     * @param share 0 to 1
     */
    public double percentileSeconds(double share) {
        long[] snapshot = new long[BUCKETS];
        long all = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            snapshot[bucket] = counts[bucket].sum();
            all += snapshot[bucket];
        }
        double wanted = share * all;
        long below = 0;
        for (int bucket = 0; bucket < BUCKETS - 1; bucket++) {
            if (snapshot[bucket] > 0 && below + snapshot[bucket] >= wanted) {
                double from = bucket == 0 ? 0 : upperBoundSeconds(bucket - 1);
                double within = Math.max(0, wanted - below) / snapshot[bucket];
                return from + within * (upperBoundSeconds(bucket) - from);
            }
            below += snapshot[bucket];
        }
        return all == 0 ? 0 : upperBoundSeconds(BUCKETS - 2);
    }
}
