package io.semel.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.TailWaiter;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;

/**
 * The short way out of one partition: record by record over the mapped bytes, without copying. Each batch's CRC is checked
 * once.
 *
 * <p>Thread rule: one thread at a time. What a handler is shown is valid until it returns.
 */
public final class Reader implements AutoCloseable {
    private final ClientRuntime runtime;
    private final Partition partition;
    private final PartitionReader reader;
    private final RecordCursor record = new RecordCursor();
    private final TailWaiter.Registration registration;
    private volatile Thread waiter;
    private volatile boolean woken;
    private long nextOffset;
    private boolean closed;

    /** Takes one record. */
    @FunctionalInterface
    public interface RecordHandler {
        /** The cursor stands on the record: its offset, timestamp, and where key, value and headers lie in the buffer. */
        void onRecord(RecordCursor record);
    }

    /** Takes one batch. */
    @FunctionalInterface
    public interface BatchHandler {
        void onBatch(RecordBatchView batch);
    }

    Reader(ClientRuntime runtime, Partition partition, PartitionReader reader, long startOffset) {
        this.runtime = runtime;
        this.partition = partition;
        this.reader = reader;
        this.nextOffset = startOffset;
        this.registration = new TailWaiter.Registration(this::wake);
        runtime.register(this);
    }

    /**
     * Hands over the records that can be read now.
     *
     * @param maxBatches batches to take at most, 1 or more
     * @return the number of records
     */
    public int poll(RecordHandler handler, int maxBatches) {
        requireOpen();
        int records = 0;
        for (int batches = 0; batches < maxBatches && nextBatch(); batches++) {
            record.wrap(reader.batch());
            while (record.next()) {
                if (record.offset() >= nextOffset) {
                    handler.onRecord(record);
                    records++;
                }
            }
            nextOffset = reader.nextOffset();
        }
        return records;
    }

    /**
     * Hands over whole batches. The first one after a seek may begin with records below the offset sought.
     *
     * @return the number of batches
     */
    public int pollBatches(BatchHandler handler, int maxBatches) {
        requireOpen();
        int batches = 0;
        while (batches < maxBatches && nextBatch()) {
            handler.onBatch(reader.batch());
            nextOffset = reader.nextOffset();
            batches++;
        }
        return batches;
    }

    private boolean nextBatch() {
        if (!reader.next()) {
            nextOffset = Math.max(nextOffset, reader.nextOffset());
            return false;
        }
        if (!reader.batch().isCrcValid()) {
            throw new CorruptBatchException("bad CRC: partition=" + partition.id() + " " + reader.batch());
        }
        return true;
    }

    /** The offset of the next record to hand over. */
    public long nextOffset() {
        return nextOffset;
    }

    /** Goes to {@code offset}; one before the log's start goes to the start, one past its end to the end. */
    public void seek(long offset) {
        requireOpen();
        reader.seek(offset);
        nextOffset = Math.max(offset, partition.startOffset());
    }

    /**
     * Waits without burning a core until there may be something to read.
     *
     * @return false when the time was over first, or the thread was interrupted
     */
    public boolean await(Duration timeout) {
        requireOpen();
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        waiter = Thread.currentThread();
        try {
            while (!reader.hasMore()) {
                woken = false;
                partition.wakeOnAdvance(registration);
                // Looked at again after the registration: an advance in between would otherwise be missed.
                long leftNs = deadlineNs - System.nanoTime();
                if (reader.hasMore()) {
                    break;
                }
                if (leftNs <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                if (!woken) {
                    LockSupport.parkNanos(this, leftNs);
                }
            }
            return true;
        } finally {
            waiter = null;
        }
    }

    private void wake() {
        woken = true;
        LockSupport.unpark(waiter);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("reader is closed: " + partition.id());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            runtime.unregister(this);
            reader.close();
        }
    }
}
