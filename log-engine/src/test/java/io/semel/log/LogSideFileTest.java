package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L4: whatever happens to a side file, the log, its fold, its indexes and its searches are what they were. */
class LogSideFileTest {
    private static final LogConfig CONFIG = new LogConfig(LogConfig.MIN_SEGMENT_BYTES, LogConfig.MIN_SEGMENT_BYTES,
            8192);
    private static final int BATCHES = 16;

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk().withoutForces();
    private final Map<Path, byte[]> sideFiles = new TreeMap<>();
    private List<Object> state;
    private List<Object> answers;
    private int epoch;

    @BeforeEach
    void write() throws IOException {
        Logs.Sum fold = new Logs.Sum();
        TestBatches batches = new TestBatches();
        for (int from : new int[] {0, BATCHES / 2}) {
            fold = new Logs.Sum();
            try (Log log = Log.open(disk, directory, CONFIG, fold)) {
                for (int number = from; number < from + BATCHES / 2; number++) {
                    Logs.append(log, new Claim(), batches.batch(0, 1000 + number, 2, 6000));
                }
                Logs.settle(log);
            }
        }
        state = fold.state();
        for (String suffix : List.of(".index", ".timeindex", "-a", "-b", "-checkpoint")) {
            for (Path file : Logs.files(directory, suffix)) {
                sideFiles.put(file, Files.readAllBytes(file));
            }
        }
        assertTrue(sideFiles.size() >= 2 * 2 + 2 + 1, sideFiles.keySet()::toString);
        expectAsBefore("");
    }

    @Test
    void eachSideFileMayBeGone() throws IOException {
        for (Path file : sideFiles.keySet()) {
            restoreAll();
            Files.delete(file);
            expectAsBefore(file + " deleted");
        }
    }

    @Test
    void bothCheckpointsAndAllIndexesMayBeGone() throws IOException {
        for (Path file : sideFiles.keySet()) {
            Files.deleteIfExists(file);
        }
        expectAsBefore("all deleted");
    }

    @Test
    void eachSideFileMayBeCutAnywhere() throws IOException {
        for (Map.Entry<Path, byte[]> each : sideFiles.entrySet()) {
            for (int length = 0; length < each.getValue().length; length += length % 4 == 0 ? 1 : 3) {
                damage(each.getKey(), Arrays.copyOf(each.getValue(), length), "cut at " + length);
            }
        }
    }

    @Test
    void eachSideFileMayBeZeroedFromAnywhere() throws IOException {
        for (Map.Entry<Path, byte[]> each : sideFiles.entrySet()) {
            for (int from = 0; from < each.getValue().length; from += 5) {
                byte[] zeroed = Arrays.copyOf(Arrays.copyOf(each.getValue(), from), each.getValue().length);
                damage(each.getKey(), zeroed, "zeroed from " + from);
            }
            damage(each.getKey(), Arrays.copyOf(each.getValue(), each.getValue().length + 4096), "padded");
        }
    }

    @Test
    void eachByteOfEachSideFileMayBeFlipped() throws IOException {
        for (Map.Entry<Path, byte[]> each : sideFiles.entrySet()) {
            for (int at = 0; at < each.getValue().length; at++) {
                byte[] flipped = each.getValue().clone();
                flipped[at] ^= (byte) (1 << at % 8);
                damage(each.getKey(), flipped, "flipped at " + at);
            }
        }
    }

    private void damage(Path file, byte[] content, String how) throws IOException {
        restoreAll();
        Files.write(file, content);
        expectAsBefore(file + " " + how);
    }

    private void restoreAll() throws IOException {
        for (Map.Entry<Path, byte[]> each : sideFiles.entrySet()) {
            Files.write(each.getKey(), each.getValue());
        }
    }

    private void expectAsBefore(String what) throws IOException {
        Logs.Sum fold = new Logs.Sum();
        try (Log log = Log.open(disk, directory, CONFIG, fold)) {
            assertEquals(state, fold.state(), what);
            List<Object> found = answersOf(log);
            if (answers == null) {
                answers = found;
                epoch = log.leaderEpoch();
            }
            assertEquals(answers, found, what);
            assertTrue(log.leaderEpoch() >= epoch, what);
            for (int round = 0; round < 8; round++) {
                log.flush();
            }
        }
        for (Map.Entry<Path, byte[]> each : sideFiles.entrySet()) {
            if (each.getKey().toString().endsWith("index")) {
                assertArrayEquals(each.getValue(), Files.readAllBytes(each.getKey()), what);
            }
        }
    }

    /** What every seek and every search by timestamp finds. */
    private static List<Object> answersOf(Log log) {
        List<Object> answers = new ArrayList<>();
        try (LogReader reader = log.openReader()) {
            for (long offset = 0; offset < log.readableOffset(); offset++) {
                reader.seek(offset);
                reader.next(log.readablePosition());
                answers.add(reader.batch().baseOffset());
            }
        }
        for (long timestamp = 995; timestamp < 1000 + BATCHES + 2; timestamp++) {
            answers.add(log.offsetForTimestamp(timestamp).offset());
        }
        answers.add(log.offsetOfMaxTimestamp().offset());
        return answers;
    }
}
