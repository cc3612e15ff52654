package io.semel.benchmarks.paired;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static io.semel.benchmarks.paired.Contender.CHRONICLE_BYTES;
import static io.semel.benchmarks.paired.Contender.CHRONICLE_DOCUMENT;
import static io.semel.benchmarks.paired.Contender.SEMEL_APPEND_BATCHED;
import static io.semel.benchmarks.paired.Contender.SEMEL_TRANSACTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TargetTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Results results = new Results();

    @Test
    void aRatioIsTakenRoundByRoundAgainstTheBestPeer() {
        rates(SEMEL_APPEND_BATCHED, 40, 10, 60);
        rates(CHRONICLE_DOCUMENT, 10, 10, 10);
        rates(CHRONICLE_BYTES, 20, 5, 20);
        Target.Outcome outcome = Target.ratio("the best", 2.0, CHRONICLE_DOCUMENT, CHRONICLE_BYTES)
                .judge(SEMEL_APPEND_BATCHED, results);
        assertEquals(2.0, outcome.figure());
        assertEquals(2.0, outcome.lowest());
        assertEquals(3.0, outcome.highest());
        assertTrue(outcome.reached());
    }

    @Test
    void aRatioBelowTheTargetIsMissed() {
        rates(SEMEL_APPEND_BATCHED, 19);
        rates(CHRONICLE_BYTES, 10);
        assertFalse(Target.ratio("the peer", 2.0, CHRONICLE_BYTES).judge(SEMEL_APPEND_BATCHED, results).reached());
    }

    @Test
    void aLatencyAboveTheTargetIsMissed() {
        results.add(SEMEL_TRANSACTION, new Sample(1, SECOND_NS, Map.of("p50Ns", 2_001L)));
        assertFalse(Target.atMost("p50Ns", 2_000).judge(SEMEL_TRANSACTION, results).reached());
        assertTrue(Target.atMost("p50Ns", 2_001).judge(SEMEL_TRANSACTION, results).reached());
    }

    @Test
    void anEvenNumberOfRoundsHasItsMedianInTheMiddle() {
        assertEquals(2.5, Medians.of(new double[] {4, 1, 3, 2}));
        assertEquals(3, Medians.of(new double[] {9, 1, 3}));
    }

    private void rates(Contender contender, long... perSecond) {
        for (long operations : perSecond) {
            results.add(contender, new Sample(operations, SECOND_NS, Map.of()));
        }
    }
}
