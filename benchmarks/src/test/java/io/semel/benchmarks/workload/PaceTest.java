package io.semel.benchmarks.workload;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PaceTest {
    private static final long STALL_NS = 20_000_000;

    private final Histogram latencies = Latencies.histogram();

    @Test
    void aStallIsChargedToAllThatWaitedBehindIt() {
        Pace pace = Pace.perSecond(1_000, latencies);
        for (int i = 0; i < 10; i++) {
            pace.await();
            if (i == 0) {
                spin(STALL_NS);
            }
            pace.done();
        }
        assertEquals(10, latencies.getTotalCount());
        // The tenth was to begin 9 ms after the first, and could not before 20.
        assertTrue(latencies.getMinValue() > STALL_NS / 2, () -> "lowest=" + latencies.getMinValue());
    }

    @Test
    void withoutAScheduleAPieceIsToBeginWhenTheLastIsDone() {
        Pace pace = Pace.unscheduled(latencies);
        long startNs = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            pace.await();
            if (i == 0) {
                spin(STALL_NS);
            }
            pace.done();
        }
        long elapsedNs = System.nanoTime() - startNs;
        assertEquals(10, latencies.getTotalCount());
        assertTrue(latencies.getMaxValue() >= STALL_NS, () -> "highest=" + latencies.getMaxValue());
        // No time is counted twice, but for what the histogram rounds.
        double sumNs = latencies.getMean() * latencies.getTotalCount();
        assertTrue(sumNs <= elapsedNs * 1.01, () -> "sum=" + sumNs + " elapsed=" + elapsedNs);
    }

    private static void spin(long durationNs) {
        long endNs = System.nanoTime() + durationNs;
        while (System.nanoTime() < endNs) {
            Thread.onSpinWait();
        }
    }
}
