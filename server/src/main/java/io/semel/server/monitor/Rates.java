package io.semel.server.monitor;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a total grows. Nobody pays for it but who looks: of late is what came since a look that lies one to two
 * windows back, or further if nobody looked in between.
 *
 * <p>Thread rule: any thread.
 */
final class Rates {
    private static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);
    private static final double NANOS_PER_SECOND = 1_000_000_000;

    private final LongSupplier total;
    private final Mark first;
    private Mark older;
    private Mark newer;

    private record Mark(long atNs, long total) {
    }

    Rates(LongSupplier total) {
        this.total = total;
        this.first = new Mark(System.nanoTime(), total.getAsLong());
        this.older = first;
        this.newer = first;
    }

    /** Per second, since the beginning. */
    double mean() {
        return between(first, new Mark(System.nanoTime(), total.getAsLong()));
    }

    /** Per second, of late. */
    synchronized double lately() {
        Mark now = new Mark(System.nanoTime(), total.getAsLong());
        if (now.atNs - newer.atNs >= WINDOW_NS) {
            older = newer;
            newer = now;
        }
        return between(older, now);
    }

    private static double between(Mark from, Mark to) {
        long ns = to.atNs - from.atNs;
        return ns <= 0 ? 0 : (to.total - from.total) * NANOS_PER_SECOND / ns;
    }
}
