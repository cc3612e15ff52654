package io.semel.log;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PreallocationTest {
    private static final LogConfig WHOLE = Logs.SMALL.withSegmentBytes(40 << 20)
            .withPreallocation(Preallocation.WHOLE_SEGMENT);

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void twoSegmentsTakeAppendsWithoutABlockBeingWritten() throws Exception {
        try (Log log = Log.open(disk, directory, WHOLE, Logs.NOTHING)) {
            work(log);
            assertEquals(WHOLE.segmentBytes(), Files.size(directory.resolve(SpareFile.FILE_NAME)));
            disk.failEvery("writeZeros");
            fill(log, WHOLE.segmentBytes() + WHOLE.segmentBytes() / 4);
            assertEquals(2, Logs.files(directory, ".log").size());
            assertEquals(0, disk.failures());
            disk.heal();
        }
    }

    @Test
    void withoutItASmallLogTakesLittle() throws Exception {
        try (Log log = Log.open(disk, directory, WHOLE.withPreallocation(Preallocation.AS_CLAIMED), Logs.NOTHING)) {
            Logs.appendNumbers(log, 0, 10);
            work(log);
            disk.failEvery("writeZeros");
            Claim claim = new Claim();
            TestBatches batches = new TestBatches();
            long code = 0;
            while (code >= 0) {
                code = log.append(claim, batches.batch(1));
            }
            assertTrue(log.frontierPosition() < 2 * Segment.STEP_BYTES, log::toString);
            disk.heal();
        }
    }

    /** The next segment's blocks are written in steps: one log must not keep the others waiting for a gigabyte. */
    @Test
    void noStepOfTheNextSegmentIsLong() throws Exception {
        try (Log log = Log.open(disk, directory, WHOLE, Logs.NOTHING)) {
            long before = 0;
            while (log.doWork() > 0) {
                Path spare = directory.resolve(SpareFile.FILE_NAME);
                long size = Files.exists(spare) ? Files.size(spare) : 0;
                assertTrue(size - before <= SpareFile.STEP_BYTES, before + " to " + size);
                before = size;
            }
            assertEquals(WHOLE.segmentBytes(), before);
        }
    }

    /** Its length is settled when it is begun: else every claim would want some bytes more, with a write and a force of their own. */
    @Test
    void theNextSegmentsFileDoesNotGrowWithTheClaims() throws Exception {
        LogConfig small = Logs.SMALL.withSegmentBytes(4 << 20);
        try (Log log = Log.open(disk, directory, small, Logs.NOTHING)) {
            Path spare = directory.resolve(SpareFile.FILE_NAME);
            Set<Long> sizes = new TreeSet<>();
            TestBatches batches = new TestBatches();
            Claim claim = new Claim();
            for (long number = 0; Logs.files(directory, ".log").size() == 1; number++) {
                Logs.append(log, claim, batches.batch(number));
                work(log);
                if (Files.exists(spare)) {
                    sizes.add(Files.size(spare));
                }
            }
            assertEquals(1, sizes.size(), sizes::toString);
        }
    }

    private static void work(Log log) {
        while (log.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void fill(Log log, long bytes) {
        Claim claim = new Claim();
        TestBatches batches = new TestBatches();
        for (long number = 0; log.frontierPosition() < bytes; number++) {
            long offset = log.append(claim, batches.batch(number));
            assertTrue(offset >= 0, Append.describe(offset));
        }
    }
}
