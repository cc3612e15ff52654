package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.compaction.CompactionProgress;
import io.semel.log.compaction.OffsetMap;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What compaction keeps and what it takes away. */
class CompactionTest {
    @TempDir
    Path directory;

    private static List<Long> offsetsOf(CompactionRig rig, String key) {
        return rig.read().stream().filter(record -> record.key().equals(key)).map(CompactionRig.Found::offset).toList();
    }

    private static boolean holds(CompactionRig rig, long offset) {
        try (LogReader reader = rig.log.openReader()) {
            while (reader.next(rig.log.readablePosition())) {
                RecordBatchView batch = reader.batch();
                if (batch.baseOffset() <= offset && offset <= batch.lastOffset() && batch.recordCount() > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void theNewestOfEveryKeyStaysAtItsOffset() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            rig.put("a", "1");
            long b = rig.put("b", "1");
            long a = rig.put("a", "2");
            rig.roll("x");
            rig.compact();
            assertEquals(List.of(a), offsetsOf(rig, "a"));
            assertEquals(List.of(b), offsetsOf(rig, "b"));
            assertEquals(rig.expected(), rig.committed());
        }
    }

    private long sizeOfFiles() throws IOException {
        long bytes = 0;
        for (String suffix : List.of(".log", ".swap", ".cleaned")) {
            for (Path file : Logs.files(directory, suffix)) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    @Test
    void segmentsShrinkAndTheirFilesGo() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            for (int count = 0; count < 6; count++) {
                rig.roll("x");
            }
            long before = sizeOfFiles();
            rig.compact();
            assertTrue(sizeOfFiles() < before / 2, rig.log::toString);
            rig.reopen();
            assertEquals(rig.expected(), rig.committed());
            assertTrue(Logs.files(directory, ".swap").isEmpty());
            assertTrue(Logs.files(directory, ".log").size() <= 3, () -> rig.log.toString());
        }
    }

    @Test
    void aTombstoneStaysUntilItsHorizonAndIsThenGone() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            rig.put("a", "1");
            long tombstone = rig.delete("a");
            rig.roll("x");
            rig.compact();
            assertEquals(List.of(tombstone), offsetsOf(rig, "a"));
            rig.roll("x");
            long wait = CompactionRig.DELETE_RETENTION_MS - 2 * Compactor.BACK_OFF_MS;
            assertTrue(wait < 0, "the next round comes after the horizon");
            rig.compact();
            assertEquals(List.of(), offsetsOf(rig, "a"));
            assertEquals(rig.expected(), rig.committed());
        }
    }

