package io.semel.client;

import java.nio.ByteBuffer;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.DirectClaim;

/**
 * The short way into one partition, for those who want the bytes: records are encoded into a batch of the appender's
 * own and copied once, into the mapped segment.
 *
 * <p>Records become readable when their batch is appended: when it has reached 16 KiB, or at {@link #flush()}. The
 * appender keeps no thread; what is added and never flushed is lost on {@code kill -9}.
 *
 * <p>Thread rule: one thread at a time, except {@link #close()}, by any; any number of appenders may write to one
 * partition. A null key or value is a null in the record. Nothing is allocated per record.
 */
public final class Appender implements AutoCloseable {
    private final ClientRuntime runtime;
    private final AppendLane lane;
    private final OneThread access;
    private final DirectClaim direct;
    /** Who may still be writing into the open claim. */
    private Thread claimant;

    Appender(ClientRuntime runtime, AppendLane lane) {
        this.direct = new DirectClaim(lane.writer().partition().log());
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
     * Claims room in the log itself for one record without headers, after what was added before; write the value into
     * the buffer, then {@link #commit()} or {@link #abort()}. Nothing is copied, and the record carries no sequence.
     *
     * <p>While the claim is open nothing behind it becomes readable in this partition, for anybody: write at once.
     *
     * @param valueLength bytes that will be written, all of them; with the key at least
     *                    {@link io.semel.log.batch.DirectBatch#MIN_CONTENT_LENGTH}
     * @return the value's bytes, from position to limit, valid until the claim is ended
     * @throws IllegalArgumentException when it is too long for a batch or too short for a claim
     * @throws IllegalStateException    when this appender's claim before it is open
     */
    public ByteBuffer claim(byte[] keyOrNull, int valueLength) {
        access.enter();
        try {
            lane.flush();
            lane.claim(direct, keyOrNull, valueLength);
            claimant = Thread.currentThread();
            return direct.value();
        } finally {
            access.leave();
        }
    }

    /** Publishes the record whose value was written into the claim; returns its ticket, see {@link #flush()}. */
    public long commit() {
        access.enter();
        try {
            return lane.noteTicket(direct.commit());
        } finally {
            access.leave();
        }
    }

    /** Gives the open claim up: readers will pass over it. Nothing happens when none is open. */
    public void abort() {
        access.enter();
        try {
            direct.abort();
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
     * Flushes and waits as {@link #awaitAcknowledged()}, then closes; an open claim of this thread is
     * aborted, one of another thread is left to that thread. Closing twice is harmless. Closed by another thread,
     * which closing the directory is, it waits for the call under way; the next one is refused.
     */
    @Override
    public void close() {
        access.close(this::finish);
    }

    private void finish() {
        try {
            if (claimant == Thread.currentThread()) {
                // Another thread's claim is left to it: it may be writing.
                direct.abort();
            }
            lane.flush();
            lane.awaitAcknowledged();
        } finally {
            runtime.unregister(this);
        }
    }
}
