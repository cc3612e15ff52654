package io.semel.verify.protocol;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.idempotence.Verdict;
import io.semel.idempotence.Verdicts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** I1 to I5, T1, T2, T5, T6, T8, T9, G1, G2: a small share of the long run, {@code ./semel verify protocol}. */
class ProtocolRunTest {
    private static ProtocolResult run(int lives, long seed, int threads, Verdicts verdicts) throws Exception {
        return new ProtocolRun(new ProtocolPlan(lives, seed, verdicts, threads), (counts, done) -> {
        }).run();
    }

    @Test
    void threeHundredLivesAreAsPromised() throws Exception {
        ProtocolResult result = run(300, 1, 1, Verdicts.STRICT);
        assertEquals("", result.failure());
        for (Count count : Count.values()) {
            assertTrue(result.counts().of(count) > 0, () -> "never came: " + count.words());
        }
    }

    @Test
    void theSameSeedGivesTheSameHashOnAnyNumberOfThreads() throws Exception {
        ProtocolResult one = run(24, 5, 1, Verdicts.STRICT);
        assertEquals(one.hash(), run(24, 5, 2, Verdicts.STRICT).hash());
        assertNotEquals(one.hash(), run(24, 6, 1, Verdicts.STRICT).hash());
    }

    @Test
    void withoutTheSequenceCheckAShortStoryTellsIt() throws Exception {
        assertCaught(verdict -> verdict == Verdict.GAP || verdict == Verdict.DUPLICATE ? Verdict.ADMIT : verdict,
                List.of("I2", "I3"), 6);
    }

    @Test
    void withoutFencingAShortStoryTellsIt() throws Exception {
        assertCaught(verdict -> verdict == Verdict.FENCED ? Verdict.ADMIT : verdict, List.of("T6"), 8);
    }

    @Test
    void withAnyEpochTakenAShortStoryTellsIt() throws Exception {
        assertCaught(verdict -> verdict == Verdict.UNKNOWN ? Verdict.ADMIT : verdict, List.of("I4", "T6"), 8);
    }

    private static void assertCaught(Verdicts broken, List<String> properties, int steps) throws Exception {
        ProtocolResult result = run(300, 3, 1, broken);
        assertFalse(result.isClean());
        Story shortest = Shrinker.shrink(new ProtocolPlan(300, 3, broken, 1).story(result.failedLife()), broken);
        List<String> told = new ArrayList<>();
        Outcome outcome = Outcome.of(shortest, broken, (what, numbers) -> told.add(what));
        assertTrue(properties.contains(outcome.property()), outcome::failure);
        assertEquals(result.failure().substring(0, 2), outcome.property());
        assertTrue(shortest.steps().size() <= steps, told::toString);
        assertEquals("", Outcome.of(shortest, Verdicts.STRICT, (what, numbers) -> {
        }).failure());
    }
}