    /** Row 19 of the failures of others, KAFKA-8522. */
    @Test
    void aMarkerNeverGoesBeforeItsData() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            long kept = rig.put(7, true, "stays", "kept");
            long marker = rig.end(7, ControlType.COMMIT);
            rig.put(7, true, "v", "other");
            rig.end(7, ControlType.COMMIT);
            for (int round = 0; round < 5; round++) {
                rig.put(7, true, "v" + round, "other");
                rig.end(7, ControlType.COMMIT);
                rig.roll("x");
                rig.compact();
                assertTrue(holds(rig, kept));
                assertTrue(holds(rig, marker));
                assertEquals(rig.expected(), rig.committed());
            }
        }
    }

    @Test
    void aMarkerGoesOnceItsDataIsGoneAndItsHorizonHasPassed() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            long data = rig.put(7, true, "old", "key");
            long marker = rig.end(7, ControlType.COMMIT);
            for (int batch = 0; batch <= CompactionRig.REMEMBERED; batch++) {
                rig.put(7, true, "new" + batch, "key");
                rig.end(7, ControlType.COMMIT);
            }
            rig.roll("x");
            rig.compact();
            assertFalse(holds(rig, data));
            assertTrue(holds(rig, marker), "its data was there when the round began");
            rig.roll("x");
            rig.compact();
            assertTrue(holds(rig, marker), "its horizon was set now");
            rig.roll("x");
            rig.compact();
            assertFalse(holds(rig, marker));
            rig.reopen();
            assertEquals(rig.expected(), rig.committed());
        }
    }

    @Test
    void whatWasAbortedGoesAndNeverComesBack() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            long good = rig.put("key", "good");
            long bad = rig.put(7, true, "bad", "key");
            rig.end(7, ControlType.ABORT);
            for (int round = 0; round < 6; round++) {
                rig.roll("x");
                rig.compact();
                assertTrue(holds(rig, good));
                assertFalse(holds(rig, bad));
                assertEquals(rig.expected(), rig.committed());
            }
            rig.reopen();
            assertEquals(rig.expected(), rig.committed());
        }
    }

    @Test
    void theListOfAbortedTransactionsIsCleanBeforeTheirMarkersGo() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            rig.put(7, true, "bad", "key");
            long marker = rig.end(7, ControlType.ABORT);
            for (int batch = 0; batch <= CompactionRig.REMEMBERED; batch++) {
                rig.put(7, true, "good" + batch, "key");
                rig.end(7, ControlType.COMMIT);
            }
            try (LogReader slow = rig.log.openReader()) {
                assertTrue(slow.next(rig.log.readablePosition()));
                for (int round = 0; round < 5; round++) {
                    rig.roll("x");
                    rig.compact();
                    assertTrue(rig.guide.isAborted(7, 0), "a reader stands in the old segment still");
                    assertTrue(holds(rig, marker));
                }
            }
            rig.roll("x");
            rig.compact();
            rig.roll("x");
            rig.compact();
            assertFalse(rig.guide.isAborted(7, 0));
            assertFalse(holds(rig, marker));
        }
    }

    @Test
    void nothingAtOrPastTheLastStableOffsetIsTouched() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            long older = rig.put("key", "older");
            long open = rig.put(7, true, "open", "key");
            long newer = rig.put("key", "newer");
            rig.roll("x");
            rig.compact();
            assertEquals(List.of(older, open, newer), offsetsOf(rig, "key"));
            rig.end(7, ControlType.ABORT);
            rig.compact();
            assertEquals(List.of(newer), offsetsOf(rig, "key"));
        }
    }

    @Test
    void recordsYoungerThanTheLagStayAsTheyAre() throws Exception {
        try (CompactionRig rig = new CompactionRig(FileDisk.instance(), directory,
                CompactionRig.config(10 * Compactor.BACK_OFF_MS))) {
            rig.put("key", "1");
            long last = rig.put("key", "2");
            rig.roll("x");
            rig.compact();
            assertEquals(2, offsetsOf(rig, "key").size());
            rig.nowMs += 10 * Compactor.BACK_OFF_MS;
            rig.compact();
            assertEquals(List.of(last), offsetsOf(rig, "key"));
        }
    }

    @Test
    void aMapThatIsFullCleansAsFarAsItGoesAndGoesOnNextTime() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            rig.withMemory(new OffsetMap(8));
            for (int round = 0; round < 2; round++) {
                for (int key = 0; key < 40; key += 4) {
                    rig.put(-1, false, "v" + round, "k" + key, "k" + (key + 1), "k" + (key + 2), "k" + (key + 3));
                }
            }
            rig.roll("x");
            rig.compact();
            for (int key = 0; key < 40; key++) {
                assertEquals(1, offsetsOf(rig, "k" + key).size());
            }
            assertEquals(rig.expected(), rig.committed());
        }
    }

    @Test
    void aRememberedBatchStaysWithoutRecordsAndTheStateIsFoldedFromIt() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            for (int batch = 0; batch < 10; batch++) {
                rig.put(7, false, "v" + batch, "key");
                rig.put(8, true, "w" + batch, "key");
                rig.end(8, batch % 2 == 0 ? ControlType.COMMIT : ControlType.ABORT);
            }
            rig.put("key", "last");
            String state = rig.guide.state();
            for (int round = 0; round < 5; round++) {
                rig.roll("x");
                rig.compact();
                rig.reopen();
                assertEquals(state, rig.guide.state());
                assertEquals(rig.expected(), rig.committed());
            }
            assertEquals(List.of(30L), offsetsOf(rig, "key"));
        }
    }

    @Test
    void aReaderGoesOnWhereverItStands() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            for (int count = 0; count < 4; count++) {
                rig.roll("x");
                rig.put("k" + count, "v");
            }
            rig.roll("x");
            long end = rig.log.readableOffset();
            for (long offset = 0; offset < end; offset++) {
                try (LogReader reader = rig.log.openReader()) {
                    reader.seek(offset);
                    assertTrue(reader.next(rig.log.readablePosition()));
                    rig.put("k" + offset % 4, "again");
                    if (offset % 5 == 0) {
                        rig.roll("x");
                        rig.compact();
                    }
                    long last = reader.nextOffset();
                    while (reader.next(rig.log.readablePosition())) {
                        assertTrue(reader.batch().isCrcValid());
                        assertTrue(reader.batch().baseOffset() >= last);
                        last = reader.nextOffset();
                    }
                    assertEquals(rig.log.readableOffset(), last);
                }
            }
        }
    }

    @Test
    void leftoversManyAndSmallBecomeOneFile() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            for (int count = 0; count < 12; count++) {
                rig.put("k" + count, "v");
                rig.roll("x");
            }
            rig.compact();
            rig.roll("x");
            rig.compact();
            rig.reopen();
            assertTrue(Logs.files(directory, ".log").size() <= 3, () -> rig.log.toString());
            assertEquals(rig.expected(), rig.committed());
        }
    }

    @Test
    void aDamagedOrLostSideFileOnlyMeansCompactingOnceMore() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            rig.put("a", "1");
            rig.put("a", "2");
            rig.roll("x");
            rig.compact();
            assertTrue(rig.log.compaction().compactedOffset() > 0);
            Path file = directory.resolve(CompactedOffset.FILE_NAME);
            byte[] right = Files.readAllBytes(file);
            for (int at = 0; at < right.length; at++) {
                byte[] wrong = right.clone();
                wrong[at] ^= 1;
                Files.write(file, wrong);
                assertEquals(0, CompactedOffset.load(FileDisk.instance(), directory).offset());
            }
            Files.delete(file);
            rig.reopen();
            assertEquals(0, rig.log.compaction().compactedOffset());
            rig.compact();
            assertTrue(rig.log.compaction().compactedOffset() > 0);
            assertEquals(rig.expected(), rig.committed());
        }
    }

    @Test
    void progressSaysWhatWasDone() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            rig.put("a", "1");
            rig.put("a", "2");
            rig.roll("x");
            rig.compact();
            CompactionProgress progress = rig.log.compaction().progress();
            assertTrue(progress.bytesRead() > progress.bytesWritten() && progress.bytesWritten() > 0,
                    progress::toString);
            assertTrue(progress.recordsKept() > 0);
            assertEquals(rig.written.size() - rig.read().size(), progress.recordsRemoved());
            assertEquals(1, progress.partDone());
        }
    }

    /** A compacted segment that came to be the last, its successor's directory entry being lost, must not take appends. */
    @Test
    void aCompactedSegmentNeverTakesAppends() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory)) {
            rig.put("a", "1");
            rig.put("a", "2");
            rig.roll("x");
            long lost = rig.log.readableOffset() - 1;
            rig.compact();
            rig.reopen();
            rig.log.close();
            List<Path> files = Logs.files(directory, ".log");
            Files.delete(files.get(files.size() - 1));
            // With one of them the loss would be noticed.
            Logs.forgetCheckpoints(directory);
            rig.written.remove(lost);
            for (int round = 0; round < 2; round++) {
                rig.open();
                rig.put("b", "after " + round);
                rig.log.close();
            }
            rig.open();
            assertEquals(rig.expected(), rig.committed());
            assertEquals(1, offsetsOf(rig, "a").size());
        }
    }

    @Test
    void theMarkersOnWhichARoundRestsAreOnTheMediumBeforeItCounts() throws Exception {
        try (CompactionRig undecided = new CompactionRig(directory.resolve("undecided"))) {
            undecided.put("k", "1");
            undecided.put(7, true, "2", "k");
            undecided.roll("x");
            long marker = undecided.end(7, ControlType.COMMIT);
            assertTrue(undecided.log.durableOffset() <= marker);
            for (int step = 0; step < 20; step++) {
                undecided.step();
            }
            assertTrue(undecided.log.compaction().compactedOffset() > 0);
            assertTrue(undecided.log.durableOffset() > marker);
        }
    }

    @Test
    void theYoungerBatchesByWhichAProducerIsRememberedAreOnTheMediumBeforeItsOlderOnesGo() throws Exception {
        try (CompactionRig remembering = new CompactionRig(directory.resolve("remembering"))) {
            remembering.put(7, false, "1", "k");
            remembering.put(7, false, "2", "k");
            remembering.roll("k");
            assertEquals(1, remembering.step());
            long younger = remembering.put(7, false, "3", "other");
            assertTrue(remembering.log.durableOffset() <= younger);
            while (remembering.log.compaction().compactedOffset() == 0) {
                assertTrue(remembering.step() > 0);
            }
            assertTrue(remembering.log.durableOffset() > younger);
        }
    }

    @Test
    void nothingCountsThatRestsOnAClaimThatIsStillOpen() throws Exception {
        try (CompactionRig waiting = new CompactionRig(directory.resolve("waiting"))) {
            waiting.put("k", "1");
            waiting.roll("k");
            assertEquals(1, waiting.step());
            DirectClaim open = new DirectClaim(waiting.log);
            assertTrue(open.tryClaim(null, 10, waiting.nowMs) >= 0);
            while (waiting.step() > 0) {
                assertEquals(0, waiting.log.compaction().compactedOffset());
            }
            assertEquals(List.of(), Logs.files(waiting.directory, ".swap"));
            open.abort();
            while (waiting.log.compaction().compactedOffset() == 0) {
                assertTrue(waiting.step() > 0);
            }
        }
    }

    @Test
    void aClaimThatStaysOpenKeepsNoOtherLogFromBeingCompacted() throws Exception {
        try (CompactionRig waiting = new CompactionRig(directory.resolve("waiting"));
                CompactionRig other = new CompactionRig(directory.resolve("other"))) {
            other.shareResourcesOf(waiting);
            other.put("k", "1");
            other.roll("k");
            waiting.put("k", "1");
            waiting.roll("k");
            DirectClaim open = new DirectClaim(waiting.log);
            assertTrue(open.tryClaim(null, 10, waiting.nowMs) >= 0);
            while (waiting.step() > 0) {
                assertEquals(0, other.step());
            }
            waiting.nowMs += CompactionRound.MAX_WAIT_MS + 1;
            assertEquals(0, waiting.step());
            assertEquals(List.of(), Logs.files(waiting.directory, ".cleaned"));
            other.compact();
            assertTrue(other.log.compaction().compactedOffset() > 0);
            open.abort();
            waiting.compact();
            assertTrue(waiting.log.compaction().compactedOffset() > 0);
        }
    }

    @Test
    void segmentsThatRetentionTakesFromARoundPutItOffAndNoMore() throws Exception {
        try (CompactionRig overtaken = new CompactionRig(directory.resolve("overtaken"))) {
            overtaken.put("k", "1");
            overtaken.roll("k");
            overtaken.put("k", "2");
            overtaken.roll("k");
            Logs.settle(overtaken.log);
            while (overtaken.step() > 0 && Logs.files(overtaken.directory, ".cleaned").isEmpty()) {
                assertEquals(0, overtaken.log.compaction().compactedOffset());
            }
            assertEquals(1, Logs.files(overtaken.directory, ".cleaned").size());
            long second = SegmentNames.baseOffsetOf(Logs.files(overtaken.directory, ".log").get(1));
            overtaken.deleteBefore(second);
            Logs.settle(overtaken.log);
            assertEquals(0, overtaken.step());
            assertEquals(List.of(), Logs.files(overtaken.directory, ".cleaned"));
            overtaken.nowMs += Compactor.BACK_OFF_MS;
            overtaken.compact();
            assertTrue(overtaken.log.compaction().compactedOffset() > second);
        }
    }

    @Test
    void noMoreOfTheDiskIsTakenInASecondThanTheLimit() throws Exception {
        try (CompactionRig paced = new CompactionRig(directory.resolve("paced"))) {
            paced.withDisk(1_000);
            paced.put("k", "1");
            paced.roll("k");
            long beganMs = paced.nowMs;
            while (paced.log.compaction().compactedOffset() == 0) {
                if (paced.step() == 0) {
                    paced.nowMs++;
                }
            }
            CompactionProgress progress = paced.log.compaction().progress();
            long bytes = progress.bytesMapped() + progress.bytesRead() + progress.bytesWritten();
            long tookMs = paced.nowMs - beganMs;
            assertTrue(bytes > 10_000 && tookMs >= bytes, () -> bytes + " bytes in " + tookMs + " ms");
        }
    }
}
