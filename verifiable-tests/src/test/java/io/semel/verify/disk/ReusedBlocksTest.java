package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.semel.log.Claim;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.batch.RecordBatchLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L2: a batch that a power loss took, and whose blocks show it again at its old offset, is not taken for the log's. */
class ReusedBlocksTest {
    private static final int SEEDS = 200;
    /** Not quite filled by batches of any such length, so that the next file's entry is not forced. */
    private static final int SEGMENT_BYTES = LogConfig.MIN_SEGMENT_BYTES + SimulatedFile.SECTOR_BYTES / 2;
    private static final Path DIRECTORY = Path.of("/log");

    private final List<ByteBuffer> claimed = new ArrayList<>();

    /** Opens; what is found is what was claimed last at its offset. */
    private Log open(SimulatedDisk disk, String life) throws IOException {
        List<ByteBuffer> found = new ArrayList<>();
        Log log = Log.open(disk, DIRECTORY, new LogConfig(SEGMENT_BYTES, LogConfig.MIN_SEGMENT_BYTES, 512),
                (batch, position) -> found.add(ByteBuffer.allocate(batch.sizeInBytes()).put(0, batch.buffer(), batch
                        .position(), batch.sizeInBytes())));
        claimed.subList(Math.min(found.size(), claimed.size()), claimed.size()).clear();
        assertEquals(claimed, found, life);
        return log;
    }

    /** Appends up to the first batch of another segment, which alone is not forced; returns its offset. */
    private long appendUntilItRolls(SimulatedDisk disk, Log log, BatchSource batches) throws IOException {
        long offset = 0;
        while (offset == 0 || !disk.exists(DIRECTORY.resolve("%020d.log".formatted(offset)))) {
            log.force();
            ByteBuffer batch = batches.next();
            offset = log.append(new Claim(), batch);
            RecordBatchLayout.stamp(batch, 0, offset, log.leaderEpoch());
            claimed.add(batch);
        }
        return offset;
    }

    @Test
    void whatALostFileLeftInItsBlocksIsOfAnEpochThatHasEnded() throws Exception {
        int again = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            claimed.clear();
            BatchSource batches = new BatchSource(new SplittableRandom(seed), BatchSource.Sizes.EQUAL);
            SimulatedDisk disk = SimulatedDisk.create(seed, MetadataOrder.OWN);
            disk.reuseBlocks();
            long lost = appendUntilItRolls(disk, open(disk, "seed " + seed), batches);
            disk.writeBackSome();
            disk = disk.crash(CrashMode.POWER);
            Log found = open(disk, "seed " + seed + ", first power loss");
            if (found.frontierOffset() == lost) {
                again += appendUntilItRolls(disk, found, batches) == lost ? 1 : 0;
                open(disk.crash(CrashMode.POWER), "seed " + seed + ", second power loss");
            }
        }
        assertTrue(again > SEEDS / 4, () -> "the same file was begun twice with too few seeds");
    }
}
