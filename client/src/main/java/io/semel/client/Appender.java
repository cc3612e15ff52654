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
 * <p>Thread rule: one thread at a time, except {@link #close()}, by any; any number of appenders may write to one partition. A null key or value is a null in
 * the record. Nothing is allocated per record.
 */
public final class Appender implements AutoCloseable {
    private final ClientRuntime runtime;
    private final AppendLane lane;
    private final OneThread access;

    Appender(ClientRuntime runtime, AppendLane lane) {
        this.runtime = runtime;
        this.lane = lane;
        this.access = new OneThread("appender to " + lane.writer().partition().id());
        runtime.register(this);
    }

    /**
     * Adds a record.
     *
     * @throws org.apache.kafka.common.errors.RecordTooLargeException when it can't fit a batch; it was not added
     * @throws org.apache.kafka.common.errors.KafkaStorageException   when the partition takes no more
     */
    public void append(byte[] key, byte[] value) {
        access.enter();
        try {
            lane.add(key, value);
        } finally {
            access.leave();
        }
    }

    /** As {@link #append(byte[], byte[])}, from parts of buffers, heap or direct; a length of -1 is a null. */
    public void append(ByteBuffer key, int keyPosition, int keyLength, ByteBuffer value, int valuePosition,
            int valueLength) {
        access.enter();
        try {
            lane.add(key, keyPosition, keyLength, value, valuePosition, valueLength);
        } finally {
            access.leave();
        }
    }

    /**
     * Appends the open batch. When that fails, the batch is kept: flush again, once there is room.
     *
     * @return the ticket: the offset after the last record; acknowledged once {@link #awaitAcknowledged()} returns
     */
    public long flush() {
        access.enter();
        try {
            return lane.flush();
        } finally {
            access.leave();
        }
    }

    /** Flushes, and waits until everything appended so far survives {@code kill -9}. */
    public void awaitAcknowledged() {
        access.enter();
        try {
            lane.flush();
            lane.awaitAcknowledged();
        } finally {
            access.leave();
        }
    }

    /**
     * Flushes and waits as {@link #awaitAcknowledged()}, then closes. Closing twice is harmless. Closed by another thread,
     * which closing the directory is, it waits for the call under way; the next one is refused.
     */
    @Override
    public void close() {
        access.close(this::finish);
    }

    private void finish() {
        try {
            lane.flush();
            lane.awaitAcknowledged();
        } finally {
            runtime.unregister(this);
        }
    }
}
