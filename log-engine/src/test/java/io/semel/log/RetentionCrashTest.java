package io.semel.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L3, L5, L6: whatever fails, and wherever the process dies while segments are deleted, the log begins at its old or new start. */
class RetentionCrashTest {
    private static final int BATCHES = 45;
    private static final int BATCH_BYTES = 6000;
    private static final LogConfig KEEPING_ONE = RetentionTest.keeping(RetentionConfig.UNLIMITED, BATCH_BYTES,
            Long.MAX_VALUE);

    @TempDir
    Path directory;

    private final TestBatches batches = new TestBatches();

    private Log open(FaultyDisk disk, Path each) throws IOException {
        return Log.open(disk, each, KEEPING_ONE, Logs.NOTHING);
    }

    private Log fill(FaultyDisk disk, Path each) throws IOException {
        Log log = open(disk, each);
        for (long number = 0; number < BATCHES; number++) {
            assertEquals(number, Logs.append(log, new Claim(), batches.batchOfSize(number, BATCH_BYTES)));
        }
        Logs.settle(log);
        return log;
    }

    /** What each work leaves when it is done: where the log begins. */
    private interface Work {
        void run(Log log) throws IOException;
    }

    private static void cleanByTime(Log log) {
        log.clean(1L << 40, Long.MAX_VALUE);
    }

    private void expectWhole(FaultyDisk disk, Path each, long... starts) throws IOException {
        long start;
        try (Log log = open(disk, each)) {
            start = log.startOffset();
            long found = start;
            assertTrue(Arrays.stream(starts).anyMatch(allowed -> allowed == found),
                    () -> "start=" + found + " in " + each);
            assertEquals(LogTest.numbers(start, BATCHES), Logs.readNumbers(log));
        }
        try (Log again = open(disk, each)) {
            assertEquals(start, again.startOffset(), "recovering twice is recovering once");
            cleanByTime(again);
            assertEquals(40, again.startOffset());
            assertEquals(1, Logs.files(each, ".log").size());
            assertEquals(LogTest.numbers(40, BATCHES), Logs.readNumbers(again));
        }
    }

    @Test
    void aCallThatFailsWhileSegmentsAreDeletedLosesNothing() throws Exception {
        failEveryCall(1, RetentionCrashTest::cleanByTime, 0, 40);
        failEveryCall(Long.MAX_VALUE, RetentionCrashTest::cleanByTime, 0, 40);
    }

    @Test
    void aCallThatFailsWhileRecordsAreDeletedLosesNothing() throws Exception {
        failEveryCall(1, log -> log.deleteRecordsBefore(30), 0, 30);
        failEveryCall(Long.MAX_VALUE, log -> log.deleteRecordsBefore(30), 0, 30);
    }

    private void failEveryCall(long count, Work work, long... starts) throws IOException {
        boolean failed = true;
        for (int call = 0; failed; call++) {
            Path each = directory.resolve("call" + call + "of" + count + "to" + starts[1]);
            FaultyDisk disk = new FaultyDisk().withoutForces();
            Log log = fill(disk, each);
            disk.failNext(call, count);
            long before = log.startOffset();
            try {
                work.run(log);
            } catch (IOException e) {
                assertTrue(e.toString().contains("made up"), e::toString);
            }
            failed = disk.failures() > 0;
            disk.heal();
            assertTrue(log.startOffset() >= before);
            assertEquals(LogTest.numbers(log.startOffset(), BATCHES), Logs.readNumbers(log));
            log.close();
            expectWhole(new FaultyDisk().withoutForces(), each, starts);
        }
    }

    @Test
    void aKillAnywhereWhileSegmentsAreDeletedLeavesTheOldOrTheNewStart() throws Exception {
        killAtEveryCall(RetentionCrashTest::cleanByTime, 0, 40);
    }

    @Test
    void aKillAnywhereWhileRecordsAreDeletedLeavesTheOldOrTheNewStart() throws Exception {
        killAtEveryCall(log -> log.deleteRecordsBefore(30), 0, 30);
    }

    private void killAtEveryCall(Work work, long... starts) throws IOException {
        FaultyDisk disk = new FaultyDisk().withoutForces();
        Path live = directory.resolve("live");
        List<Path> copies = new ArrayList<>();
        try (Log log = fill(disk, live)) {
            disk.beforeEachCall(() -> copies.add(Logs.killedCopy(live, directory.resolve("copy" + copies.size()))));
            work.run(log);
            disk.beforeEachCall(() -> {
            });
            copies.add(Logs.killedCopy(live, directory.resolve("copy" + copies.size())));
        }
        assertTrue(copies.size() >= 2, "several calls: " + copies);
        for (Path copy : copies) {
            expectWhole(new FaultyDisk().withoutForces(), copy, starts);
        }
    }

