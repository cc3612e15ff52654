package io.semel.log;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FileDisk;

import com.sun.management.ThreadMXBean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The append and the read path allocate nothing, by the JVM's own counter. */
class LogAllocationTest {
    private static final int BATCHES = 20_000;
    /** The JVM itself allocates now and then, when it drops compiled code; what we allocate shows in every round. */
    private static final int ROUNDS = 5;

    @TempDir
    Path directory;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void anAppendAndAReadAllocateNothing() throws Exception {
        LogConfig config = LogConfig.DEFAULT.withSegmentBytes(64 << 20);
        // Sparse enough that the index does not grow while it is counted.
        LogConfig noIndex = new LogConfig(config.segmentBytes(), config.maxBatchBytes(), Integer.MAX_VALUE);
        try (Log log = Log.open(FileDisk.instance(), directory, noIndex, Logs.NOTHING);
                LogReader reader = log.openReader()) {
            ByteBuffer batch = new TestBatches().batch(0, 0, 1, 100);
            Claim claim = new Claim();
            appendMany(log, claim, batch);
            readMany(log, reader);
            long leastByAppends = Long.MAX_VALUE;
            long leastByReads = Long.MAX_VALUE;
            for (int round = 1; round <= ROUNDS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                appendMany(log, claim, batch);
                long between = threads.getCurrentThreadAllocatedBytes();
                readMany(log, reader);
                long after = threads.getCurrentThreadAllocatedBytes();
                leastByAppends = Math.min(leastByAppends, between - before);
                leastByReads = Math.min(leastByReads, after - between);
            }
            assertEquals(0, leastByAppends, "bytes allocated by appends");
            assertEquals(0, leastByReads, "bytes allocated by reads");
            assertEquals((1L + ROUNDS) * BATCHES, log.frontierOffset());
        }
    }

    @Test
    void roomForTheIndexesIsMadeByWhoeverReadiesTheBlocks() throws Exception {
        LogConfig config = new LogConfig(64 << 20, LogConfig.DEFAULT.maxBatchBytes(), 512)
                .withPreallocation(Preallocation.WHOLE_SEGMENT);
        try (Log log = Log.open(FileDisk.instance(), directory, config, Logs.NOTHING)) {
            Logs.settle(log);
            ByteBuffer batch = new TestBatches().batch(0, 0, 1, 100);
            Claim claim = new Claim();
            append(log, claim, batch);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 1; round <= ROUNDS; round++) {
                append(log, claim, batch);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            // An entry of 8 bytes for every 512 of batches: 200,000 and more. What the JVM takes itself are some hundreds.
            assertTrue(allocated < 8192, () -> "bytes allocated by appends: " + allocated);
        }
    }

    private static void append(Log log, Claim claim, ByteBuffer batch) {
        for (int count = 0; count < BATCHES; count++) {
            assertTrue(log.append(claim, batch) >= 0);
        }
    }

    private static void appendMany(Log log, Claim claim, ByteBuffer batch) {
        for (int count = 0; count < BATCHES; count++) {
            while (log.append(claim, batch) < 0) {
                Thread.onSpinWait();
            }
            log.doWork();
        }
    }

    private static void readMany(Log log, LogReader reader) {
        long crcs = 0;
        while (reader.next(log.frontierPosition())) {
            crcs += reader.batch().isCrcValid() ? 1 : 0;
        }
        assertTrue(crcs >= BATCHES);
        reader.seek(log.frontierOffset());
    }
}
