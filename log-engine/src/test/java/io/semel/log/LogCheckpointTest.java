package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogCheckpointTest {
    @TempDir
    Path directory;

    private final Disk disk = new FaultyDisk().withoutForces();
    private Path live;

    @BeforeEach
    void name() {
        live = directory.resolve("live");
    }

    private Log open(LogFold fold) throws IOException {
        return Logs.open(disk, live, fold);
    }

    /** Ten segments and more, all finished, closed. */
    private List<Object> write(int batches) throws IOException {
        Logs.Sum fold = new Logs.Sum();
        try (Log log = open(fold)) {
            Logs.appendNumbers(log, 0, batches);
            Logs.settle(log);
        }
        return fold.state();
    }

    /** Row 17: restart took hours (KAFKA-5829). */
    @Test
    void aClosedLogIsOpenedWithoutReadingItsSegments() throws Exception {
        List<Object> state = write(5000);
        long size = 0;
        for (Path segment : Logs.files(live, ".log")) {
            size += Files.size(segment);
        }
        AtomicLong read = new AtomicLong();
        Logs.Sum restored = new Logs.Sum();
        Log.open(disk, live, Logs.SMALL, restored, read::addAndGet).close();
        assertEquals(state, restored.state());
        assertEquals(0, restored.applied);
        int segments = Logs.files(live, ".log").size();
        assertTrue(segments > 10);
        assertTrue(read.get() <= segments * 2048L && read.get() < size / 10, read + " of " + size + " bytes read");
    }

    /** Row 17: what is scanned is what came after the last checkpoint. */
    @Test
    void aKilledLogIsScannedFromItsLastCheckpointOn() throws Exception {
        Logs.Sum fold = new Logs.Sum();
        try (Log log = open(fold)) {
            Logs.appendNumbers(log, 0, 2000);
            Logs.settle(log);
            Logs.appendNumbers(log, 2000, 2050);
            Path copy = Logs.killedCopy(live, directory.resolve("killed"));
            Logs.Sum restored = new Logs.Sum();
            AtomicLong read = new AtomicLong();
            try (Log killed = Log.open(disk, copy, Logs.SMALL, restored, read::addAndGet)) {
                assertEquals(fold.state(), restored.state());
                assertTrue(restored.applied >= 50 && restored.applied < 400, () -> restored.applied + " applied");
                assertEquals(1, killed.leaderEpoch());
                assertEquals(LogTest.numbers(0, 2050), Logs.readNumbers(killed));
            }
        }
    }

    /** Row 18: the clean-shutdown flag was trusted after a second crash (KAFKA-10471). */
    @Test
    void aCleanCloseIsBelievedOnce() throws Exception {
        write(100);
        Path killed = directory.resolve("killed");
        Logs.Sum fold = new Logs.Sum();
        try (Log log = open(fold)) {
            assertEquals(0, log.leaderEpoch());
            Logs.appendNumbers(log, 100, 150);
            Logs.killedCopy(live, killed);
        }
        Logs.Sum afterCrash = new Logs.Sum();
        Path again = directory.resolve("again");
        try (Log log = Logs.open(disk, killed, afterCrash)) {
            assertEquals(1, log.leaderEpoch());
            assertEquals(fold.state(), afterCrash.state());
            Logs.appendNumbers(log, 150, 170);
            Logs.killedCopy(killed, again);
        }
        Logs.Sum afterSecond = new Logs.Sum();
        try (Log log = Logs.open(disk, again, afterSecond)) {
            assertEquals(2, log.leaderEpoch());
            assertEquals(LogTest.numbers(0, 170), Logs.readNumbers(log));
        }
    }

    /** Killed between two appends, with the file cut exactly behind a batch: nothing looks torn, yet nobody closed. */
    @Test
    void anEndPastTheCheckpointIsUncleanAlsoWhenNothingIsTorn() throws Exception {
        write(100);
        byte[] first = Files.readAllBytes(live.resolve(CheckpointFiles.FIRST_NAME));
        try (Log log = open(new Logs.Sum())) {
            Logs.appendNumbers(log, 100, 120);
        }
        Files.delete(live.resolve(CheckpointFiles.SECOND_NAME));
        Files.write(live.resolve(CheckpointFiles.FIRST_NAME), first);
        Logs.Sum fold = new Logs.Sum();
        try (Log log = open(fold)) {
            assertEquals(1, log.leaderEpoch());
            assertEquals(20, fold.applied);
        }
    }

    @Test
    void theOtherCheckpointStandsInForADamagedOne() throws Exception {
        write(500);
        Logs.Sum fold = new Logs.Sum();
        try (Log log = open(fold)) {
            Logs.appendNumbers(log, 500, 520);
        }
        for (String name : List.of(CheckpointFiles.FIRST_NAME, CheckpointFiles.SECOND_NAME)) {
            Path copy = Logs.killedCopy(live, directory.resolve("without-" + name));
            Files.write(copy.resolve(name), new byte[100]);
            Logs.Sum restored = new Logs.Sum();
            Logs.open(disk, copy, restored).close();
            assertEquals(fold.state(), restored.state());
            assertTrue(restored.applied <= 20);
        }
    }

    @Test
    void damageBelowTheCheckpointIsNamedAndNeverCut() throws Exception {
        write(100);
        Path file = Logs.files(live, ".log").get(0);
        byte[] whole = Files.readAllBytes(file);
        for (LogFold fold : new LogFold[] {new Logs.Sum(), Logs.NOTHING}) {
            for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
                Files.write(file, Arrays.copyOf(whole, length));
                CorruptLogException refused = assertThrows(CorruptLogException.class, () -> open(fold));
                assertTrue(refused.getMessage().contains(file + " at position "), refused::getMessage);
                assertTrue(refused.getMessage().contains("offset "), refused::getMessage);
                assertEquals(length, Files.size(file));
            }
        }
    }

    /** A sealed segment below the checkpoint is not read, but it must be there and be whole. */
    @Test
    void aSegmentBelowTheCheckpointThatIsGoneShorterOrLongerIsNoticed() throws Exception {
        write(1500);
        List<Path> segments = Logs.files(live, ".log");
        for (Path segment : segments.subList(0, segments.size() - 1)) {
            byte[] whole = Files.readAllBytes(segment);
            Files.delete(segment);
            assertThrows(CorruptLogException.class, () -> open(new Logs.Sum()));
            for (int length : new int[] {0, 61, whole.length / 2, whole.length - 1, whole.length + 1}) {
                Files.write(segment, Arrays.copyOf(whole, length));
                assertThrows(CorruptLogException.class, () -> open(new Logs.Sum()));
            }
            Files.write(segment, whole);
        }
        open(new Logs.Sum()).close();
    }

    @Test
    void aSegmentThatBeginsWhereTheHeadWasIsNoHead() throws Exception {
        write(1000);
        List<Path> segments = Logs.files(live, ".log");
        Files.delete(segments.get(0));
        for (int round = 0; round < 2; round++) {
            CorruptLogException refused = assertThrows(CorruptLogException.class, () -> open(new Logs.Sum()));
            assertTrue(refused.getMessage().contains(segments.get(0).toString()), refused::getMessage);
            Logs.forgetCheckpoints(live);
        }
        Files.delete(live.resolve(LeaderEpochs.FILE_NAME));
        assertThrows(CorruptLogException.class, () -> open(new Logs.Sum()));
        assertEquals(segments.size() - 1, Logs.files(live, ".log").size());
    }

    @Test
    void aFoldThatCannotBeWrittenDownIsFedEverything() throws Exception {
        Logs.Remember fold = new Logs.Remember();
        try (Log log = open(fold)) {
            Logs.appendNumbers(log, 0, 700);
        }
        Logs.Remember again = new Logs.Remember();
        open(again).close();
        assertEquals(fold.seen, again.seen);
    }

    @Test
    void anIdleLogWithSomethingNewIsSummedUpOnce() throws Exception {
        try (Log log = open(new Logs.Sum())) {
            Logs.appendNumbers(log, 0, 10);
            Logs.settle(log);
            assertFalse(Files.exists(live.resolve(CheckpointFiles.FIRST_NAME)));
            int done = 0;
            for (int round = 0; round < 3 * Checkpointing.IDLE_ROUNDS; round++) {
                done += log.flush();
            }
            assertEquals(1, done);
            assertTrue(Files.exists(live.resolve(CheckpointFiles.FIRST_NAME)));
            assertFalse(Files.exists(live.resolve(CheckpointFiles.SECOND_NAME)));
        }
        assertFalse(Files.exists(live.resolve(CheckpointFiles.SECOND_NAME)), "closing had nothing new to say");
    }

    /** A checkpoint that can't be written costs nothing but the next opening's time. */
    @Test
    void aCheckpointThatFailsStopsNothing() throws Exception {
        FaultyDisk faulty = new FaultyDisk().withoutForces();
        Logs.Sum fold = new Logs.Sum();
        try (Log log = Logs.open(faulty, live, fold)) {
            Logs.appendNumbers(log, 0, 10);
            faulty.failEvery("replace");
            for (int round = 0; round < 2 * Checkpointing.IDLE_ROUNDS; round++) {
                log.flush();
            }
            assertEquals(null, log.failure());
            Logs.appendNumbers(log, 10, 20);
        }
        Logs.Sum restored = new Logs.Sum();
        open(restored).close();
        assertEquals(fold.state(), restored.state());
        assertEquals(20, restored.applied);
    }

    /** Counts how often its state is written down, which may be large. */
    private static final class Encoded implements SnapshottableFold {
        private final Logs.Sum sum = new Logs.Sum();
        private int times;

        @Override
        public void apply(RecordBatchView batch, long position) {
            sum.apply(batch, position);
        }

        @Override
        public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
            times++;
            sum.encodeSnapshot(sink, startOffset);
        }

        @Override
        public void restoreSnapshot(ByteBuffer source, Positions positions) throws IOException {
            sum.restoreSnapshot(source, positions);
        }
    }

    @Test
    void aStateWhoseCheckpointFailsIsEncodedAgainAfterEverLongerPauses() throws Exception {
        FaultyDisk faulty = new FaultyDisk().withoutForces();
        Encoded fold = new Encoded();
        try (Log log = Logs.open(faulty, live, fold)) {
            Logs.appendNumbers(log, 0, 300);
            faulty.failEvery("replace");
            int rounds = 4 * Checkpointing.MAX_PAUSE_ROUNDS;
            for (int round = 0; round < rounds; round++) {
                log.flush();
            }
            int doublings = Integer.SIZE - Integer.numberOfLeadingZeros(Checkpointing.MAX_PAUSE_ROUNDS);
            assertTrue(fold.times > doublings && fold.times <= doublings + 4, fold.times + " times");
            faulty.heal();
            for (int round = 0; round <= Checkpointing.MAX_PAUSE_ROUNDS; round++) {
                log.flush();
            }
            assertTrue(Files.exists(live.resolve(CheckpointFiles.FIRST_NAME)), "bounded");
            int before = fold.times;
            Logs.appendNumbers(log, 300, 600);
            Logs.settle(log);
            assertTrue(fold.times > before, "what was written ends the pauses");
        }
    }

    @Test
    void aLengthFieldThatLiesTakesNoMemory() throws Exception {
        LogConfig large = new LogConfig(64 << 20, 1 << 20, 4096);
        Path killed = directory.resolve("killed");
        try (Log log = Log.open(FileDisk.instance(), live, large, Logs.NOTHING)) {
            Logs.appendNumbers(log, 0, 3);
            long end = log.frontierPosition();
            Logs.killedCopy(live, killed);
            Path file = Logs.files(killed, ".log").get(0);
            byte[] bytes = Files.readAllBytes(file);
            System.arraycopy(bytes, 0, bytes, (int) end, 61);
            bytes[(int) end + 8] = 3;
            bytes[(int) end + 7] = (byte) log.frontierOffset();
            Files.write(file, bytes);
        }
        BatchScanner scanner = new BatchScanner(RecoveryProgress.UNHEARD);
        try (DiskFile file = FileDisk.instance().open(Logs.files(killed, ".log").get(0))) {
            scanner.begin(file, file.size());
            int position = 0;
            while (scanner.check(position) == BatchCheck.WHOLE) {
                position += scanner.batch().sizeInBytes();
            }
            assertNotEquals(0, position);
            assertEquals(BatchScanner.WINDOW_BYTES, scanner.windowBytes());
        }
    }

    /** As one that names aborted transactions from the log's start on: too many of them, until the start moves. */
    private static final class TooLargeBelow implements SnapshottableFold {
        private final Logs.Sum sum = new Logs.Sum();
        private final long offset;

        TooLargeBelow(long offset) {
            this.offset = offset;
        }

        @Override
        public void apply(RecordBatchView batch, long position) {
            sum.apply(batch, position);
        }

        @Override
        public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
            if (startOffset < offset) {
                throw new SnapshotTooLargeException(SnapshotWriter.MAX_SNAPSHOT_BYTES);
            }
            sum.encodeSnapshot(sink, startOffset);
        }

        @Override
        public void restoreSnapshot(ByteBuffer source, Positions positions) throws IOException {
            sum.restoreSnapshot(source, positions);
        }
    }

    /** Its head waits for checkpoints that sum it up, and they for a start that makes the state small. */
    @Test
    void aStateThatIsTooLargeForACheckpointKeepsNoHeadOnceTheStartHasMoved() throws Exception {
        TooLargeBelow fold = new TooLargeBelow(1000);
        try (Log log = open(fold)) {
            Logs.appendNumbers(log, 0, 1000);
            log.deleteRecordsBefore(900);
            Logs.settle(log);
            while (log.clean(0, Long.MAX_VALUE) > 0) {
                Logs.settle(log);
            }
            assertTrue(Files.exists(live.resolve(SegmentNames.fileName(0, ".log"))));
            log.deleteRecordsBefore(1100);
            Logs.appendNumbers(log, 1000, 1600);
            Logs.settle(log);
            log.clean(0, Long.MAX_VALUE);
            Logs.settle(log);
            while (log.clean(0, Long.MAX_VALUE) > 0) {
                Logs.settle(log);
            }
            assertFalse(Files.exists(live.resolve(SegmentNames.fileName(0, ".log"))));
            TooLargeBelow restored = new TooLargeBelow(1000);
            Logs.open(disk, Logs.killedCopy(live, directory.resolve("killed")), restored).close();
            assertEquals(fold.sum.state().subList(0, 3), restored.sum.state().subList(0, 3));
        }
    }
}
