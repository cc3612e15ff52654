package io.semel.log;

import java.nio.ByteBuffer;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;

/** Makes batches that say who wrote them, and reads that back. Thread rule: one thread. */
final class TestBatches {
    private final RecordBatchWriter writer = new RecordBatchWriter(1024, 1 << 20);
    private final RecordCursor cursor = new RecordCursor();
    private final ByteBuffer key = ByteBuffer.allocate(2 * Long.BYTES);
    private static final ByteBuffer VALUE = ByteBuffer.allocate(1 << 20);

    static {
        for (int at = 0; at < VALUE.capacity(); at++) {
            VALUE.put(at, (byte) (at * 31 + (at >> 8)));
        }
    }

    /** A batch of {@code count} records that bear {@code who} and {@code number}. */
    ByteBuffer batch(long who, long number, int count, int valueLength) {
        key.putLong(0, who).putLong(Long.BYTES, number);
        writer.begin(number);
        for (int record = 0; record < count; record++) {
            writer.tryAppend(number, key, 0, key.capacity(), VALUE, 0, valueLength);
        }
        return writer.finish();
    }

    ByteBuffer batch(long number) {
        return batch(0, number, 1 + (int) (number % 3), (int) (number * 37 % 300));
    }

    /**
     * A batch of one record that is exactly {@code sizeInBytes} long, from 100 bytes up. Where a varint's edge lets no
     * value fit, a larger timestamp delta takes the bytes that are missing.
     */
    ByteBuffer batchOfSize(long number, int sizeInBytes) {
        key.putLong(0, 0).putLong(Long.BYTES, number);
        int longest = sizeInBytes - RecordBatchWriter.sizeOf(key.capacity(), 0);
        for (int valueLength = longest; valueLength > longest - 8; valueLength--) {
            for (int delta : new int[] {0, 100, 10_000}) {
                writer.begin(number);
                writer.tryAppend(number + delta, key, 0, key.capacity(), VALUE, 0, valueLength);
                if (writer.sizeInBytes() == sizeInBytes) {
                    return writer.finish();
                }
            }
        }
        throw new IllegalStateException("no batch of " + sizeInBytes + " bytes");
    }

    long who(RecordBatchView batch) {
        return first(batch).getLong(cursor.keyPosition());
    }

    long number(RecordBatchView batch) {
        return first(batch).getLong(cursor.keyPosition() + Long.BYTES);
    }

    private ByteBuffer first(RecordBatchView batch) {
        if (!cursor.wrap(batch).next()) {
            throw new IllegalStateException("no record in " + batch);
        }
        return cursor.buffer();
    }

    static int recordCount(ByteBuffer batch) {
        return RecordBatchLayout.lastOffsetDelta(batch, batch.position()) + 1;
    }
}
