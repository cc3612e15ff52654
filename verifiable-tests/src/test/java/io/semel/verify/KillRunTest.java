package io.semel.verify;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.verify.scenarios.worker.Sabotage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A small share of the long run, with real processes and real kills. */
class KillRunTest {
    private static final KillProgress SILENT = new KillProgress() {
        @Override
        public void update(int kills, int recoveries, long[] counts, long anomalies) {
            // The result says it all.
        }

        @Override
        public void say(String what) {
            // The result says it all.
        }
    };

    @TempDir
    private Path directory;

    private KillResult run(int kills, Sabotage sabotage) throws Exception {
        return new KillRun(new KillPlan(directory, kills, 20, 3, 6, sabotage, Tale.COUNTS), SILENT, Optional
                .empty()).run();
    }

    @Test
    void sixKillsLoseDuplicateAndReorderNothing() throws Exception {
        KillResult result = run(6, Sabotage.NONE);
        assertTrue(result.isClean(), result::toString);
        assertEquals(6, result.kills());
        assertTrue(result.copy().records() > 0, result::toString);
        assertEquals(result.input().records(), result.copy().records());
    }

    @Test
    void withoutTheSequenceCheckDamageIsReported() throws Exception {
        KillResult result = run(3, Sabotage.SEQUENCE_CHECK);
        assertFalse(result.isClean(), result::toString);
        assertTrue(result.input().duplicated() + result.copy().duplicated() > 0, result::toString);
    }

    @Test
    void withoutFencingDamageIsReported() throws Exception {
        KillResult result = run(3, Sabotage.FENCING);
        assertFalse(result.isClean(), result::toString);
        assertTrue(result.anomalies().stream().anyMatch(anomaly -> anomaly.contains("was replaced")),
                result::toString);
    }
}
