package io.semel.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Checkpoints that PROCESS takes on the way, and what the medium is not asked for. */
class UnforcedCheckpointTest {
    /** Enough for several of them, and for no roll. */
    private static final int BATCHES = 150;

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk().withoutForces();
    private Path live;
    private Path killed;

    @BeforeEach
    void name() {
        live = directory.resolve("live");
        killed = directory.resolve("killed");
    }

    /** Appends with the flusher at work, and leaves what a kill leaves; returns the state at its end. */
    private Object appendAndKill() throws IOException {
        Logs.Sum fold = new Logs.Sum();
        try (Log log = Logs.open(disk, live, fold)) {
            for (int number = 0; number < BATCHES; number++) {
                Logs.appendNumbers(log, number, number + 1);
                log.flush();
            }
            assertEquals(1, Logs.files(live, ".log").size());
            Logs.killedCopy(live, killed);
            return fold.state();
        }
    }

    private static boolean hasUnforced(Path log) {
        return Files.exists(log.resolve(CheckpointFiles.UNFORCED_NAME));
    }

    @Test
    void aKilledLogIsScannedFromTheUnforcedOneOn() throws Exception {
        Object state = appendAndKill();
        assertTrue(hasUnforced(killed));
        assertFalse(Files.exists(killed.resolve(CheckpointFiles.FIRST_NAME)));
        Logs.Sum restored = new Logs.Sum();
        try (Log log = Logs.open(disk, killed, restored)) {
            assertEquals(state, restored.state());
            assertTrue(restored.applied > 0 && restored.applied < BATCHES, () -> restored.applied + " applied");
            assertEquals(1, log.leaderEpoch());
            assertEquals(LogTest.numbers(0, BATCHES), Logs.readNumbers(log));
        }
    }

