package io.semel.verify.realdisk;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.verify.realdisk.DiskCounts.Count;
import io.semel.verify.realdisk.worker.Weakness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L1: a small share of the long run, {@code ./semel verify disk}, without the disks that need root. */
class KillScenarioTest {
    @TempDir
    private Path directory;

    private DiskResult run(int kills, Weakness weakness) throws Exception {
        return new DiskRun(new DiskPlan(directory, kills, 0, List.of(), 0, 7, System.nanoTime() + TimeUnit.HOURS
                .toNanos(
                        1),
                weakness), counts -> {
                }).run();
    }

    @Test
    void threeKillsLoseDuplicateAndChangeNothing() throws Exception {
        DiskResult result = run(3, Weakness.NONE);
        assertTrue(result.isClean(), result::toString);
        assertEquals(3, result.counts().of(Count.KILLS));
        assertTrue(result.counts().of(Count.ACKNOWLEDGED) > 0, result::toString);
    }

    @Test
    void whatIsAcknowledgedBeforeItIsWrittenIsFoundLost() throws Exception {
        DiskResult result = run(6, Weakness.EARLY);
        assertFalse(result.isClean(), result::toString);
        assertTrue(result.failure().startsWith("L1: lost"), result::toString);
    }
}
