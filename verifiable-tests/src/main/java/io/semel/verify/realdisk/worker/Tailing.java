package io.semel.verify.realdisk.worker;

import java.util.SplittableRandom;

import io.semel.log.LogReader;
import io.semel.log.batch.RecordCursor;

import static io.semel.verify.realdisk.worker.BrokenPromiseException.require;

/** Reads one partition behind its authors, and now and then somewhere before. Thread rule: one thread. */
final class Tailing implements AutoCloseable {
    private static final int BATCHES_AT_A_TIME = 100;
    private static final int ONE_IN_JUMPS = 1_000;

    private final OpenPartition partition;
    private final LogReader reader;
    private final RecordCursor cursor = new RecordCursor();
    private final SplittableRandom random;
    private long readableOffset;

    Tailing(OpenPartition partition, SplittableRandom random) {
        this.partition = partition;
        this.reader = partition.log().openReader();
        this.random = random;
    }

    /** Reads a little; returns the batches read. */
    int step() {
        long readable = partition.log().readableOffset();
        require(readable >= readableOffset, "L6", "readable was offset " + readableOffset + ": " + partition.log());
        readableOffset = readable;
        if (random.nextInt(ONE_IN_JUMPS) == 0) {
            reader.seek(random.nextLong(readable + 1));
        }
        long bound = partition.log().readablePosition();
        int read = 0;
        while (read < BATCHES_AT_A_TIME && reader.next(bound)) {
            Content.requireGood(reader.batch(), cursor, partition.number());
            read++;
        }
        return read;
    }

    @Override
    public void close() {
        reader.close();
    }
}
