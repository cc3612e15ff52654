package io.semel.server.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Holds work to a number of steps per second. Thread rule: one thread. */
final class Pace {
    /** Shorter naps cost more than they wait. */
    private static final long SHORTEST_NAP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final double stepNs;
    private double dueNs;

    private Pace(double stepNs) {
        this.stepNs = stepNs;
        this.dueNs = System.nanoTime();
    }

    /** @param stepsPerSecond 0 for as fast as it goes */
    static Pace of(double stepsPerSecond) {
        return new Pace(stepsPerSecond <= 0 ? 0 : 1e9 / stepsPerSecond);
    }

    void step() {
        if (stepNs == 0) {
            return;
        }
        double nowNs = System.nanoTime();
        // What was missed while there was nothing to do is not made up for.
        dueNs = Math.max(dueNs + stepNs, nowNs);
        double leftNs = dueNs - nowNs;
        while (leftNs >= SHORTEST_NAP_NS) {
            LockSupport.parkNanos((long) leftNs);
            leftNs = dueNs - System.nanoTime();
        }
    }
}