    @Test
    void nothingIsForcedOnTheWay() throws Exception {
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            disk.failEvery("force");
            for (int number = 0; number < BATCHES; number++) {
                Logs.appendNumbers(log, number, number + 1);
                log.flush();
            }
            assertNull(log.failure());
            assertTrue(hasUnforced(live));
            disk.heal();
        }
    }

    @Test
    void nothingOfAKilledLogIsForcedAtItsOpening() throws Exception {
        appendAndKill();
        disk.failEvery("force");
        Log log = Logs.open(disk, killed, new Logs.Sum());
        assertTrue(log.frontierOffset() > 0);
        assertEquals(0, log.durableOffset());
        disk.heal();
        log.force();
        assertEquals(log.frontierOffset(), log.durableOffset());
        log.close();
    }

    @Test
    void anEmptyLastSegmentIsForcedAtItsOpeningBecauseNothingElseWould() throws Exception {
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            for (int number = 0; Logs.files(live, ".log").size() == 1; number++) {
                Logs.appendNumbers(log, number, number + 1);
            }
            Logs.settle(log);
            Logs.killedCopy(live, killed);
        }
        try (var last = new RandomAccessFile(Logs.files(killed, ".log").get(1).toFile(), "rw")) {
            last.setLength(0);
        }
        Logs.forgetCheckpoints(killed);
        Files.deleteIfExists(killed.resolve(CheckpointFiles.UNFORCED_NAME));
        disk.failEvery("force");
        assertThrows(IOException.class, () -> Logs.open(disk, killed, new Logs.Sum()));
        disk.heal();
        Logs.open(disk, killed, new Logs.Sum()).close();
    }

    @Test
    void theOneOfAnotherBootCountsForNothing() throws Exception {
        Object state = appendAndKill();
        disk.startAnew();
        Logs.Sum restored = new Logs.Sum();
        try (Log log = Logs.open(disk, killed, restored)) {
            assertEquals(state, restored.state());
            assertEquals(BATCHES, restored.applied);
            assertEquals(1, log.leaderEpoch());
        }
    }

    @Test
    void powerNeitherWritesNorBelievesOne() throws Exception {
        Object state = appendAndKill();
        Logs.Sum restored = new Logs.Sum();
        try (Log log = Log.open(disk, killed, Logs.SMALL.withDurability(Durability.POWER), restored)) {
            assertEquals(state, restored.state());
            assertEquals(BATCHES, restored.applied);
            assertTrue(log.frontierOffset() > 0);
            assertEquals(log.frontierOffset(), log.durableOffset());
            assertFalse(hasUnforced(killed));
            Logs.appendNumbers(log, BATCHES, 2 * BATCHES);
            Logs.settle(log);
            assertFalse(hasUnforced(killed));
        }
    }

    @Test
    void whereBootsHaveNoNameNoneIsWritten() throws Exception {
        disk.hideBoot();
        Object state = appendAndKill();
        assertFalse(hasUnforced(killed));
        Logs.Sum restored = new Logs.Sum();
        Logs.open(disk, killed, restored).close();
        assertEquals(state, restored.state());
        assertEquals(BATCHES, restored.applied);
    }

    /** L4: one wrong byte, or one missing, and it counts for nothing. */
    @Test
    void aDamagedOneCountsForNothing() throws Exception {
        Object state = appendAndKill();
        Path file = killed.resolve(CheckpointFiles.UNFORCED_NAME);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at += 7) {
            byte[] wrong = whole.clone();
            wrong[at] ^= 0x10;
            Path copy = Logs.killedCopy(killed, directory.resolve("wrong-" + at));
            Files.write(copy.resolve(CheckpointFiles.UNFORCED_NAME), wrong);
            Logs.Sum restored = new Logs.Sum();
            Logs.open(disk, copy, restored).close();
            assertEquals(state, restored.state());
            assertEquals(BATCHES, restored.applied, "byte " + at);
        }
    }

    @Test
    void whatIsMissingBelowItIsDamageAndNotATornTail() throws Exception {
        appendAndKill();
        Path segment = Logs.files(killed, ".log").get(0);
        byte[] bytes = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(bytes, 1_000));
        assertThrows(CorruptLogException.class, () -> Logs.open(disk, killed, new Logs.Sum()));
    }

    /**
     * L2: after a kill nothing of the tail is forced. Power lost then may leave exactly what the last close left, which looks
     * like a clean end; but offsets behind it were shown since.
     */
    @Test
    void aCleanEndThatComesBackAfterAKillIsNotTakenForClean() throws Exception {
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            Logs.appendNumbers(log, 0, 20);
        }
        Path closed = Logs.killedCopy(live, directory.resolve("closed"));
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            assertEquals(0, log.leaderEpoch());
            Logs.appendNumbers(log, 20, 30);
            Logs.killedCopy(live, killed);
        }
        Path lost = directory.resolve("lost");
        try (Log log = Logs.open(disk, killed, new Logs.Sum())) {
            assertEquals(1, log.leaderEpoch());
            Logs.appendNumbers(log, 30, 40);
            Logs.killedCopy(closed, lost);
            Files.copy(killed.resolve(LeaderEpochs.FILE_NAME), lost.resolve(LeaderEpochs.FILE_NAME),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        disk.startAnew();
        try (Log log = Logs.open(disk, lost, new Logs.Sum())) {
            assertEquals(2, log.leaderEpoch());
            assertEquals(LogTest.numbers(0, 20), Logs.readNumbers(log));
        }
        try (Log log = Logs.open(disk, lost, new Logs.Sum())) {
            assertEquals(2, log.leaderEpoch(), "closed well since");
        }
    }

    @Test
    void afterAFailedForceItIsGone() throws Exception {
        Log log = Logs.open(disk, live, new Logs.Sum());
        for (int number = 0; number < BATCHES; number++) {
            Logs.appendNumbers(log, number, number + 1);
            log.flush();
        }
        assertTrue(hasUnforced(live));
        disk.failEvery("force");
        assertThrows(IOException.class, log::force);
        assertFalse(hasUnforced(live));
        disk.heal();
        log.close();
    }

    /** L1: a force that fails leaves pages that are read and not on the medium; nothing may vouch for them afterwards. */
    @Test
    void noneIsWrittenWhileSomebodyForces() throws Exception {
        Log log = Logs.open(disk, live, new Logs.Sum());
        Logs.appendNumbers(log, 0, BATCHES);
        disk.failEvery("force");
        Thread forcing = new Thread(() -> assertThrows(IOException.class, log::force));
        disk.tell((kind, path) -> {
            if (kind.equals("replaceUnforced")) {
                // Summed up and not yet written. If that force could begin now, it would have failed before the file is there.
                forcing.start();
                joinFor(forcing, 200);
            }
        });
        log.flush();
        joinFor(forcing, 0);
        assertNotNull(log.failure());
        assertFalse(hasUnforced(live));
        disk.heal();
        log.close();
    }

    private static void joinFor(Thread thread, long timeoutMs) {
        try {
            thread.join(timeoutMs);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** L1: the opening itself forces sealed segments that nobody finished, and that may fail. */
    @Test
    void anOpeningThatForcesDropsItFirst() throws Exception {
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            int number = 0;
            while (Logs.files(live, ".log").size() == 1) {
                Logs.appendNumbers(log, number, ++number);
                if (Logs.files(live, ".log").size() == 1) {
                    log.flush();
                }
            }
            Logs.killedCopy(live, killed);
        }
        assertTrue(hasUnforced(killed));
        disk.failEvery("force");
        assertThrows(IOException.class, () -> Logs.open(disk, killed, new Logs.Sum()));
        assertFalse(hasUnforced(killed));
        disk.heal();
        Logs.open(disk, killed, new Logs.Sum()).close();
    }

    @Test
    void oneThatPowerFoundIsGoneForGood() throws Exception {
        appendAndKill();
        Log.open(disk, killed, Logs.SMALL.withDurability(Durability.POWER), new Logs.Sum());
        assertFalse(hasUnforced(killed));
    }

    @Test
    void whereOthersForceAllTheTimeTheNextOneIsForced() throws Exception {
        try (Log log = Log.open(disk, live, Logs.SMALL.withSegmentBytes(32 << 20), new Logs.Sum())) {
            int number = 0;
            while (log.frontierPosition() < Checkpointing.DUE_BYTES + (1 << 20)) {
                Logs.appendNumbers(log, number, ++number);
                if (number % 1_000 == 0) {
                    log.force();
                    log.flush();
                }
            }
            assertTrue(Files.exists(live.resolve(CheckpointFiles.FIRST_NAME)));
        }
    }
}
