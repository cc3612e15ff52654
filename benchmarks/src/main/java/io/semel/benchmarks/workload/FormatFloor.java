package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;

/**
 * The floor of our own format: batches are encoded with their CRC, copied into mapped pages whose blocks were written
 * before, and published by one release store. No claim, no index, no state, no clock.
 */
public final class FormatFloor implements Workload {
    /** As the client's. */
    private static final int BATCH_BYTES = 16 << 10;

    private static final int LEADER_EPOCH = 1;
    private static final long TIMESTAMP_MS = 1_700_000_000_000L;

    private final int payloadBytes;
    private final Batching batching;
    private final RecordBatchWriter writer = new RecordBatchWriter(BATCH_BYTES, BATCH_BYTES);
    private final AtomicLong published = new AtomicLong();
    private MappedPages pages;
    private ByteBuffer target;
    private int position;
    private int lastBatch;
    private long offset;

    public FormatFloor(int payloadBytes, Batching batching) {
        this.payloadBytes = payloadBytes;
        this.batching = batching;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws IOException {
        byte[] payload = Payload.create(payloadBytes);
        long batchBytes = RecordBatchWriter.sizeOf(-1, payloadBytes);
        offset = 0;
        try (MappedPages created = MappedPages.create(directory, MappedPages.Blocks.READY, operations * batchBytes)) {
            pages = created;
            stopwatch.start();
            target = pages.next();
            position = 0;
            writer.begin(TIMESTAMP_MS);
            for (long first = 0; first < operations; first += CHUNK) {
                append(payload, first, Math.min(operations, first + CHUNK));
            }
            publish();
            stopwatch.stop();
            requireWhole(lastBatch);
        }
        Payload.require("records", operations, published.getAcquire());
        return NO_FIGURES;
    }

    private void requireWhole(int batchPosition) {
        RecordBatchView batch = new RecordBatchView().wrap(target, batchPosition);
        Payload.require("offset after the last batch", offset, batch.nextOffset());
        Payload.require("batches whose CRC is good, of the last one", 1, batch.isCrcValid() ? 1 : 0);
    }

    private void append(byte[] payload, long first, long end) throws IOException {
        for (long number = first; number < end; number++) {
            Payload.number(payload, number);
            if (!writer.tryAppend(TIMESTAMP_MS, null, payload)) {
                publish();
                writer.tryAppend(TIMESTAMP_MS, null, payload);
            }
            if (batching == Batching.NONE) {
                publish();
            }
        }
    }

    /** Copies the open batch to its place and begins the next one. */
    private void publish() throws IOException {
        int recordCount = writer.recordCount();
        if (recordCount == 0) {
            return;
        }
        ByteBuffer batch = writer.finish();
        int lengthBytes = batch.remaining();
        if (position + lengthBytes > MappedPages.FILE_BYTES) {
            target = pages.next();
            position = 0;
        }
        target.put(position, batch, 0, lengthBytes);
        lastBatch = position;
        RecordBatchLayout.stamp(target, position, offset, LEADER_EPOCH);
        position += lengthBytes;
        offset += recordCount;
        published.setRelease(offset);
        writer.begin(TIMESTAMP_MS);
    }
}
