package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogTimestampTest {
    private final FaultyDisk disk = new FaultyDisk().withoutForces();

    /** What was written: offset and timestamp of each record, in order. */
    private record Written(long offset, long timestamp) {
    }

    private static List<Written> append(Log log, Random random, int batches) {
        RecordBatchWriter writer = new RecordBatchWriter(1024, 1 << 16);
        Claim claim = new Claim();
        List<Written> written = new ArrayList<>();
        long now = 1000 + log.frontierOffset();
        for (int batch = 0; batch < batches; batch++) {
            now += random.nextInt(5);
            writer.begin(now);
            int count = 1 + random.nextInt(3);
            long[] timestamps = new long[count];
            for (int record = 0; record < count; record++) {
                timestamps[record] = Math.max(0, now + random.nextInt(200) - 100);
                writer.tryAppend(timestamps[record], null, new byte[random.nextInt(700)]);
            }
            ByteBuffer bytes = writer.finish();
            long offset = Logs.append(log, claim, bytes);
            for (int record = 0; record < count; record++) {
                written.add(new Written(offset + record, timestamps[record]));
            }
        }
        return written;
    }

    private static void expectAnswers(Log log, List<Written> written) {
        long youngest = -1;
        Written first = null;
        for (Written each : written) {
            if (each.timestamp() > youngest) {
                youngest = each.timestamp();
                first = each;
            }
        }
        TimestampedOffset max = log.offsetOfMaxTimestamp();
        assertEquals(first == null ? -1 : first.offset(), max.offset());
        assertEquals(youngest, max.timestampMs());
        for (long wanted = youngest + 1; wanted >= 0; wanted -= 1 + youngest / 60) {
            long target = wanted;
            Written expected = written.stream().filter(each -> each.timestamp() >= target).findFirst().orElse(null);
            TimestampedOffset found = log.offsetForTimestamp(target);
            assertEquals(expected == null ? -1 : expected.offset(), found.offset(), "since " + target);
            assertEquals(expected == null ? -1 : expected.timestamp(), found.timestampMs());
        }
    }

    @Property(tries = 12)
    void aSearchByTimestampAnswersLikeAListOfAllRecords(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path live = Files.createTempDirectory("semel-timestamps");
        try {
            List<Written> written = new ArrayList<>();
            for (int opening = 0; opening < 3; opening++) {
                try (Log log = Logs.open(disk, live, new Logs.Sum())) {
                    expectAnswers(log, written);
                    written.addAll(append(log, random, random.nextInt(250)));
                    expectAnswers(log, written);
                    Logs.settle(log);
                    expectAnswers(log, written);
                }
            }
        } finally {
            FileDisk.instance().delete(live);
        }
    }

    @TempDir
    Path directory;

    /** Row 15: a zero-padded time index made retention delete live data (KAFKA-10207). */
    @Test
    void aPaddedOrCutTimeIndexIsNotBelieved() throws Exception {
        Path live = directory.resolve("live");
        List<Written> written;
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            written = append(log, new Random(7), 600);
            Logs.settle(log);
        }
        Path index = Logs.files(live, ".timeindex").get(1);
        byte[] right = Files.readAllBytes(index);
        assertTrue(right.length > 5 * TimeIndex.ENTRY_LENGTH);
        for (int length : new int[] {0, TimeIndex.ENTRY_LENGTH, right.length - TimeIndex.ENTRY_LENGTH, right.length
                - 1}) {
            for (int padding : new int[] {0, 1, TimeIndex.ENTRY_LENGTH, 4096}) {
                Files.write(index, Arrays.copyOf(Arrays.copyOf(right, length), length + padding));
                expectRightAnswersAndFiles(live, written, index, right);
            }
        }
        Files.write(index, Arrays.copyOf(right, right.length + 10 * TimeIndex.ENTRY_LENGTH));
        expectRightAnswersAndFiles(live, written, index, right);
    }

    /** Row 16: index and log disagree after a crash (KAFKA-7401, KAFKA-13603). */
    @Test
    void anIndexOfAnotherSegmentIsNotBelieved() throws Exception {
        Path live = directory.resolve("live");
        List<Written> written;
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            written = append(log, new Random(8), 600);
            Logs.settle(log);
        }
        for (String suffix : List.of(".index", ".timeindex")) {
            List<Path> files = Logs.files(live, suffix);
            byte[] right = Files.readAllBytes(files.get(1));
            for (int other : new int[] {0, 2}) {
                Files.copy(files.get(other), files.get(1), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                expectRightAnswersAndFiles(live, written, files.get(1), right);
            }
        }
    }

    /** Kafka's own verification demands the last offset of a batch in either index. */
    @Test
    void anEntryWithAnotherOffsetOfItsBatchIsNotBelieved() throws Exception {
        Path live = directory.resolve("live");
        List<Written> written;
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            written = append(log, new Random(9), 600);
            Logs.settle(log);
        }
        for (Path times : Logs.files(live, ".timeindex")) {
            byte[] right = Files.readAllBytes(times);
            ByteBuffer wrong = ByteBuffer.wrap(right.clone());
            int last = right.length - Integer.BYTES;
            Files.write(times, wrong.putInt(last, wrong.getInt(last) - 1).array());
            expectRightAnswersAndFiles(live, written, times, right);
        }
        Path offsets = Logs.files(live, ".index").get(1);
        byte[] right = Files.readAllBytes(offsets);
        byte[] log = Files.readAllBytes(Logs.files(live, ".log").get(1));
        Files.write(offsets, withFirstOffsets(right, ByteBuffer.wrap(log)));
        expectRightAnswersAndFiles(live, written, offsets, right);
    }

    /** The index with the first offset of each batch; that each entry has the last one, is checked on the way. */
    private static byte[] withFirstOffsets(byte[] right, ByteBuffer log) {
        ByteBuffer wrong = ByteBuffer.wrap(right.clone());
        long segmentBase = RecordBatchLayout.baseOffset(log, 0);
        for (int at = 0; at < right.length; at += OffsetIndex.ENTRY_LENGTH) {
            int position = wrong.getInt(at + Integer.BYTES);
            assertEquals(RecordBatchLayout.lastOffset(log, position), segmentBase + wrong.getInt(at));
            wrong.putInt(at, (int) (RecordBatchLayout.baseOffset(log, position) - segmentBase));
        }
        assertTrue(!Arrays.equals(right, wrong.array()));
        return wrong.array();
    }

    private void expectRightAnswersAndFiles(Path live, List<Written> written, Path index, byte[] right)
            throws IOException {
        try (Log log = Logs.open(disk, live, new Logs.Sum())) {
            expectAnswers(log, written);
            expectSeeks(log, written);
            for (int round = 0; round < 20; round++) {
                log.flush();
            }
        }
        assertArrayEquals(right, Files.readAllBytes(index));
    }

    private static void expectSeeks(Log log, List<Written> written) {
        try (LogReader reader = log.openReader()) {
            for (int at = written.size() - 1; at >= 0; at -= 7) {
                long offset = written.get(at).offset();
                reader.seek(offset);
                assertTrue(reader.next(log.readablePosition()));
                assertTrue(reader.batch().baseOffset() <= offset && offset < reader.batch().nextOffset());
            }
        }
    }

    /** The producer's last batch stays without its record, so that retries are recognised; it is nobody's youngest record. */
    @Test
    void gapsAndEmptiedBatchesOfACompactedLogAreNoAnswer() throws Exception {
        try (CompactionRig rig = new CompactionRig(directory.resolve("compacted"))) {
            rig.nowMs = 5_000;
            long first = rig.put("a", rig.large(100));
            rig.nowMs = 9_000;
            rig.put(7, false, rig.large(100), "b");
            rig.nowMs = 6_000;
            long newest = rig.put("b", rig.large(100));
            rig.roll("x");
            long last = rig.newestOffsets().get("x");
            rig.nowMs = 1_000_000;
            rig.compact();
            assertEquals(List.of(first, newest), rig.read().stream().map(CompactionRig.Found::offset).toList()
                    .subList(0, 2));
            assertEquals(first, rig.log.offsetForTimestamp(0).offset());
            assertEquals(first, rig.log.offsetForTimestamp(5_000).offset());
            assertEquals(newest, rig.log.offsetForTimestamp(5_001).offset());
            assertEquals(TimestampedOffset.NONE, rig.log.offsetForTimestamp(6_001));
            assertEquals(newest, rig.log.offsetOfMaxTimestamp().offset());
            assertTrue(last > newest && rig.log.startOffset() == 0);
        }
    }

    @Test
    void theYoungestOfABatchWhoseBeginningWasDeletedIsOneThatIsLeft() throws Exception {
        try (Log log = Logs.open(disk, directory.resolve("live"), new Logs.Sum())) {
            RecordBatchWriter writer = new RecordBatchWriter(1024, 1 << 16).begin(100);
            for (long timestamp : new long[] {900, 300, 400}) {
                writer.tryAppend(timestamp, null, new byte[1]);
            }
            Logs.append(log, new Claim(), writer.finish());
            log.deleteRecordsBefore(1);
            assertEquals(2, log.offsetOfMaxTimestamp().offset());
            assertEquals(400, log.offsetOfMaxTimestamp().timestampMs());
            assertEquals(TimestampedOffset.NONE, log.offsetForTimestamp(401));
        }
    }
}
