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

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * L2: whenever the power takes what was shown in PROCESS, the leader epoch rises: offsets show one content per epoch.
 */
class LeaderEpochTest {
    private static final int POWER_LOSSES = 60;
    private static final int LARGE_BYTES = 192 << 10;
    private static final int BEFORE = 12;
    private static final int AFTER = 6;
    private static final Path DIRECTORY = Path.of("/log");

    private final BatchSource batches = new BatchSource(new SplittableRandom(1), BatchSource.Sizes.LARGE);

    private static Log open(SimulatedDisk disk, int segmentBytes) throws IOException {
        return Log.open(disk, DIRECTORY, new LogConfig(segmentBytes, LogConfig.MIN_SEGMENT_BYTES, 512), (batch,
                position) -> {
        });
    }

    private void append(Log log, int count) {
        Claim claim = new Claim();
        for (int number = 0; number < count; number++) {
            ByteBuffer batch = batches.next();
            long code = log.append(claim, batch);
            assertTrue(code >= 0, () -> Append.describe(code));
        }
    }

    /**
     * Appends, closes, appends with segments of another size, and loses the power; returns how many records it took.
     */
    private long loseAfterReopening(int seed, int firstBytes, int thenBytes) throws IOException {
        SimulatedDisk disk = SimulatedDisk.create(seed, MetadataOrder.OWN);
        try (Log log = open(disk, firstBytes)) {
            append(log, BEFORE);
        }
        Log log = open(disk, thenBytes);
        append(log, AFTER);
        Log found = open(disk.crash(CrashMode.POWER), thenBytes);
        long lost = log.frontierOffset() - found.frontierOffset();
        assertTrue(lost == 0 || found.leaderEpoch() > log.leaderEpoch(), "seed " + seed + ": " + lost
                + " records lost, and the epoch is still " + log.leaderEpoch());
        return lost;
    }

    @Test
    void theEpochRisesWhenAReopenedLogLosesItsTail() throws Exception {
        long lost = 0;
        for (int seed = 0; seed < POWER_LOSSES; seed++) {
            lost += loseAfterReopening(seed, LARGE_BYTES, LARGE_BYTES);
        }
        assertTrue(lost > 0);
    }

    @Test
    void theEpochRisesWhenTheSegmentBehindOneThatIsExactlyFullIsLost() throws Exception {
        long lost = 0;
        for (int seed = 0; seed < POWER_LOSSES; seed++) {
            lost += loseAfterReopening(seed, LARGE_BYTES, LogConfig.MIN_SEGMENT_BYTES);
        }
        assertTrue(lost > 0);
    }
}
