package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.CompactionRig.Folding;
import io.semel.log.batch.ControlType;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L3, L4 where compaction meets checkpoints and recovery. */
class CompactionRecoveryTest {
    @TempDir
    Path root;

    private FaultyDisk disk;
    private CompactionRig rig;

    @BeforeEach
    void open() throws IOException {
        disk = new FaultyDisk().withoutForces();
        rig = new CompactionRig(disk, root.resolve("live"), CompactionRig.config(0), Folding.FROM_CHECKPOINT);
    }

    private void history() throws IOException {
        for (int number = 0; number < 6; number++) {
            rig.put("k" + number % 3, rig.large(2000));
            rig.put(7, true, rig.large(2000), "k" + number % 3, "t" + number);
            rig.put(8, false, rig.large(500), "i" + number % 2);
            rig.end(7, number % 2 == 0 ? ControlType.ABORT : ControlType.COMMIT);
        }
        rig.delete("k0");
    }

    private long lowestCheckpoint() throws IOException {
        return CheckpointFiles.load(FileDisk.instance(), rig.directory, Durability.POWER).lowestSummedOffset();
    }

    private static Path newestCheckpoint(Path directory) throws IOException {
        Path newest = null;
        long highest = -1;
        for (String name : List.of(CheckpointFiles.FIRST_NAME, CheckpointFiles.SECOND_NAME)) {
            Path file = directory.resolve(name);
            long number = SideFiles.checkpoint(ByteBuffer.wrap(Files.readAllBytes(file)), file).found().orElseThrow()
                    .sequenceNumber();
            if (number > highest) {
                highest = number;
                newest = file;
            }
        }
        return newest;
    }

    /** Opens a copy on its own; it must say what the live log says, now and after another compaction. */
    private void expectSame(Path copy) throws IOException {
        String state = rig.guide.state();
        CompactionRig.Guide guide = new CompactionRig.Guide();
        try (Log log = Log.open(new FaultyDisk().withoutForces(), copy, CompactionRig.config(0), guide)) {
            guide.log = log;
            guide.abortedDataGone(log.compaction().compactedOffset());
            assertEquals(state, guide.state());
            assertEquals(rig.expected(), rig.committedIn(log, guide));
        }
    }

    @Test
    void aRoundBeginsOnlyOnceBothCheckpointsArePastWhatItCleans() throws Exception {
        history();
        rig.roll("x");
        history();
        rig.roll("x");
        // Only the newer one stands here by now.
        long finished = rig.log.frontierOffset() - 1;
        assertTrue(lowestCheckpoint() < finished);
        rig.nowMs += Compactor.BACK_OFF_MS;
        assertEquals(0, rig.step());
        assertEquals(0, rig.step());
        Logs.settle(rig.log);
        assertTrue(lowestCheckpoint() >= finished);
        assertTrue(rig.step() > 0);
        rig.compact();
        assertTrue(rig.log.compaction().compactedOffset() > 0);
        assertTrue(rig.log.compaction().compactedOffset() <= lowestCheckpoint());
        rig.close();
    }

    @Test
    void whatWasFinishedBehindTheOlderCheckpointStaysAsItIs() throws Exception {
        history();
        rig.roll("x");
        rig.nowMs += Compactor.BACK_OFF_MS;
        rig.step();
        Logs.settle(rig.log);
        long covered = lowestCheckpoint();
        history();
        rig.roll("x");
        assertEquals(covered, lowestCheckpoint());
        while (rig.step() > 0) {
            continue;
        }
        long compacted = rig.log.compaction().compactedOffset();
        assertTrue(0 < compacted && compacted <= covered, compacted + " of " + covered);
        rig.close();
    }

    @Test
    void aLogGoesOnFromACheckpointTakenBeforeACompactionOrAfterIt() throws Exception {
        // Stays as long as it is, so that the next one is not merged into it.
        for (int number = 0; number < 8; number++) {
            rig.put("u" + number, rig.large(7900));
        }
        rig.roll("x");
        history();
        rig.nowMs += Compactor.BACK_OFF_MS;
        rig.step();
        Logs.settle(rig.log);
        // In the middle of the second segment.
        Path middle = newestCheckpoint(Logs.killedCopy(rig.directory, root.resolve("old")));
        rig.roll("x");
        long covered = lowestCheckpoint();
        while (rig.step() > 0) {
            continue;
        }
        long compacted = rig.log.compaction().compactedOffset();
        assertTrue(0 < compacted && compacted <= covered, compacted + " of " + covered);
        Path before = Logs.killedCopy(rig.directory, root.resolve("before"));
        Logs.forgetCheckpoints(before);
        Files.copy(middle, before.resolve(middle.getFileName()));
        expectSame(before);
        Path after = Logs.killedCopy(rig.directory, root.resolve("after"));
        expectSame(after);
        rig.compact();
        history();
        rig.roll("x");
        rig.compact();
        expectSame(Logs.killedCopy(rig.directory, root.resolve("again")));
        Path older = Logs.killedCopy(rig.directory, root.resolve("older"));
        Files.delete(newestCheckpoint(older));
        expectSame(older);
        rig.close();
    }

