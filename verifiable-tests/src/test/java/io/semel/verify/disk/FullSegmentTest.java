package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.SnapshotWriter;
import io.semel.log.SnapshottableFold;
import io.semel.log.batch.RecordBatchView;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A segment without an unused byte, at whose very end a checkpoint stands that forced nothing. */
class FullSegmentTest {
    private static final int POWER_LOSSES = 40;
    private static final int SEGMENT_BYTES = LogConfig.MIN_SEGMENT_BYTES;
    private static final Path DIRECTORY = Path.of("/log");

    /** Remembers how many batches there are. */
    private static final class Counted implements SnapshottableFold {
        private int count;

        @Override
        public void apply(RecordBatchView batch, long position) {
            count++;
        }

        @Override
        public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
            sink.putInt(count);
        }

        @Override
        public void restoreSnapshot(ByteBuffer source, Positions positions) {
            count = source.getInt();
        }
    }

    private static Log open(SimulatedDisk disk) throws IOException {
        return Log.open(disk, DIRECTORY, new LogConfig(SEGMENT_BYTES, SEGMENT_BYTES, 512), new Counted());
    }

    private static void append(Log log, BatchSource batches) {
        long code = log.append(new Claim(), batches.next());
        assertTrue(code >= 0, () -> Append.describe(code));
    }

    /** L2: its index file says that it is on the medium, so it is brought there before. */
    @Test
    void itIsForcedBeforeRecoveryCallsItComplete() throws Exception {
        for (int seed = 0; seed < POWER_LOSSES; seed++) {
            BatchSource batches = new BatchSource(new SplittableRandom(seed), BatchSource.Sizes.EQUAL);
            SimulatedDisk disk = SimulatedDisk.create(seed, MetadataOrder.OWN);
            Log log = open(disk);
            while (log.frontierPosition() < SEGMENT_BYTES) {
                append(log, batches);
                log.flush();
            }
            assertEquals(SEGMENT_BYTES, log.frontierPosition());
            long fullAt = log.frontierOffset();
            append(log, batches);
            SimulatedDisk killed = disk.crash(CrashMode.PROCESS);
            assertTrue(killed.exists(DIRECTORY.resolve("checkpoint-unforced")));
            assertEquals(fullAt + 1, open(killed).frontierOffset());
            Log found = open(killed.crash(CrashMode.POWER));
            assertTrue(found.frontierOffset() >= fullAt, "seed " + seed + ": " + found);
        }
    }
}
