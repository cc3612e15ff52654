package io.semel.client;

import java.nio.ByteBuffer;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.memory.Region;

/**
 * One record that outlives the call that showed it: it holds its segment's bytes mapped until it is closed, even when
 * the segment is deleted or the directory closed meanwhile. What was compressed is copied.
 *
 * <p>Close it, and soon: a segment that is held frees neither memory nor disk. Thread rule: one thread at a time.
 */
public final class RecordSlice implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final long offset;
    private final long timestamp;
    private final Region lease;
    private ByteBuffer key;
    private ByteBuffer value;
    private boolean closed;

    private RecordSlice(long offset, long timestamp, ByteBuffer key, ByteBuffer value, Region lease) {
        this.offset = offset;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.lease = lease;
    }

    /** The record under the cursor, which stands in the leased batch. */
    static RecordSlice of(RecordCursor record, RecordBatchView batch, Region lease) {
        if (record.buffer() == batch.buffer()) {
            return new RecordSlice(record.offset(), record.timestamp(), slice(record, record.keyPosition(),
                    record.keyLength()), slice(record, record.valuePosition(), record.valueLength()), lease);
        }
        return new RecordSlice(record.offset(), record.timestamp(), wrap(record.copyKey()), wrap(record.copyValue()),
                lease);
    }

    private static ByteBuffer slice(RecordCursor record, int position, int length) {
        return length < 0 ? null : record.buffer().slice(position, length).asReadOnlyBuffer();
    }

    private static ByteBuffer wrap(byte[] bytesOrNull) {
        return bytesOrNull == null ? null : ByteBuffer.wrap(bytesOrNull).asReadOnlyBuffer();
    }

    public long offset() {
        return offset;
    }

    /** Milliseconds since the epoch. */
    public long timestamp() {
        return timestamp;
    }

    /** The key, read-only, valid until {@link #close()}; null for a record without one. */
    public ByteBuffer key() {
        return key;
    }

    /** The value, read-only, valid until {@link #close()}; null for a tombstone. */
    public ByteBuffer value() {
        return value;
    }

    /**
     * Lets the bytes go. Buffers that were handed out before must not be touched any more. Closing twice is harmless.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            key = NOTHING;
            value = NOTHING;
            lease.release();
        }
    }
}
