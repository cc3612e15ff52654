package io.semel.client;

import java.nio.ByteBuffer;

import io.semel.client.runtime.ClientRuntime;

/**
 * The short way into one partition, for those who want the bytes: records are encoded into a batch of the appender's own and
 * copied once, into the mapped segment.
 *
 * <p>Records become readable when their batch is appended: when it has reached 16 KiB, or at {@link #flush()}. The appender
 * keeps no thread; what is added and never flushed is lost on {@code kill -9}.
 *
 * <p>Thread rule: one thread at a time; any number of appenders may write to one partition. A null key or value is a null in
 * the record. Nothing is allocated per record.
 */
public final class Appender implements AutoCloseable {
    private final ClientRuntime runtime;
    private final AppendLane lane;
    private boolean closed;

    Appender(ClientRuntime runtime, AppendLane lane) {
        this.runtime = runtime;
        this.lane = lane;
        runtime.register(this);
    }

    /**
     * Adds a record.
     *
     * @throws org.apache.kafka.common.errors.RecordTooLargeException when it can't fit a batch; it was not added
     * @throws org.apache.kafka.common.errors.KafkaStorageException   when the partition takes no more
     */
    public void append(byte[] key, byte[] value) {
        requireOpen();
        lane.add(key, value);
    }

    /** As {@link #append(byte[], byte[])}, from parts of buffers, heap or direct; a length of -1 is a null. */
    public void append(ByteBuffer key, int keyPosition, int keyLength, ByteBuffer value, int valuePosition,
            int valueLength) {
        requireOpen();
        lane.add(key, keyPosition, keyLength, value, valuePosition, valueLength);
    }

    /**
     * Appends the open batch. When that fails, the batch is kept: flush again, once there is room.
     *
     * @return the ticket: the offset after the last record; acknowledged once {@link #awaitAcknowledged()} returns
     */
    public long flush() {
        requireOpen();
        return lane.flush();
    }

    /** Flushes, and waits until everything appended so far survives {@code kill -9}. */
    public void awaitAcknowledged() {
        requireOpen();
        lane.flush();
        lane.awaitAcknowledged();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("appender is closed: " + lane.writer().partition().id());
        }
    }

    /** Flushes and waits as {@link #awaitAcknowledged()}, then closes. Closing twice is harmless. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            runtime.unregister(this);
            lane.flush();
            lane.awaitAcknowledged();
        }
    }
}
