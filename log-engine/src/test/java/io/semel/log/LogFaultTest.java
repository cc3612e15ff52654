package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L5: whichever storage call fails, nothing that was acknowledged is lost, and what can go on goes on. */
class LogFaultTest {
    private static final int BATCHES = 36;
    private static final int BATCH_BYTES = 6000;

    @TempDir
    Path directory;

    private final TestBatches batches = new TestBatches();
    private final Claim claim = new Claim();
    private final List<Long> acknowledged = new ArrayList<>();

    @Test
    void oneFailedCallAnywhereLosesNothing() throws Exception {
        failEveryCall(1);
    }

    @Test
    void aDiskThatFailsFromACallOnLosesNothing() throws Exception {
        failEveryCall(Long.MAX_VALUE);
    }

    private void failEveryCall(long count) throws Exception {
        boolean failed = true;
        for (int call = 0; failed; call++) {
            Path each = directory.resolve("call" + call);
            FaultyDisk disk = new FaultyDisk();
            disk.fail(call, count);
            acknowledged.clear();
            failed = writeAll(disk, each);
            try (Log log = Logs.open(each)) {
                assertEquals(acknowledged, Logs.readNumbers(log), "after a failure at call " + call);
            }
        }
    }

    /** Writes batches whatever happens, opening again and healing the disk as needed; returns whether anything failed. */
    private boolean writeAll(FaultyDisk disk, Path each) {
        Log log = openAnyhow(disk, each);
        for (long number = 0; number < BATCHES; number++) {
            long code = Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES));
            if (code == Append.OFFLINE) {
                assertInstanceOf(ForceFailedException.class, log.failure());
                assertEquals(acknowledged, Logs.readNumbers(log));
                closeAnyhow(log);
                log = openAnyhow(disk, each);
                code = Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES));
            }
            if (code == Append.DISK_FULL) {
                assertEquals(acknowledged, Logs.readNumbers(log));
                disk.heal();
                code = Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES));
            }
            assertTrue(code >= 0, Append.describe(code));
            acknowledged.add(number);
            log.doWork();
        }
        assertEquals(acknowledged, Logs.readNumbers(log));
        closeAnyhow(log);
        return disk.failures() > 0;
    }

    private static Log openAnyhow(FaultyDisk disk, Path each) {
        try {
            return Logs.open(disk, each, Logs.NOTHING);
        } catch (IOException e) {
            disk.heal();
            try {
                return Logs.open(disk, each, Logs.NOTHING);
            } catch (IOException again) {
                throw new AssertionError("the disk is well again, yet the log does not open", again);
            }
        }
    }

    private static void closeAnyhow(Log log) {
        try {
            log.close();
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("made up"), e::toString);
        }
    }

    @Test
    void aFullDiskIsAskedAgainAndAgainWithoutPilingUpMappings() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (Log log = Logs.open(disk, directory, Logs.NOTHING)) {
            long number = 0;
            while (Logs.files(directory, ".log").size() < 2) {
                Logs.append(log, claim, batches.batchOfSize(number++, BATCH_BYTES));
            }
            disk.failEvery("writeZeros");
            long code = 0;
            while (code >= 0) {
                code = Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES));
                number += code >= 0 ? 1 : 0;
            }
            long mapped = disk.mappedRegions();
            for (int attempt = 0; attempt < 50; attempt++) {
                assertEquals(Append.DISK_FULL, log.append(claim, batches.batchOfSize(number, BATCH_BYTES)));
            }
            assertEquals(mapped, disk.mappedRegions());
            assertEquals(mapped, Logs.files(directory, ".log").size() - 1, "the segment that failed holds none");
            assertEquals(LogTest.numbers(0, number), Logs.readNumbers(log));
            disk.heal();
            assertTrue(Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES)) >= 0);
            assertEquals(LogTest.numbers(0, number + 1), Logs.readNumbers(log));
        }
    }

    @Test
    void aFailedForceIsNeverTriedAgainAndNothingIsAcknowledgedAfterIt() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = Logs.open(disk, directory, Logs.NOTHING);
        long number = 0;
        while (Logs.files(directory, ".log").size() < 2) {
            Logs.append(log, claim, batches.batchOfSize(number++, BATCH_BYTES));
        }
        Claim open = new Claim();
        assertTrue(log.tryClaim(open, 1, BATCH_BYTES) >= 0);
        disk.failEvery("force");
        Logs.settle(log);
        assertInstanceOf(ForceFailedException.class, log.failure());
        assertEquals(1, disk.failures());
        disk.heal();
        long before = log.acknowledgedOffset();
        open.fill(batches.batchOfSize(number, BATCH_BYTES), 0);
        log.publish(open);
        assertEquals(before, log.acknowledgedOffset());
        assertEquals(Append.OFFLINE, log.append(claim, batches.batchOfSize(number, BATCH_BYTES)));
        assertEquals(0, log.doWork());
        log.close();
        assertEquals(1, disk.failures());
        assertTrue(Logs.files(directory, ".index").isEmpty());
    }

    @Test
    void aForceThatWasAskedForAndFailsTakesTheLogOffline() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = Logs.open(disk, directory, Logs.NOTHING);
        assertTrue(Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES)) >= 0);
        log.force();
        assertTrue(Logs.append(log, claim, batches.batchOfSize(1, BATCH_BYTES)) >= 0);
        disk.failEvery("force");
        assertThrows(ForceFailedException.class, log::force);
        assertInstanceOf(ForceFailedException.class, log.failure());
        assertEquals(Append.OFFLINE, log.append(claim, batches.batchOfSize(1, BATCH_BYTES)));
        disk.heal();
        assertThrows(IOException.class, log::force);
        log.close();
    }

    @Test
    void aClaimThatCouldNotBeFilledStopsTheLogAndNotItsClose() throws Exception {
        Log log = Logs.open(directory);
        Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES));
        Claim failing = new Claim();
        assertTrue(log.tryClaim(failing, 1, BATCH_BYTES) >= 0);
        assertTrue(log.append(claim, batches.batchOfSize(1, BATCH_BYTES)) >= 0);
        // Nothing to copy from stands for a page that can't be read or written.
        ByteBuffer nothing = ByteBuffer.allocate(0);
        assertThrows(IndexOutOfBoundsException.class, () -> log.fillAndPublish(failing, nothing, 0));
        assertInstanceOf(IndexOutOfBoundsException.class, log.failure());
        assertEquals(Append.OFFLINE, log.append(claim, batches.batchOfSize(2, BATCH_BYTES)));
        assertEquals(List.of(0L), Logs.readNumbers(log));
        log.close();
        try (Log again = Logs.open(directory)) {
            assertEquals(List.of(0L), Logs.readNumbers(again));
            assertTrue(again.append(claim, batches.batchOfSize(1, BATCH_BYTES)) >= 0);
            assertEquals(List.of(0L, 1L), Logs.readNumbers(again));
        }
    }

    @Test
    void aLateExtensionNeverLengthensASegmentThatWasLeftBehind() throws Exception {
        LogConfig roomy = Logs.SMALL.withSegmentBytes(1 << 20);
        SegmentChain chain = SegmentChain.open(FileDisk.instance(), directory, roomy, List.of(), SegmentUse.APPEND);
        Segment first = chain.active();
        assertTrue(first.compareAndSetClaims(ClaimWord.NOTHING, ClaimWord.of(1, BATCH_BYTES)));
        assertEquals(0, chain.roll(first));
        assertEquals(1, chain.finishBelow(BATCH_BYTES));
        Path file = Logs.files(directory, ".log").get(0);
        assertEquals(BATCH_BYTES, Files.size(file));
        assertEquals(0, chain.extend(first, first.capacity()));
        assertEquals(BATCH_BYTES, Files.size(file));
        chain.close();
    }

    @Test
    void aCloseThatFailsStillLetsGoOfEverythingAndLosesNothing() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = Logs.open(disk, directory, Logs.NOTHING);
        ByteBuffer batch = batches.batchOfSize(0, BATCH_BYTES);
        for (int count = 0; count < 30; count++) {
            Logs.append(log, claim, batch);
        }
        disk.failEvery("truncate");
        assertThrows(IOException.class, log::close);
        assertEquals(1, disk.failures(), "a clean end before the part that failed would hide a loss");
        assertEquals(0, disk.mappedRegions());
        log.close();
        try (Log again = Logs.open(directory)) {
            assertEquals(30, Logs.readAll(again).size());
        }
    }
}
