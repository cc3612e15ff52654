package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.ControlType;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L2, L3, L5 of compaction: wherever it stops, every key's newest record is there, and no older one comes back. */
class CompactionCrashTest {
    /** In the quick build; each of them fails at every call of the recovery that follows. */
    private static final int EVERY_NTH_CRASH_IS_FOLLOWED_BY_ANOTHER = 5;

    @TempDir
    Path root;

    private CompactionRig rig;
    private Map<String, String> expected;
    private Path template;

    /** A log that was compacted before, whose segments were swapped once, and new records. */
    @BeforeEach
    void fill() throws IOException {
        rig = new CompactionRig(new FaultyDisk().withoutForces(), root.resolve("filled"), CompactionRig.config(0));
        for (int round = 0; round < 2; round++) {
            for (int key = 0; key < 6; key++) {
                rig.put("k" + key, rig.large(6000));
                rig.put(7, true, rig.large(3000), "k" + key, "t" + key);
                rig.end(7, key % 2 == round ? ControlType.COMMIT : ControlType.ABORT);
                rig.put(8, false, key % 3 == round ? null : "v" + round, "d" + key, "k0");
            }
            rig.roll("x");
            if (round == 0) {
                rig.compact();
            }
        }
        rig.nowMs += 2 * Compactor.BACK_OFF_MS;
        expected = rig.expected();
        template = Logs.killedCopy(rig.directory, root.resolve("template"));
        rig.close();
    }

    /** The same log on a disk of its own, compacted once and swapped since. */
    private FaultyDisk openCopy(String name) throws IOException {
        FaultyDisk disk = new FaultyDisk().withoutForces();
        rig.nowMs += 2 * Compactor.FAILURE_BACK_OFF_MS;
        rig.openOn(disk, Logs.killedCopy(template, root.resolve(name)));
        return disk;
    }

    private void compactWhatCanBe() {
        for (int step = 0; step < 40; step++) {
            rig.step();
            rig.log.flush();
        }
    }

    @Test
    void aCrashAtAnyStorageCallLeavesEveryKeysNewestRecord() throws Exception {
        boolean crashed = true;
        int crashes = 0;
        for (int call = 0; crashed; call++) {
            FaultyDisk disk = openCopy("call" + call);
            disk.failAfter(call);
            compactWhatCanBe();
            crashed = disk.failures() > 0;
            crashes += crashed ? 1 : 0;
            assertEquals(expected, rig.committed(), "live, crash at call " + call);
            Path dead = Logs.killedCopy(rig.directory, root.resolve("dead" + call));
            disk.heal();
            rig.close();
            FileDisk.instance().delete(rig.directory);
            if (call % EVERY_NTH_CRASH_IS_FOLLOWED_BY_ANOTHER == 0) {
                crashWithinRecovery(dead);
            }
            reopen(dead, "crash at call " + call);
            FileDisk.instance().delete(dead);
        }
        assertTrue(crashes > 20, "crashes=" + crashes);
    }

    /** Opens a copy, compacts it once more, and opens it again. */
    private void reopen(Path directory, String when) throws IOException {
        rig.openOn(new FaultyDisk().withoutForces(), directory);
        assertEquals(expected, rig.committed(), when);
        assertTrue(Logs.files(directory, ".swap").isEmpty() && Logs.files(directory, ".cleaned").isEmpty(), when);
        rig.nowMs += 2 * Compactor.FAILURE_BACK_OFF_MS;
        rig.compact();
        assertEquals(expected, rig.committed(), when + ", compacted again");
        rig.reopen();
        assertEquals(expected, rig.committed(), when + ", compacted and opened again");
        rig.close();
    }

    /** L3: recovery that crashes at any of its calls, and recovers then. */
    private void crashWithinRecovery(Path dead) throws IOException {
        boolean crashed = true;
        for (int call = 0; crashed; call++) {
            Path copy = Logs.killedCopy(dead, root.resolve("again"));
            FaultyDisk disk = new FaultyDisk().withoutForces();
            disk.failAfter(call);
            try {
                Log.open(disk, copy, CompactionRig.config(0), Logs.NOTHING).close();
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("made up"), e::toString);
            }
            crashed = disk.failures() > 0;
            rig.openOn(new FaultyDisk().withoutForces(), copy);
            assertEquals(expected, rig.committed(), "second crash at call " + call);
            rig.close();
            FileDisk.instance().delete(copy);
        }
    }

    @Test
    void aStorageCallThatFailsOnceOnlyDelaysCompaction() throws Exception {
        boolean failed = true;
        for (int call = 0; failed; call++) {
            FaultyDisk disk = openCopy("once" + call);
            disk.failOnceAfter(call);
            compactWhatCanBe();
            failed = disk.failures() > 0;
            disk.heal();
            assertEquals(expected, rig.committed(), "failure at call " + call);
            rig.nowMs += 2 * Compactor.FAILURE_BACK_OFF_MS;
            rig.compact();
            assertTrue(rig.log.compaction().compactedOffset() > 0);
            assertEquals(expected, rig.committed(), "failure at call " + call + ", tried again");
            rig.reopen();
            assertEquals(expected, rig.committed(), "failure at call " + call + ", opened again");
            rig.close();
            FileDisk.instance().delete(rig.directory);
        }
    }

    @Test
    void aKillAtEveryStepLeavesEveryKeysNewestRecord() throws Exception {
        openCopy("killed");
        int step = 0;
        do {
            Path dead = Logs.killedCopy(rig.directory, root.resolve("step" + step));
            CompactionRig.Guide guide = new CompactionRig.Guide();
            try (Log log = Log.open(new FaultyDisk().withoutForces(), dead, CompactionRig.config(0), guide)) {
                guide.log = log;
                assertEquals(expected, rig.committedIn(log, guide), "killed at step " + step);
            }
            step++;
        } while (rig.step() + rig.log.flush() + rig.step() > 0);
        assertTrue(step > 4, "steps=" + step);
        rig.close();
    }

    @Test
    void ofSeveralCompactedFilesOfTheSameOffsetsTheNewestHolds() throws Exception {
        try (CompactionRig read = new CompactionRig(root.resolve("read"))) {
            read.put("k", "1");
            read.roll("x");
            LogReader before = read.log.openReader();
            read.put("k", "2");
            read.roll("x");
            read.compact();
            LogReader between = read.log.openReader();
            read.delete("k");
            read.roll("x");
            read.compact();
            read.roll("x");
            read.compact();
            Path dead = Logs.killedCopy(read.directory, root.resolve("dead"));
            assertTrue(Logs.files(dead, ".swap").size() > 1, "readers keep what was replaced");
            Map<String, String> newest = read.expected();
            before.close();
            between.close();
            read.log.close();
            read.openOn(new FaultyDisk().withoutForces(), dead);
            assertEquals(newest, read.committed());
        }
    }
}
