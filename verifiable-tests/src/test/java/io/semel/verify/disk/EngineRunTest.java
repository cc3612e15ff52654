package io.semel.verify.disk;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.log.Durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L1 to L6: a small share of the long run, {@code ./semel verify engine}. */
class EngineRunTest {
    private static EngineResult run(int images, long seed, int threads, Durability durability) throws Exception {
        EnginePlan plan = new EnginePlan(images, seed, List.of(MetadataOrder.values()), List.of(durability), threads);
        return new EngineRun(plan, done -> {
        }).run();
    }

    @Test
    void fourHundredImagesAtProcessBreakNothing() throws Exception {
        EngineResult result = run(400, 1, 1, Durability.PROCESS);
        assertTrue(result.isClean(), result::toString);
        assertEquals(400, result.counts().images());
        assertTrue(result.counts().of(EngineCounts.Count.CRASHED_RECOVERIES) > 0, result::toString);
        assertTrue(result.counts().of(EngineCounts.Count.COMPARED) > 0, result::toString);
    }

    @Test
    void fourHundredImagesAtPowerBreakNothing() throws Exception {
        EngineResult result = run(400, 3, 1, Durability.POWER);
        assertTrue(result.isClean(), result::toString);
    }

    @Test
    void aFaultAtEveryCallOfALifeBreaksNothing() {
        for (Durability durability : Durability.values()) {
            EnginePlan plan = new EnginePlan(1, 14, List.of(MetadataOrder.values()), List.of(durability), 1);
            SweepResult result = EngineRun.sweep(plan, 0, 60);
            assertEquals("", result.failure());
            assertTrue(result.faults() > 100, result::toString);
        }
    }

    @Test
    void theSameSeedGivesTheSameHashOnAnyNumberOfThreads() throws Exception {
        EngineResult one = run(64, 5, 1, Durability.POWER);
        assertEquals(one.hash(), run(64, 5, 2, Durability.POWER).hash());
        assertNotEquals(one.hash(), run(64, 6, 1, Durability.POWER).hash());
    }

    @Test
    void aReplayTellsTheSameStoryTwice() {
        EnginePlan plan = new EnginePlan(8, 5, List.of(MetadataOrder.values()), List.of(Durability.PROCESS), 1);
        List<String> first = new ArrayList<>();
        assertEquals("", EngineRun.replay(plan, 0, (what, numbers) -> first.add(what + List.of(numbers.length))));
        List<String> second = new ArrayList<>();
        assertEquals("", EngineRun.replay(plan, 0, (what, numbers) -> second.add(what + List.of(numbers.length))));
        assertEquals(first, second);
        assertTrue(first.size() > EngineLife.IMAGES, first::toString);
    }
}
