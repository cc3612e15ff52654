package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.log.LogConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * L1: what a failed force forgot is found in the cache by the next owner; what he acknowledges of it survives the
 * power.
 */
class ForgottenForceTest {
    private static final int POWER_LOSSES = 60;
    private static final Path DIRECTORY = Path.of("/log");
    private static final LogConfig POWER = new LogConfig(LogConfig.MIN_SEGMENT_BYTES, LogConfig.MIN_SEGMENT_BYTES, 512)
            .withDurability(Durability.POWER);

    private final BatchSource batches = new BatchSource(new SplittableRandom(1), BatchSource.Sizes.MIXED);

    private static Log open(SimulatedDisk disk) throws IOException {
        return Log.open(disk, DIRECTORY, POWER, (batch, position) -> {
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

    @Test
    void whatIsFoundAndAcknowledgedAfterAForceThatForgotSurvivesThePower() throws IOException {
        for (int seed = 0; seed < POWER_LOSSES; seed++) {
            SimulatedDisk disk = SimulatedDisk.create(seed, MetadataOrder.JOURNALED);
            Log log = open(disk);
            append(log, 3);
            log.force();
            append(log, 5);
            disk.endForces(disk.forces(), 1, ForceOutcome.FAILS_AND_FORGETS);
            assertThrows(IOException.class, log::force);
            log.close();
            Log found = open(disk);
            long acknowledged = found.acknowledgedOffset();
            assertEquals(log.frontierOffset(), acknowledged, "the cache has it all");
            try (Log survivor = open(disk.crash(CrashMode.POWER))) {
                assertEquals(acknowledged, survivor.frontierOffset(), "seed " + seed);
            }
        }
    }
}
