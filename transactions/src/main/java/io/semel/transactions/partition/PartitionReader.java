package io.semel.transactions.partition;

import io.semel.log.LogReader;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Limit;
import io.semel.log.memory.Region;

/**
 * Reads a partition's data batches at one isolation, without copying: control batches are passed over, what compaction
 * left without records, and for a committed reader those of aborted transactions too.
 *
 * <p>Thread rule: one thread at a time. The view it shows is valid until the next call.
 */
public final class PartitionReader implements AutoCloseable {
    private final Partition partition;
    private final Isolation isolation;
    private final LogReader reader;
    /** Counts this one until it is closed. */
    private final Limit readers;
    private boolean closed;

    private PartitionReader(Partition partition, Isolation isolation, LogReader reader, Limit readers) {
        this.partition = partition;
        this.isolation = isolation;
        this.reader = reader;
        this.readers = readers;
    }

    static PartitionReader open(Partition partition, long offset, Isolation isolation, Limit readers) {
        if (!readers.tryTake(1)) {
            throw new ReaderLimitException(partition.id(), readers);
        }
        try {
            LogReader reader = partition.log().openReader();
            reader.seek(offset);
            return new PartitionReader(partition, isolation, reader, readers);
        } catch (RuntimeException | Error e) {
            readers.giveBack(1);
            throw e;
        }
    }

    /** Stands at the batch that holds {@code offset}: its first records may be older and are the caller's to skip. */
    public void seek(long offset) {
        reader.seek(offset);
    }

    /** Stands at the first batch that has a record as young as {@code timestampMs}, or at the frontier. */
    public void seekToTimestamp(long timestampMs) {
        reader.seekToTimestamp(timestampMs);
    }

    /** Moves to the next batch that this isolation may see now. */
    public boolean next() {
        while (reader.next(partition.boundFor(isolation))) {
            RecordBatchView batch = reader.batch();
            if (!batch.isControl() && batch.recordCount() > 0 && !isHidden(batch)) {
                return true;
            }
        }
        return false;
    }

    private boolean isHidden(RecordBatchView batch) {
        return isolation == Isolation.READ_COMMITTED && batch.isTransactional() && partition.isHidden(batch);
    }

    /** Keeps the bytes of the batch shown mapped until the region is released, see {@link LogReader#lease()}. */
    public Region lease() {
        return reader.lease();
    }

    public RecordBatchView batch() {
        return reader.batch();
    }

    /** The offset after everything seen or passed over so far. */
    public long nextOffset() {
        return reader.nextOffset();
    }

    /** Whether there may be something to see: for a waiter that is about to sleep. */
    public boolean hasMore() {
        return reader.position() < partition.boundFor(isolation);
    }

    @Override
    public void close() {
        reader.close();
        if (!closed) {
            closed = true;
            readers.giveBack(1);
        }
    }
}
