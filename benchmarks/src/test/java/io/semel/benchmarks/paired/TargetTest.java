package io.semel.benchmarks.paired;

import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.semel.benchmarks.paired.Target.Outcome;

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
        Outcome outcome = judge(Target.ratio(SEMEL_APPEND_BATCHED, "the best", 2.0, CHRONICLE_DOCUMENT,
                CHRONICLE_BYTES));
        assertEquals(2.0, outcome.figure());
        assertEquals(2.0, outcome.lowest());
        assertEquals(3.0, outcome.highest());
        assertTrue(outcome.reached());
    }

    @Test
    void aRatioBelowTheTargetIsMissed() {
        rates(SEMEL_APPEND_BATCHED, 19);
        rates(CHRONICLE_BYTES, 10);
        assertFalse(judge(Target.ratio(SEMEL_APPEND_BATCHED, "the peer", 2.0, CHRONICLE_BYTES)).reached());
    }

    @Test
    void aLatencyIsComparedWithTheLowestOfThePeers() {
        figures(SEMEL_APPEND_BATCHED, 30);
        figures(CHRONICLE_DOCUMENT, 100);
        figures(CHRONICLE_BYTES, 20);
        Outcome outcome = judge(Target.figureRatio(SEMEL_APPEND_BATCHED, "p50Ns", "the best", 1.5, CHRONICLE_DOCUMENT,
                CHRONICLE_BYTES));
        assertEquals(1.5, outcome.figure());
        assertTrue(outcome.reached());
        assertFalse(judge(Target.figureRatio(SEMEL_APPEND_BATCHED, "p50Ns", "the best", 1.4, CHRONICLE_BYTES))
                .reached());
    }

    @Test
    void aLatencyAboveTheTargetIsMissed() {
        figures(SEMEL_TRANSACTION, 2_001);
        assertFalse(judge(Target.atMost(SEMEL_TRANSACTION, "p50Ns", 2_000)).reached());
        assertTrue(judge(Target.atMost(SEMEL_TRANSACTION, "p50Ns", 2_001)).reached());
    }

    @Test
    void aTargetWithoutOneOfThoseItIsAboutIsNotJudged() {
        rates(SEMEL_APPEND_BATCHED, 40);
        rates(CHRONICLE_DOCUMENT, 10);
        assertEquals(Optional.empty(), Target.ratio(SEMEL_APPEND_BATCHED, "the best", 2.0, CHRONICLE_DOCUMENT,
                CHRONICLE_BYTES).judge(results));
        assertEquals(Optional.empty(), Target.perSecond(SEMEL_TRANSACTION, 1).judge(results));
    }

    @Test
    void whoHasFewerRoundsIsComparedInThose() {
        rates(SEMEL_APPEND_BATCHED, 40, 10, 60);
        rates(CHRONICLE_BYTES, 20);
        assertEquals(2.0, judge(Target.ratio(SEMEL_APPEND_BATCHED, "the peer", 2.0, CHRONICLE_BYTES)).highest());
    }

    @Test
    void anEvenNumberOfRoundsHasItsMedianInTheMiddle() {
        assertEquals(2.5, Medians.of(new double[] {4, 1, 3, 2}));
        assertEquals(3, Medians.of(new double[] {9, 1, 3}));
    }

    private Outcome judge(Target target) {
        return target.judge(results).orElseThrow();
    }

    private void rates(Contender contender, long... perSecond) {
        for (long operations : perSecond) {
            results.add(contender, new Sample(operations, SECOND_NS, Map.of()));
        }
    }

    private void figures(Contender contender, long p50Ns) {
        results.add(contender, new Sample(1, SECOND_NS, Map.of("p50Ns", p50Ns)));
    }
}
