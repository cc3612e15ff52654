package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.memory.Disk;
import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RetentionTest {
    private static final long FOR_EVER = Long.MAX_VALUE;
    private static final int BATCH_BYTES = 6000;
    /** Ten batches of 6000 bytes fill a segment of 64 KiB. */
    private static final int PER_SEGMENT = 10;
    private static final int SEGMENT_BYTES = PER_SEGMENT * BATCH_BYTES;

    @TempDir
    Path directory;

    private final TestBatches batches = new TestBatches();
    private final Claim claim = new Claim();
    private final FaultyDisk disk = new FaultyDisk().withoutForces();

    static LogConfig keeping(long retentionMs, long retentionBytes, long segmentMs) {
        return Logs.SMALL.withRetention(new RetentionConfig(retentionMs, retentionBytes, segmentMs));
    }

    private Log open(LogConfig config) throws IOException {
        return open(disk, config);
    }

    private Log open(Disk on, LogConfig config) throws IOException {
        return Log.open(on, directory, config, Logs.NOTHING);
    }

    /** Offset, number and timestamp are the same. */
    private void append(Log log, long from, long to) {
        for (long number = from; number < to; number++) {
            assertEquals(number, Logs.append(log, claim, batch(number)));
        }
        Logs.settle(log);
    }

    private ByteBuffer batch(long number) {
        ByteBuffer batch = batches.batchOfSize(number, BATCH_BYTES);
        assertEquals(number, RecordBatchLayout.maxTimestamp(batch, 0));
        return batch;
    }

    private void cleanAll(Log log, long nowMs, long bound) {
        while (log.clean(nowMs, bound) > 0) {
            Logs.settle(log);
        }
    }

    private void expect(Log log, long from, long to) throws IOException {
        assertEquals(from, log.startOffset());
        assertEquals(LogTest.numbers(from, to), numbersFrom(log, 0));
    }

    private List<Long> numbersFrom(Log log, long offset) {
        List<Long> numbers = new ArrayList<>();
        try (LogReader reader = log.openReader()) {
            reader.seek(offset);
            while (reader.next(log.frontierPosition())) {
                assertTrue(reader.batch().isCrcValid());
                numbers.add(batches.number(reader.batch()));
            }
        }
        return numbers;
    }

    private List<String> fileNames(String suffix) throws IOException {
        return Logs.files(directory, suffix).stream().map(file -> file.getFileName().toString()).toList();
    }

    @Test
    void segmentsGoWhenTheirNewestRecordIsOlderThanTheLimit() throws Exception {
        try (Log log = open(keeping(1000, RetentionConfig.UNLIMITED, FOR_EVER))) {
            append(log, 0, 35);
            cleanAll(log, 1000 + 19, FOR_EVER);
            expect(log, 10, 35);
            cleanAll(log, 1000 + 20, FOR_EVER);
            expect(log, 20, 35);
            assertEquals(List.of(SegmentNames.fileName(20, ".log"), SegmentNames.fileName(30, ".log")), fileNames(
                    ".log"));
            assertEquals(List.of(SegmentNames.fileName(20, ".index")), fileNames(".index"));
            assertEquals(15L * BATCH_BYTES, log.sizeInBytes());
            assertEquals(new CleaningProgress(2, 2L * SEGMENT_BYTES, 0, 1020), log.cleaningProgress());
        }
        try (Log again = open(Logs.SMALL)) {
            expect(again, 20, 35);
            append(again, 35, 40);
            expect(again, 20, 40);
            assertEquals(0, again.leaderEpoch());
        }
    }

    @Test
    void theOldestSegmentsGoWhileTheRestIsLargeEnough() throws Exception {
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, SEGMENT_BYTES + BATCH_BYTES, FOR_EVER))) {
            append(log, 0, 30);
            cleanAll(log, 0, FOR_EVER);
            expect(log, 10, 30);
            append(log, 30, 31);
            cleanAll(log, 0, FOR_EVER);
            expect(log, 20, 31);
        }
    }

    @Test
    void nothingGoesWithoutLimitsOrWhereThePolicyIsToCompact() throws Exception {
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, RetentionConfig.UNLIMITED, FOR_EVER))) {
            append(log, 0, 30);
            assertEquals(0, log.clean(FOR_EVER, FOR_EVER));
            expect(log, 0, 30);
        }
        LogConfig compacted = keeping(0, 0, FOR_EVER)
                .withCompaction(CompactionConfig.DEFAULT.withPolicy(CleanupPolicy.COMPACT));
        try (Log log = open(compacted)) {
            assertEquals(0, log.clean(1L << 40, FOR_EVER));
            expect(log, 0, 30);
        }
    }

    @Test
    void nothingAtOrPastTheBoundGoes() throws Exception {
        try (Log log = open(keeping(0, 0, FOR_EVER))) {
            append(log, 0, 35);
            cleanAll(log, 1L << 40, 0);
            expect(log, 0, 35);
            cleanAll(log, 1L << 40, 19);
            expect(log, 10, 35);
            cleanAll(log, 1L << 40, 20);
            expect(log, 20, 35);
        }
    }

    @Test
    void theActiveSegmentIsRolledWhenItsOldestRecordIsOldAndGoesThen() throws Exception {
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, 0, 100))) {
            append(log, 0, 5);
            assertEquals(0, log.clean(50, FOR_EVER));
            assertEquals(0, log.clean(100, FOR_EVER));
            assertEquals(1, log.clean(151, FOR_EVER));
            expect(log, 0, 5);
            assertEquals(0, log.clean(1000, FOR_EVER), "not finished yet");
            Logs.settle(log);
            cleanAll(log, 151, FOR_EVER);
            expect(log, 5, 5);
            assertEquals(0, log.clean(1L << 40, FOR_EVER), "an empty segment is not rolled");
            append(log, 5, 7);
            expect(log, 5, 7);
        }
        try (Log again = open(Logs.SMALL)) {
            expect(again, 5, 7);
        }
    }

    @Test
    void recordsThatWereOldWhenTheyCameDoNotRollASegmentAtEveryLook() throws Exception {
        long now = 1L << 40;
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, RetentionConfig.UNLIMITED, 1L << 32))) {
            append(log, 0, 1);
            for (long ms = 0; ms < Retention.MIN_ROLL_INTERVAL_MS; ms += 1000) {
                assertEquals(0, log.clean(now + ms, FOR_EVER));
            }
            assertEquals(1, log.clean(now + Retention.MIN_ROLL_INTERVAL_MS, FOR_EVER));
        }
    }

    @Test
    void changedLimitsHoldFromTheNextRoundOn() throws Exception {
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, RetentionConfig.UNLIMITED, FOR_EVER))) {
            append(log, 0, 25);
            log.retain(new RetentionConfig(0, RetentionConfig.UNLIMITED, FOR_EVER));
            cleanAll(log, 15, FOR_EVER);
            expect(log, 10, 25);
        }
    }

    /** Row 15, KAFKA-10207: entries of a time index that were never written said that all records were from 1970. */
    @Test
    void aTimeIndexPaddedWithZerosDeletesNothing() throws Exception {
        long now = 1L << 40;
        LogConfig config = keeping(1000, RetentionConfig.UNLIMITED, FOR_EVER);
        try (Log log = open(config)) {
            for (int number = 0; number < 25; number++) {
                Logs.append(log, claim, batches.batchOfSize(now, BATCH_BYTES));
            }
            Logs.settle(log);
        }
        byte[] zeros = new byte[12 * 100];
        for (Path segment : Logs.files(directory, ".log")) {
            Path index = SegmentNames.indexOf(segment);
            Files.write(Path.of(index.toString().replace(".index", ".timeindex")), zeros);
            if (Files.exists(index)) {
                Files.write(index, zeros);
            }
        }
        try (Log log = open(config)) {
            cleanAll(log, now + 1000, FOR_EVER);
            assertEquals(0, log.startOffset());
            assertEquals(25, numbersFrom(log, 0).size());
            cleanAll(log, now + 1001, FOR_EVER);
            assertEquals(20, log.startOffset());
        }
    }

    @Test
    void deletedRecordsAreNeverServedAgain() throws Exception {
        Log log = open(Logs.SMALL);
        append(log, 0, 35);
        try (LogReader reader = log.openReader()) {
            assertTrue(reader.next(log.frontierPosition()));
            assertEquals(13, log.deleteRecordsBefore(13));
            assertEquals(13, log.deleteRecordsBefore(7), "the start never goes back (L6)");
            expect(log, 13, 35);
            List<Long> seen = new ArrayList<>();
            while (reader.next(log.frontierPosition())) {
                seen.add(batches.number(reader.batch()));
            }
            List<Long> finished = new ArrayList<>(LogTest.numbers(1, 10));
            finished.addAll(LogTest.numbers(13, 35));
            assertEquals(finished, seen, "a reader finishes the segment in which it stands");
        }
        assertThrows(IllegalArgumentException.class, () -> log.deleteRecordsBefore(36));
        log.close();
        assertThrows(IOException.class, () -> log.deleteRecordsBefore(20));
        try (Log again = open(Logs.SMALL)) {
            expect(again, 13, 35);
            assertEquals(35, again.deleteRecordsBefore(35));
            expect(again, 35, 35);
        }
        try (Log again = open(Logs.SMALL)) {
            expect(again, 35, 35);
            append(again, 35, 36);
            expect(again, 35, 36);
        }
    }

    @Test
    void filesGoOnceTheirLastReaderIsGone() throws Exception {
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, 0, FOR_EVER))) {
            append(log, 0, 45);
            LogReader first = log.openReader();
            LogReader third = log.openReader();
            third.seek(25);
            cleanAll(log, 0, FOR_EVER);
            assertEquals(40, log.startOffset());
            assertEquals(List.of(SegmentNames.fileName(0, ".log"), SegmentNames.fileName(20, ".log"), SegmentNames
                    .fileName(40,
                            ".log")),
                    fileNames(".log"));
            assertEquals(2, log.cleaningProgress().segmentsStillRead());
            assertEquals(3, disk.mappedRegions());
            while (first.next(log.frontierPosition())) {
                assertTrue(first.batch().isCrcValid());
            }
            assertEquals(45, first.nextOffset());
            cleanAll(log, 0, FOR_EVER);
            assertEquals(List.of(SegmentNames.fileName(20, ".log"), SegmentNames.fileName(40, ".log")), fileNames(
                    ".log"));
            third.close();
            cleanAll(log, 0, FOR_EVER);
            assertEquals(List.of(SegmentNames.fileName(40, ".log")), fileNames(".log"));
            assertEquals(List.of(), fileNames(".index"));
            assertEquals(1, disk.mappedRegions());
            first.close();
        }
    }

    @Test
    void whatAReaderKeptFromDeletionGoesAtTheNextOpening() throws Exception {
        Log log = open(keeping(RetentionConfig.UNLIMITED, 0, FOR_EVER));
        append(log, 0, 35);
        LogReader reader = log.openReader();
        reader.seek(12);
        cleanAll(log, 0, FOR_EVER);
        log.close();
        reader.close();
        assertEquals(2, fileNames(".log").size());
        try (Log again = open(Logs.SMALL)) {
            expect(again, 30, 35);
            assertEquals(List.of(SegmentNames.fileName(30, ".log")), fileNames(".log"));
            assertEquals(0, again.leaderEpoch(), "a clean end stays a clean end");
        }
    }

    @Test
    void aFirstSegmentThatIsLostIsMissed() throws Exception {
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, 2 * SEGMENT_BYTES, FOR_EVER))) {
            append(log, 0, 45);
            cleanAll(log, 0, FOR_EVER);
            expect(log, 20, 45);
        }
        Path first = directory.resolve(SegmentNames.fileName(20, ".log"));
        Path aside = directory.resolve("aside");
        Files.move(first, aside);
        String message = assertThrows(CorruptLogException.class, () -> open(Logs.SMALL)).getMessage();
        assertTrue(message.contains(SegmentNames.fileName(20, ".log")) && message.contains(SegmentNames.fileName(30,
                ".log")),
                message);
        Files.move(aside, first);
        try (Log again = open(Logs.SMALL)) {
            expect(again, 20, 45);
        }
    }

    @Test
    void aFirstSegmentThatIsLostIsMissedBeforeAnythingWasDeleted() throws Exception {
        try (Log log = open(Logs.SMALL)) {
            append(log, 0, 25);
            assertEquals(0, log.clean(0, FOR_EVER));
        }
        Files.delete(directory.resolve(SegmentNames.fileName(0, ".log")));
        assertThrows(CorruptLogException.class, () -> open(Logs.SMALL));
    }

    @Test
    void aLogThatEndsBelowItsStartIsRefused() throws Exception {
        try (Log log = open(Logs.SMALL)) {
            append(log, 0, 25);
            log.deleteRecordsBefore(25);
        }
        Files.write(directory.resolve(SegmentNames.fileName(20, ".log")), new byte[0]);
        assertThrows(CorruptLogException.class, () -> open(Logs.SMALL));
    }

    /** L4: without its file the log begins with its first segment, and says so in a new one. */
    @Test
    void aStartFileThatIsMissingCutOrFlippedAnywhereIsWrittenAnew() throws Exception {
        try (Log log = open(keeping(RetentionConfig.UNLIMITED, SEGMENT_BYTES, FOR_EVER))) {
            append(log, 0, 35);
            cleanAll(log, 0, FOR_EVER);
            log.deleteRecordsBefore(24);
        }
        Path file = directory.resolve(LogStart.FILE_NAME);
        byte[] whole = Files.readAllBytes(file);
        List<byte[]> damages = new ArrayList<>();
        for (int at = 0; at < whole.length; at++) {
            damages.add(Arrays.copyOf(whole, at));
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                damages.add(flipped);
            }
        }
        damages.add(new byte[whole.length]);
        damages.add(Arrays.copyOf(whole, whole.length + 1));
        for (byte[] damage : damages) {
            Files.write(file, damage);
            try (Log log = open(Logs.SMALL)) {
                assertEquals(20, log.startOffset());
            }
        }
        Files.delete(file);
        try (Log log = open(Logs.SMALL)) {
            expect(log, 20, 35);
            log.clean(0, FOR_EVER);
            assertTrue(Files.exists(file));
        }
        try (Log log = open(Logs.SMALL)) {
            expect(log, 20, 35);
        }
    }

    @Test
    void aRunOfSegmentsIsReplacedUnderItsReaders() throws Exception {
        SegmentChain chain = chainOfFour();
        List<Segment> run = List.of(chain.all()).subList(1, 3);
        Segment merged = merge(run);
        Segment stale = chain.all()[1];
        assertTrue(stale.region().tryLease());
        assertTrue(chain.replace(run, merged));
        assertEquals(List.of(0L, 10L, 30L), List.of(chain.all()).stream().map(Segment::baseOffset).toList());
        assertEquals(merged, chain.holding(25));
        assertEquals(merged, chain.following(stale, 20));
        assertFalse(chain.replace(run, merged), "the run is not there any more");
        assertThrows(IllegalArgumentException.class, () -> chain.replace(List.of(chain.all()).subList(0, 1), merged));
        assertEquals(1, chain.deleteRetired());
        assertEquals(1, chain.retiredCount());
        stale.region().release();
        assertEquals(1, chain.deleteRetired());
        assertEquals(List.of(SegmentNames.fileName(0, ".log"), SegmentNames.fileName(30, ".log")), fileNames(".log"));
        assertEquals(1, chain.retireBelow(25).size());
        assertEquals(merged, chain.first());
        chain.close();
    }

    private SegmentChain chainOfFour() throws IOException {
        try (Log log = open(Logs.SMALL)) {
            append(log, 0, 35);
        }
        LogRecovery recovery = LogRecovery.of(disk, directory, Logs.SMALL, Logs.NOTHING,
                RecoveryProgress.UNHEARD);
        return SegmentChain.open(disk, directory, Logs.SMALL, recovery.scan(), SegmentUse.APPEND);
    }

    private Segment merge(List<Segment> run) throws IOException {
        Path file = directory.resolve("merged.swap");
        int length = 0;
        for (Segment segment : run) {
            byte[] bytes = new byte[segment.sizeInBytes()];
            segment.buffer().get(0, bytes);
            Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            length += bytes.length;
        }
        return Segment.recovered(disk, new RecoveredSegment(file, run.get(0).baseOffset(), run.get(0).basePosition(),
                length, 20, Optional.empty()), Logs.SMALL, SegmentUse.READ);
    }

    @Test
    void anOfflineLogDeletesNothing() throws Exception {
        Log log = open(keeping(0, 0, FOR_EVER));
        append(log, 0, 25);
        disk.failEvery("force");
        log.tryForce();
        Logs.append(log, claim, batch(25));
        log.tryForce();
        assertTrue(log.failure() != null);
        disk.heal();
        assertEquals(0, log.clean(1L << 40, FOR_EVER));
        assertEquals(3, fileNames(".log").size());
        log.close();
    }

    @Test
    void aClosedLogIsLeftAlone() throws Exception {
        Log log = open(keeping(0, 0, FOR_EVER));
        append(log, 0, 25);
        log.close();
        assertEquals(0, log.clean(1L << 40, FOR_EVER));
        assertEquals(3, fileNames(".log").size());
    }
}
