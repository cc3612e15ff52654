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
    private static final int ROUNDS = 20_000;

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
            long before = threads.getCurrentThreadAllocatedBytes();
            appendMany(log, claim, batch);
            long between = threads.getCurrentThreadAllocatedBytes();
            readMany(log, reader);
            long after = threads.getCurrentThreadAllocatedBytes();
            assertEquals(0, between - before, "bytes allocated by appends");
            assertEquals(0, after - between, "bytes allocated by reads");
            assertEquals(2L * ROUNDS, log.frontierOffset());
        }
    }

    private static void appendMany(Log log, Claim claim, ByteBuffer batch) {
        for (int round = 0; round < ROUNDS; round++) {
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
        assertTrue(crcs >= ROUNDS);
        reader.seek(log.frontierOffset());
    }
}
