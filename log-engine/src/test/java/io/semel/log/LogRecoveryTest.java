package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogRecoveryTest {
    @TempDir
    Path directory;

    private Path live() {
        return directory.resolve("live");
    }

    private Path killed() {
        return Logs.killedCopy(live(), directory.resolve("killed"));
    }

    @Test
    void aClosedLogOpensWithTheSameFoldAndTheSameEpoch() throws Exception {
        Logs.Remember fold = new Logs.Remember();
        try (Log log = Logs.open(FileDisk.instance(), live(), fold)) {
            Logs.appendNumbers(log, 0, 1000);
        }
        for (int round = 0; round < 3; round++) {
            Logs.Remember again = new Logs.Remember();
            try (Log log = Logs.open(FileDisk.instance(), live(), again)) {
                assertEquals(fold.seen, again.seen);
                assertEquals(fold.seen, Logs.readAll(log));
                assertEquals(0, log.leaderEpoch());
            }
        }
    }

    @Test
    void aKilledLogOpensWithTheSameFoldAndAHigherEpoch() throws Exception {
        Logs.Remember fold = new Logs.Remember();
        try (Log log = Logs.open(FileDisk.instance(), live(), fold)) {
            Logs.appendNumbers(log, 0, 1000);
            Logs.settle(log);
            Logs.appendNumbers(log, 1000, 1300);
            Logs.Remember recovered = new Logs.Remember();
            try (Log copy = Logs.open(FileDisk.instance(), killed(), recovered)) {
                assertEquals(fold.seen, recovered.seen);
                assertEquals(fold.seen, Logs.readAll(copy));
                assertEquals(1, copy.leaderEpoch());
                Logs.appendNumbers(copy, 1300, 1400);
                assertEquals(LogTest.numbers(0, 1400), Logs.readNumbers(copy));
            }
            try (Log copy = Logs.open(directory.resolve("killed"))) {
                assertEquals(1, copy.leaderEpoch());
                assertEquals(LogTest.numbers(0, 1400), Logs.readNumbers(copy));
            }
        }
    }

    @Test
    void recoveringTwiceIsRecoveringOnce() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 700);
            killed();
        }
        Path once = directory.resolve("killed");
        Logs.open(once).close();
        List<byte[]> first = contents(once);
        Logs.open(once).close();
        List<byte[]> second = contents(once);
        assertEquals(first.size(), second.size());
        for (int index = 0; index < first.size(); index++) {
            assertArrayEquals(first.get(index), second.get(index));
        }
    }

    @Test
    void aHoleAtTheKillEndsTheLogThere() throws Exception {
        TestBatches batches = new TestBatches();
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 10);
            Claim hole = new Claim();
            ByteBuffer held = batches.batch(0, 10, 1, 300);
            log.tryClaim(hole, 1, held.remaining());
            // Far enough that whole segments stand behind the hole.
            Logs.appendNumbers(log, 11, 800);
            assertTrue(Logs.files(live(), ".log").size() > 1);
            try (Log copy = Logs.open(killed())) {
                assertEquals(LogTest.numbers(0, 10), Logs.readNumbers(copy));
                assertEquals(1, Logs.files(directory.resolve("killed"), ".log").size());
                assertEquals(1, copy.leaderEpoch());
            }
            hole.fill(batches.batch(0, 10, 1, 300), 0);
            log.publish(hole);
            assertEquals(LogTest.numbers(0, 800), Logs.readNumbers(log));
        }
    }

    /** L3: whichever storage call of a recovery fails, the next recovery finds the same and raises the epoch. */
    @Test
    void aRecoveryThatFailsAnywhereChangesNothingForTheNext() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 600);
            List<Logs.Seen> expected = Logs.readAll(log);
            boolean failed = true;
            for (int call = 0; failed; call++) {
                Path copy = Logs.killedCopy(live(), directory.resolve("copy" + call));
                FaultyDisk disk = new FaultyDisk();
                disk.fail(call, Long.MAX_VALUE);
                try {
                    Logs.open(disk, copy, Logs.NOTHING).close();
                } catch (IOException e) {
                    assertTrue(e.getMessage().contains("made up"), e::toString);
                }
                failed = disk.failures() > 0;
                try (Log recovered = Logs.open(copy)) {
                    assertEquals(expected, Logs.readAll(recovered));
                    assertTrue(recovered.leaderEpoch() >= 1, "epoch after a failure at call " + call);
                }
            }
        }
    }

    @Test
    void anIndexThatIsMissingOrGarbageIsRebuilt() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 1000);
            Logs.settle(log);
        }
        List<Path> indexes = Logs.files(live(), ".index");
        assertTrue(indexes.size() > 2);
        byte[] right = Files.readAllBytes(indexes.get(0));
        assertNotEquals(0, right.length);
        for (byte[] wrong : List.of(new byte[0], new byte[] {1, 2, 3}, new byte[right.length])) {
            Files.write(indexes.get(0), wrong);
            Files.delete(indexes.get(1));
            try (Log log = Logs.open(live())) {
                assertEquals(LogTest.numbers(0, 1000), Logs.readNumbers(log));
                assertEquals(0, log.leaderEpoch());
            }
            assertArrayEquals(right, Files.readAllBytes(indexes.get(0)));
            assertTrue(Files.exists(indexes.get(1)));
        }
    }

    @Test
    void theIndexOfALiveSegmentIsTheOneThatRecoveryBuilds() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 150);
        }
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 150, 800);
            Logs.settle(log);
        }
        Path index = Logs.files(live(), ".index").get(0);
        byte[] written = Files.readAllBytes(index);
        Files.delete(index);
        Logs.open(live()).close();
        assertArrayEquals(Files.readAllBytes(index), written);
    }

    @Test
    void anEpochCheckpointThatIsGoneOrGarbageNeverStopsALog() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 50);
            killed();
        }
        Path copy = directory.resolve("killed");
        try (Log log = Logs.open(copy)) {
            Logs.appendNumbers(log, 50, 100);
            assertEquals(1, log.leaderEpoch());
        }
        Path checkpoint = copy.resolve(LeaderEpochs.FILE_NAME);
        for (String garbage : List.of("", "\n\n\n", "0\n1\n", "0\n-5\n", "0\n1\n2147483647 0\n", "0\n2\n3 0\n2 5\n",
                "0\nx\n", "1\n1\n7 0\n", "0\n1\n7\n", "\u0000\u0000\u0000")) {
            Files.write(checkpoint, garbage.getBytes(StandardCharsets.UTF_8));
            try (Log log = Logs.open(copy)) {
                assertEquals(1, log.leaderEpoch(), garbage);
                assertEquals(100, Logs.readAll(log).size());
            }
        }
        Files.delete(checkpoint);
        try (Log log = Logs.open(copy)) {
            assertEquals(1, log.leaderEpoch());
        }
    }

    /** L2, L3: else a power loss takes the cut, and the index calls damage what it left. */
    @Test
    void anIndexIsWrittenOnlyOnceTheCutOfItsSegmentIsOnTheMedium() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 100);
        }
        try (Log log = Logs.open(live())) {
            // Sealed with room behind its batches, at the very offset of the checkpoint, and not finished.
            assertTrue(Logs.append(log, new Claim(), new TestBatches().batchOfSize(100, 60_000)) >= 0);
            killed();
        }
        Path copy = directory.resolve("killed");
        FaultyDisk disk = new FaultyDisk();
        List<Path> cut = new ArrayList<>();
        disk.tell((call, path) -> {
            if (call.equals("truncate") && path.toString().endsWith(".log")) {
                cut.add(path);
                disk.failEvery("force");
            }
        });
        assertThrows(IOException.class, () -> Logs.open(disk, copy, Logs.NOTHING));
        Path sealed = cut.get(0);
        FaultyDisk again = new FaultyDisk();
        List<String> calls = new ArrayList<>();
        again.tell((call, path) -> calls.add(call + " " + path.getFileName()));
        Logs.open(again, copy, Logs.NOTHING).close();
        int forced = calls.indexOf("force " + sealed.getFileName());
        int indexed = calls.indexOf("replace " + SegmentNames.indexOf(sealed).getFileName());
        assertTrue(indexed >= 0 && forced >= 0 && forced < indexed, calls::toString);
    }

    @Test
    void anEmptyLastSegmentIsAppendedTo() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 100);
        }
        long end;
        try (Log log = Logs.open(live())) {
            end = log.frontierOffset();
        }
        Files.createFile(live().resolve(SegmentNames.fileName(end, ".log")));
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 100, 120);
            assertEquals(LogTest.numbers(0, 120), Logs.readNumbers(log));
        }
        try (Log log = Logs.open(live())) {
            assertEquals(LogTest.numbers(0, 120), Logs.readNumbers(log));
        }
    }

    @Test
    void aLastSegmentWithAnIndexGoesOnWithoutIt() throws Exception {
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 500);
            Logs.settle(log);
        }
        List<Path> segments = Logs.files(live(), ".log");
        Files.delete(segments.get(segments.size() - 1));
        Logs.forgetCheckpoints(live());
        try (Log log = Logs.open(live())) {
            int count = Logs.readAll(log).size();
            Logs.appendNumbers(log, count, count + 5);
            Logs.killedCopy(live(), directory.resolve("killed"));
            try (Log copy = Logs.open(directory.resolve("killed"))) {
                assertEquals(LogTest.numbers(0, count + 5), Logs.readNumbers(copy));
            }
        }
    }

    @Test
    void aBatchLargerThanTheWindowIsRecovered() throws Exception {
        LogConfig large = new LogConfig(8 << 20, 4 << 20, 4096);
        TestBatches batches = new TestBatches();
        RecordBatchWriter writer = new RecordBatchWriter(1024, 4 << 20);
        writer.begin(0);
        while (writer.tryAppend(0, null, new byte[100_000])) {
            continue;
        }
        ByteBuffer huge = writer.finish();
        assertTrue(huge.remaining() > 3 << 20);
        try (Log log = Log.open(FileDisk.instance(), live(), large, Logs.NOTHING)) {
            Claim claim = new Claim();
            Logs.append(log, claim, batches.batch(0));
            Logs.append(log, claim, huge);
            Logs.append(log, claim, batches.batch(1));
            List<Logs.Seen> expected = Logs.readAll(log);
            try (Log copy = Log.open(FileDisk.instance(), killed(), large, Logs.NOTHING)) {
                assertEquals(expected, Logs.readAll(copy));
            }
        }
    }

    @Test
    void smallerSegmentsAreHonouredAfterReopening() throws Exception {
        LogConfig large = Logs.SMALL.withSegmentBytes(1 << 20);
        try (Log log = Log.open(FileDisk.instance(), live(), large, Logs.NOTHING)) {
            Logs.appendNumbers(log, 0, 2000);
            assertEquals(1, Logs.files(live(), ".log").size());
        }
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 2000, 3000);
            assertEquals(LogTest.numbers(0, 3000), Logs.readNumbers(log));
            assertTrue(Logs.files(live(), ".log").size() > 3);
        }
    }

    @Test
    void aFileThatIsNoSegmentIsNamedAndLeftAlone() throws Exception {
        Logs.open(live()).close();
        Path stranger = Files.createFile(live().resolve("5.log"));
        CorruptLogException refused = assertThrows(CorruptLogException.class, () -> Logs.open(live()));
        assertTrue(refused.getMessage().contains(stranger.toString()));
        assertTrue(Files.exists(stranger));
    }

    static List<byte[]> contents(Path directory) throws Exception {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : Logs.files(directory, "")) {
            contents.add(Files.readAllBytes(file));
        }
        return contents;
    }

    @Test
    void aWholeBatchOfAnotherOffsetEndsTheLog() throws Exception {
        byte[] earlier;
        Path segment = live().resolve(SegmentNames.fileName(0, ".log"));
        try (Log log = Logs.open(live())) {
            Logs.appendNumbers(log, 0, 6);
        }
        earlier = Files.readAllBytes(segment);
        // What a file that is gone left in a new block, as some file systems show it: batches of this log and of this epoch.
        Files.write(segment, earlier, StandardOpenOption.APPEND);
        Files.delete(live().resolve(CheckpointFiles.FIRST_NAME));
        Logs.Remember fold = new Logs.Remember();
        try (Log log = Logs.open(FileDisk.instance(), live(), fold)) {
            assertEquals(6, fold.seen.size());
            assertEquals(LogTest.numbers(0, 6), Logs.readNumbers(log));
            assertEquals(1, log.leaderEpoch());
        }
        assertArrayEquals(earlier, Files.readAllBytes(segment));
    }
}