    /** Below a checkpoint it was complete, whatever became of its index: what is missing in it compaction took. */
    @Test
    void aCompactedSegmentThatLostItsIndexMayHaveItsGapsStill() throws Exception {
        history();
        rig.roll("x");
        rig.compact();
        history();
        rig.roll("x");
        rig.close();
        Path first = Logs.files(rig.directory, SegmentNames.INDEX_SUFFIX).get(0);
        for (Folding folding : Folding.values()) {
            for (int life = 0; life < 2; life++) {
                Path copy = Logs.killedCopy(rig.directory, root.resolve(folding + "" + life));
                // The first opening gives a swapped segment its name.
                for (Path index : life == 0 ? List.<Path>of() : Logs.files(copy, SegmentNames.INDEX_SUFFIX)) {
                    Files.delete(index);
                }
                try (CompactionRig again = new CompactionRig(disk, copy, CompactionRig.config(0), folding)) {
                    again.written.putAll(rig.written);
                    again.markerOf.putAll(rig.markerOf);
                    again.endOf.putAll(rig.endOf);
                    assertEquals(rig.expected(), again.committed(), () -> folding + " without " + first);
                    assertEquals(rig.guide.state(), again.guide.state());
                }
                if (life == 0) {
                    Logs.killedCopy(copy, rig.directory);
                    for (Path swap : Logs.files(rig.directory, SwapFile.SWAP_SUFFIX)) {
                        Files.delete(swap);
                    }
                }
            }
        }
    }

    /** A segment that came back after the compacted one bears its name would be an older content of the same offsets. */
    @Test
    void whatIsReplacedIsGoneForGoodBeforeTheCompactedSegmentHasItsName() throws Exception {
        history();
        rig.roll("x");
        history();
        rig.roll("x");
        LogReader reader = rig.log.openReader();
        rig.compact();
        Path dead = Logs.killedCopy(rig.directory, root.resolve("dead"));
        reader.close();
        String swap = Logs.files(dead, SwapFile.SWAP_SUFFIX).get(0).getFileName().toString();
        List<String> calls = new ArrayList<>();
        FaultyDisk traced = new FaultyDisk().withoutForces();
        traced.tell((kind, path) -> calls.add(kind + ' ' + path.getFileName()));
        SwapRecovery.run(traced, dead);
        int rename = calls.indexOf("rename " + swap);
        int deleted = calls.lastIndexOf("delete " + SegmentNames.fileName(0, SegmentNames.LOG_SUFFIX));
        int forced = calls.subList(0, rename).lastIndexOf("forceDirectory dead");
        int indexed = calls.lastIndexOf("replace " + SegmentNames.fileName(0, SegmentNames.INDEX_SUFFIX));
        assertTrue(0 <= deleted && deleted < forced && forced < rename, calls::toString);
        assertTrue(forced < indexed && indexed < rename, calls::toString);
        assertEquals("forceDirectory dead", calls.get(rename + 1));
        assertFalse(Files.exists(dead.resolve(swap)));
        rig.close();
    }

    /** Files of another cause than compaction are nothing for the compactor. */
    @Test
    void aLogThatIsNotCompactedHasNoCompactorThatDeletesItsFiles() throws Exception {
        LogConfig deletes = Logs.SMALL.withRetention(new RetentionConfig(-1, 0, Long.MAX_VALUE));
        FaultyDisk own = new FaultyDisk().withoutForces();
        try (CompactionRig plain = new CompactionRig(own, root.resolve("plain"), deletes)) {
            plain.roll("x");
            LogReader reader = plain.log.openReader();
            plain.log.clean(plain.nowMs, Long.MAX_VALUE);
            reader.close();
            assertEquals(1, plain.log.cleaningProgress().segmentsStillRead());
            own.failEvery("delete");
            assertEquals(0, plain.step());
            assertEquals(0, own.failures());
            own.heal();
            assertTrue(plain.log.clean(plain.nowMs, Long.MAX_VALUE) > 0);
            assertEquals(0, plain.log.cleaningProgress().segmentsStillRead());
        }
    }

    @Test
    void theIndexesOfACompactedSegmentGetItsNameWithIt() throws Exception {
        history();
        rig.roll("x");
        rig.compact();
        rig.log.close();
        Path swap = Logs.files(rig.directory, SwapFile.SWAP_SUFFIX).get(0);
        byte[] offsets = Files.readAllBytes(SegmentNames.indexOf(swap));
        byte[] times = Files.readAllBytes(SegmentNames.timeIndexOf(swap));
        rig.open();
        Path segment = Logs.files(rig.directory, SegmentNames.LOG_SUFFIX).get(0);
        assertArrayEquals(offsets, Files.readAllBytes(SegmentNames.indexOf(segment)));
        assertArrayEquals(times, Files.readAllBytes(SegmentNames.timeIndexOf(segment)));
        rig.close();
    }

    @Test
    void nothingThatASwapReplacesGoesBeforeTheSwapsNameIsDurable() throws Exception {
        history();
        rig.roll("x");
        Path before = root.resolve("before");
        Path killed = root.resolve("killed");
        Logs.killedCopy(rig.directory, before);
        rig.compact();
        Logs.killedCopy(rig.directory, killed);
        rig.close();
        Path replaced = Logs.files(before, SegmentNames.LOG_SUFFIX).get(0);
        Path again = killed.resolve(replaced.getFileName());
        assertFalse(Files.exists(again));
        Files.copy(replaced, again);
        disk.failEvery("forceDirectory");
        assertThrows(IOException.class, () -> Log.open(disk, killed, CompactionRig.config(0),
                new CompactionRig.Guide()));
        assertTrue(Files.exists(again));
        disk.heal();
        Log.open(disk, killed, CompactionRig.config(0), new CompactionRig.Guide()).close();
        assertTrue(Files.size(again) < Files.size(replaced));
    }
}
