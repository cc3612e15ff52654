package io.semel.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.HeapDisk;

/** A whole {@link Log} on the heap, with a fold that counts. Thread rule: as the log. */
final class SmallLog {
    static final ByteBuffer ONE_RECORD = batchOf(1);
    static final ByteBuffer TWO_RECORDS = batchOf(2);

    private static final LogConfig CONFIG = LogConfig.DEFAULT.withSegmentBytes(LogConfig.MIN_SEGMENT_BYTES);
    private static final int CAPACITY_BYTES = 1024;
    private static final Path NOWHERE = Path.of("");

    final Log log;
    /** What the fold made of the batches behind the frontier; plain, as every fold's state. */
    int folded;
    /** Whether the frontier was ever past a batch that was being folded. */
    boolean passedUnfolded;

    private SmallLog() throws IOException {
        log = Log.open(new HeapDisk(CAPACITY_BYTES), NOWHERE, CONFIG, this::fold);
    }

    private void fold(RecordBatchView batch, long position) {
        passedUnfolded |= log.frontierOffset() > batch.baseOffset();
        folded++;
    }

    static SmallLog open() {
        try {
            return new SmallLog();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long append(ByteBuffer batch) {
        Claim claim = new Claim();
        long offset = log.append(claim, batch);
        while (offset == Append.BACK_PRESSURED) {
            Thread.onSpinWait();
            offset = log.append(claim, batch);
        }
        return offset;
    }

    void close() {
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all that lies behind the frontier: whole, or what is wrong. */
    String describeContent() {
        long bound = log.frontierPosition();
        long offset = 0;
        try (LogReader reader = log.openReader()) {
            while (reader.next(bound)) {
                RecordBatchView batch = reader.batch();
                if (batch.baseOffset() != offset || !batch.isCrcValid()) {
                    return "torn at offset " + offset;
                }
                offset = batch.nextOffset();
            }
        }
        return "whole";
    }

    private static ByteBuffer batchOf(int recordCount) {
        RecordBatchWriter writer = new RecordBatchWriter(1024, 1024);
        ByteBuffer key = ByteBuffer.allocate(8);
        writer.begin(0);
        for (int record = 0; record < recordCount; record++) {
            writer.tryAppend(0, key, 0, key.capacity(), key, 0, key.capacity());
        }
        return writer.finish();
    }
}
