package io.semel.benchmarks.workload.semel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.semel.benchmarks.workload.MappedPages.Blocks;
import io.semel.client.Semel;
import io.semel.log.LogConfig;
import io.semel.log.SideFiles;
import io.semel.log.batch.RecordBatchWriter;

/**
 * The topic of one partition that is appended to: as it comes, or with the blocks of a burst ready before the clock
 * starts.
 */
final class BurstTopic {
    static final String NAME = "bench";

    private static final int FEWEST_BYTES = 16 << 20;
    private static final long LOOK_NS = 1_000_000;

    private BurstTopic() {
    }

    /** @param records of {@code payloadBytes} each, which the burst consists of */
    static void create(Semel semel, Path directory, Blocks blocks, long records, int payloadBytes) throws IOException {
        if (blocks != Blocks.READY) {
            semel.admin().createTopic(NAME, 1);
            return;
        }
        long wanted = records * RecordBatchWriter.sizeOf(-1, payloadBytes);
        long segmentBytes = Math.max(FEWEST_BYTES, Math.min(LogConfig.MAX_SEGMENT_BYTES, wanted));
        semel.admin().createTopic(NAME, 1, Map.of("preallocate", "true", "segment.bytes", Long.toString(segmentBytes)));
        Path spare = directory.resolve(NAME + "-0").resolve(SideFiles.SPARE);
        // It is written after the segment itself has all its blocks.
        while (!Files.exists(spare) || Files.size(spare) < segmentBytes) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }
}