    /** Depth 2: the recovery that deletes what was left over dies as well. */
    @Test
    void aRecoveryThatDiesWhileItDeletesLeftoversChangesNothingForTheNext() throws Exception {
        Path live = directory.resolve("live");
        Log log = fill(new FaultyDisk().withoutForces(), live);
        List<LogReader> readers = new ArrayList<>();
        for (long offset = 0; offset < 40; offset += 10) {
            LogReader reader = log.openReader();
            reader.seek(offset);
            readers.add(reader);
        }
        cleanByTime(log);
        Path killed = Logs.killedCopy(live, directory.resolve("killed"));
        readers.forEach(LogReader::close);
        log.close();
        assertEquals(5, Logs.files(killed, ".log").size());
        boolean failed = true;
        for (int call = 0; failed; call++) {
            Path each = Logs.killedCopy(killed, directory.resolve("call" + call));
            FaultyDisk disk = new FaultyDisk().withoutForces();
            disk.fail(call, Long.MAX_VALUE);
            try {
                open(disk, each).close();
            } catch (IOException e) {
                assertTrue(e.toString().contains("made up"), e::toString);
            }
            failed = disk.failures() > 0;
            expectWhole(new FaultyDisk().withoutForces(), each, 40);
        }
    }

    /** The start first, then the files: without it recovery would take the rest for a damaged log. */
    @Test
    void aLogWhoseStartFileCannotBeWrittenKeepsItsSegments() throws Exception {
        FaultyDisk disk = new FaultyDisk().withoutForces();
        try (Log log = fill(disk, directory)) {
            disk.failEvery("replace");
            assertEquals(0, log.clean(1L << 40, Long.MAX_VALUE));
            assertThrows(IOException.class, () -> log.deleteRecordsBefore(30));
            assertEquals(0, log.startOffset());
            assertEquals(5, Logs.files(directory, ".log").size());
            disk.heal();
            cleanByTime(log);
            assertEquals(40, log.startOffset());
        }
    }

    @Test
    void whatNoCheckpointSumsUpIsFedToTheFoldAlsoBelowTheStart() throws Exception {
        Logs.Sum before = new Logs.Sum();
        Log log = Log.open(new FaultyDisk().withoutForces(), directory.resolve("log"), KEEPING_ONE, before);
        for (long number = 0; number < BATCHES; number++) {
            Logs.append(log, new Claim(), batches.batchOfSize(number, BATCH_BYTES));
        }
        log.deleteRecordsBefore(BATCHES - 1);
        Path killed = Logs.killedCopy(directory.resolve("log"), directory.resolve("killed"));
        Logs.Sum after = new Logs.Sum();
        try (Log found = Log.open(new FaultyDisk().withoutForces(), killed, KEEPING_ONE, after)) {
            assertEquals(BATCHES - 1, found.startOffset());
            assertEquals(before.state(), after.state());
        }
        log.close();
    }

    @Test
    void aTornSegmentBehindTheOneThatTheCheckpointNamedTakesAppendsAgain() throws Exception {
        Path live = directory.resolve("live");
        FaultyDisk disk = new FaultyDisk().withoutForces();
        try (Log log = Log.open(disk, live, KEEPING_ONE, new Logs.Sum())) {
            append(log, 0, 10);
        }
        Path killed = directory.resolve("killed");
        try (Log log = Log.open(disk, live, KEEPING_ONE, new Logs.Sum())) {
            append(log, 10, 12);
            Logs.settle(log);
            append(log, 12, 25);
            cleanByTime(log);
            assertEquals(10, log.startOffset());
            Logs.killedCopy(live, killed);
        }
        // What is left sums up ten records and names their segment, which is gone.
        Files.delete(killed.resolve(CheckpointFiles.SECOND_NAME));
        try (RandomAccessFile torn = new RandomAccessFile(killed.resolve(SegmentNames.fileName(10, ".log")).toFile(),
                "rw")) {
            torn.seek(5 * BATCH_BYTES + 100);
            torn.write(1);
        }
        try (Log log = Log.open(disk, killed, KEEPING_ONE, new Logs.Sum())) {
            assertEquals(LogTest.numbers(10, 15), Logs.readNumbers(log));
            append(log, 15, 30);
            assertEquals(LogTest.numbers(10, 30), Logs.readNumbers(log));
        }
    }

    @Test
    void aClaimThatWasLeftOpenWhereTheLogBeginsIsCut() throws Exception {
        Path live = directory.resolve("live");
        Path killed = directory.resolve("killed");
        FaultyDisk disk = new FaultyDisk().withoutForces();
        try (Log log = Log.open(disk, live, KEEPING_ONE, new Logs.Sum())) {
            append(log, 0, 10);
        }
        try (Log log = Log.open(disk, live, KEEPING_ONE, new Logs.Sum())) {
            DirectClaim open = new DirectClaim(log);
            assertEquals(10, open.tryClaim(new byte[4], BATCH_BYTES, 1));
            log.deleteRecordsBefore(10);
            Logs.settle(log);
            cleanByTime(log);
            assertEquals(1, Logs.files(live, ".log").size());
            Logs.killedCopy(live, killed);
            open.abort();
        }
        try (Log log = Log.open(disk, killed, KEEPING_ONE, new Logs.Sum())) {
            append(log, 10, 15);
            assertEquals(LogTest.numbers(10, 15), Logs.readNumbers(log));
        }
        try (Log log = Log.open(disk, killed, KEEPING_ONE, new Logs.Sum())) {
            assertEquals(LogTest.numbers(10, 15), Logs.readNumbers(log));
        }
    }

    private void append(Log log, long from, long to) {
        for (long number = from; number < to; number++) {
            assertEquals(number, Logs.append(log, new Claim(), batches.batchOfSize(number, BATCH_BYTES)));
        }
    }
}
