package io.semel.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.Disk;
import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Cuts and flips at every byte: the recovered log is a prefix (L2), or, where it was complete, left alone. */
class LogCorruptionTest {
    @TempDir
    Path directory;

    private final Disk disk = new FaultyDisk().withoutForces();
    private Path live;

    @BeforeEach
    void name() {
        live = directory.resolve("live");
    }

    @Test
    void aTailCutAtAnyByteLeavesThePrefixOfWholeBatches() throws Exception {
        List<Logs.Seen> all = write(0, 4);
        Path file = Logs.files(live, ".log").get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            expectPrefix(all, whole.length - length, length);
        }
    }

    @Test
    void aMissingFirstSegmentIsNamedAndNothingIsChanged() throws Exception {
        write(0, 1000);
        List<Path> files = Logs.files(live, ".log");
        assertTrue(files.size() > 1);
        Files.delete(files.get(0));
        byte[] last = Files.readAllBytes(files.get(files.size() - 1));
        IOException refused = assertThrows(CorruptLogException.class, () -> Logs.open(disk, live, Logs.NOTHING));
        assertTrue(refused.getMessage().contains(files.get(0).toString()), refused.getMessage());
        assertArrayEquals(last, Files.readAllBytes(files.get(files.size() - 1)));
    }

    @Test
    void aTailOfZerosAfterAnyByteLeavesThePrefixOfWholeBatches() throws Exception {
        List<Logs.Seen> all = write(0, 4);
        Path file = Logs.files(live, ".log").get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 3) {
            byte[] torn = Arrays.copyOf(Arrays.copyOf(whole, length), whole.length + 5000);
            Files.write(file, torn);
            forgetEarlierLives();
            try (Log log = Logs.open(disk, live, Logs.NOTHING)) {
                List<Logs.Seen> left = Logs.readAll(log);
                assertEquals(all.subList(0, left.size()), left);
                int wholeBatches = left.size();
                long end = wholeBatches == all.size() ? whole.length : all.get(wholeBatches).position();
                assertTrue(end <= length || isZero(whole, length, (int) end), "cut at " + length);
                assertEquals(end, log.frontierPosition());
            }
        }
    }

    /** The file was put there from another life: what this directory knows of the ones before would refuse it. */
    private void forgetEarlierLives() throws IOException {
        Logs.forgetCheckpoints(live);
        Files.deleteIfExists(live.resolve(LeaderEpochs.FILE_NAME));
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aFlippedByteAnywhereInTheTailLeavesThePrefixBeforeIt() throws Exception {
        List<Logs.Seen> all = write(0, 4);
        Path file = Logs.files(live, ".log").get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            for (int flip : new int[] {0x01, 0x80}) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) flip;
                Files.write(file, flipped);
                forgetEarlierLives();
                try (Log log = Logs.open(disk, live, Logs.NOTHING)) {
                    List<Logs.Seen> left = Logs.readAll(log);
                    int hit = 0;
                    while (hit + 1 < all.size() && all.get(hit + 1).position() <= at) {
                        hit++;
                    }
                    expectCutOrHarmless(all, left, hit, at, whole);
                    Logs.append(log, new Claim(), new TestBatches().batch(77));
                    assertEquals(left.size() + 1, Logs.readAll(log).size());
                }
            }
        }
    }

    /**
     * Only a leader epoch can change unseen: it is outside the CRC, and whoever raises it in the last batch, or leaves it
     * between its neighbours', looks right.
     */
    private static void expectCutOrHarmless(List<Logs.Seen> all, List<Logs.Seen> left, int hit, int at, byte[] whole) {
        long inBatch = at - all.get(hit).position();
        if (inBatch >= 12 && inBatch < 16) {
            assertTrue(left.size() >= hit && left.size() <= all.size());
            assertEquals(all.subList(0, hit), left.subList(0, hit));
        } else {
            assertEquals(all.subList(0, hit), left, "flip at " + at + " of " + whole.length);
        }
    }

    private void expectPrefix(List<Logs.Seen> all, int missing, int length) throws IOException {
        forgetEarlierLives();
        try (Log log = Logs.open(disk, live, Logs.NOTHING)) {
            List<Logs.Seen> left = Logs.readAll(log);
            assertEquals(all.subList(0, left.size()), left);
            long end = left.size() == all.size() ? log.frontierPosition() : all.get(left.size()).position();
            assertEquals(end, log.frontierPosition());
            assertTrue(end <= length && (missing == 0 || left.size() < all.size()));
            Logs.append(log, new Claim(), new TestBatches().batch(99));
            assertEquals(left.size() + 1, Logs.readAll(log).size());
        }
    }

    @Test
    void damageInASealedSegmentIsReportedAndNothingIsTouched() throws Exception {
        write(0, 1000);
        List<Path> segments = Logs.files(live, ".log");
        assertTrue(segments.size() >= 4);
        for (int segment : new int[] {0, 1, segments.size() - 2}) {
            byte[] whole = Files.readAllBytes(segments.get(segment));
            for (int at : new int[] {0, 8, 16, 17, 30, whole.length / 2, whole.length - 1}) {
                byte[] flipped = whole.clone();
                flipped[at] ^= 0x10;
                expectRefusal(segments.get(segment), flipped);
            }
            expectRefusal(segments.get(segment), Arrays.copyOf(whole, whole.length / 2));
            expectRefusal(segments.get(segment), Arrays.copyOf(whole, whole.length + 100));
            expectRefusal(segments.get(segment), new byte[0]);
            Files.write(segments.get(segment), whole);
        }
        try (Log log = Logs.open(disk, live, Logs.NOTHING)) {
            assertEquals(1000, Logs.readAll(log).size());
        }
    }

    private void expectRefusal(Path segment, byte[] damaged) throws Exception {
        Files.write(segment, damaged);
        List<byte[]> before = LogRecoveryTest.contents(live);
        CorruptLogException refused = assertThrows(CorruptLogException.class, () -> Logs.open(disk, live,
                Logs.NOTHING));
        assertTrue(refused.getMessage().contains(".log"), refused::getMessage);
        List<byte[]> after = LogRecoveryTest.contents(live);
        assertEquals(before.size(), after.size());
        for (int index = 0; index < before.size(); index++) {
            assertArrayEquals(before.get(index), after.get(index));
        }
    }

    @Test
    void aSealedSegmentThatIsGoneIsReported() throws Exception {
        write(0, 1000);
        List<Path> segments = Logs.files(live, ".log");
        Files.delete(segments.get(1));
        assertThrows(CorruptLogException.class, () -> Logs.open(disk, live, Logs.NOTHING));
        assertEquals(segments.size() - 1, Logs.files(live, ".log").size());
    }

    /** Writes, finishes all that can be finished, closes. */
    private List<Logs.Seen> write(long from, long to) throws IOException {
        try (Log log = Logs.open(disk, live, Logs.NOTHING)) {
            Logs.appendNumbers(log, from, to);
            Logs.settle(log);
            return new ArrayList<>(Logs.readAll(log));
        }
    }
}
