package io.semel.transactions.partition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.agrona.collections.Long2LongHashMap;

import io.semel.log.LogReader;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Region;

/**
 * A run of whole batches of one segment, as they stand in the mapped file: for whoever passes bytes on and looks at no
 * record. Control batches and those of aborted transactions are in it; who reads committed gets the list of the latter.
 *
 * <p>T9: a transaction is listed if and only if the span holds a batch of it that has a record, so a client that leaves
 * out what is listed, until it meets the marker, is left with what a {@link PartitionReader} shows. Nothing is listed
 * for a batch that is not here: its marker may be compacted away, and the client would wait for it for ever.
 *
 * <p>Thread rule: made by any thread; handed over with its lease, which one thread releases once.
 */
public final class PartitionSpan {
    private static final List<AbortedTransaction> NONE = List.of();

    private final ByteBuffer buffer;
    private final Region region;
    private final int position;
    private final int lengthBytes;
    private final long logPosition;
    private final long nextOffset;
    private final Rest rest;
    private final List<AbortedTransaction> aborted;

    /** An aborted transaction that has a batch in a span: who filters begins to leave out its batches there. */
    public record AbortedTransaction(long producerId, long firstOffset) {
    }

    /** What a span holds when its first batch is larger than asked for. */
    public enum Least {
        NOTHING, ONE_BATCH
    }

    /** Whether there was more behind a span when it was made. */
    public enum Rest {
        NOTHING, SOMETHING
    }

    /** One way over the log: what it has seen so far. */
    private static final class Walk {
        private final Partition partition;
        private final Isolation isolation;
        private List<AbortedTransaction> aborted = NONE;
        /** By producer, where the transaction began that was listed last: its transactions follow each other. */
        private Long2LongHashMap listed;

        Walk(Partition partition, Isolation isolation) {
            this.partition = partition;
            this.isolation = isolation;
        }

        void see(RecordBatchView batch) {
            if (isolation == Isolation.READ_UNCOMMITTED || !batch.isTransactional() || batch.isControl()
                    || batch.recordCount() == 0) {
                return;
            }
            long firstOffset = partition.abortedSince(batch);
            if (firstOffset != AbortedTransactions.NOT_ABORTED) {
                list(batch.producerId(), firstOffset);
            }
        }

        private void list(long producerId, long firstOffset) {
            if (listed == null) {
                listed = new Long2LongHashMap(AbortedTransactions.NOT_ABORTED);
                aborted = new ArrayList<>();
            }
            if (listed.put(producerId, firstOffset) != firstOffset) {
                aborted.add(new AbortedTransaction(producerId, firstOffset));
            }
        }

        List<AbortedTransaction> inOrder() {
            if (aborted.size() > 1) {
                aborted.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
            }
            return aborted;
        }
    }

    /** Nothing to be released. */
    private PartitionSpan(long logPosition, long nextOffset, Rest rest) {
        this.buffer = null;
        this.region = null;
        this.position = 0;
        this.lengthBytes = 0;
        this.logPosition = logPosition;
        this.nextOffset = nextOffset;
        this.rest = rest;
        this.aborted = NONE;
    }

    private PartitionSpan(ByteBuffer buffer, Region region, int position, int lengthBytes, long logPosition,
            long nextOffset, Rest rest, List<AbortedTransaction> aborted) {
        this.buffer = buffer;
        this.region = region;
        this.position = position;
        this.lengthBytes = lengthBytes;
        this.logPosition = logPosition;
        this.nextOffset = nextOffset;
        this.rest = rest;
        this.aborted = aborted;
    }

    /** See {@link Partition#span}. The bound is read first: what is appended during the walk waits for the next one. */
    static PartitionSpan read(Partition partition, long offset, int maxBytes, Least least, Isolation isolation) {
        long bound = partition.boundFor(isolation);
        try (LogReader reader = partition.log().openReader()) {
            reader.seek(offset);
            if (!reader.next(bound)) {
                return new PartitionSpan(reader.position(), offset, Rest.NOTHING);
            }
            int firstLength = reader.batch().sizeInBytes();
            if (least == Least.NOTHING && firstLength > maxBytes) {
                return new PartitionSpan(reader.position() - firstLength, offset, Rest.SOMETHING);
            }
            Region region = reader.lease();
            boolean done = false;
            try {
                PartitionSpan span = walk(new Walk(partition, isolation), reader, bound, maxBytes, region);
                done = true;
                return span;
            } finally {
                if (!done) {
                    region.release();
                }
            }
        }
    }

    /** From the batch to which the reader moved, as far as this segment, the bound and the bytes allow. */
    private static PartitionSpan walk(Walk walk, LogReader reader, long bound, int maxBytes, Region region) {
        RecordBatchView batch = reader.batch();
        ByteBuffer buffer = batch.buffer();
        int start = batch.position();
        int end = start + batch.sizeInBytes();
        long logPosition = reader.position() - batch.sizeInBytes();
        long nextOffset = batch.nextOffset();
        Rest rest = Rest.NOTHING;
        walk.see(batch);
        while (rest == Rest.NOTHING && isMore(reader, bound)) {
            int length = batch.sizeInBytes();
            if (batch.buffer() == buffer && length <= maxBytes - (end - start)) {
                walk.see(batch);
                end += length;
                nextOffset = batch.nextOffset();
            } else {
                rest = Rest.SOMETHING;
            }
        }
        return new PartitionSpan(buffer, region, start, end - start, logPosition, nextOffset, rest, walk.inOrder());
    }

    /** What stands before damage is sound, and is shown; whoever comes to the damage itself is told. */
    private static boolean isMore(LogReader reader, long bound) {
        try {
            return reader.next(bound);
        } catch (CorruptBatchException e) {
            return false;
        }
    }

    public boolean isEmpty() {
        return region == null;
    }

    /**
     * The mapped bytes, for absolute access between {@link #position()} and {@link #lengthBytes()} more. Null when there
     * are none.
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    public int position() {
        return position;
    }

    public int lengthBytes() {
        return lengthBytes;
    }

    /** Keeps the bytes mapped; its lease passes to whoever releases it. Null when there are no bytes. */
    public Region region() {
        return region;
    }

    /** Where it begins in the log: what {@link Partition#bytesFrom} counts from. */
    public long logPosition() {
        return logPosition;
    }

    /** The offset after the last batch; what was asked for when there is none. */
    public long nextOffset() {
        return nextOffset;
    }

    /** Whether more could have been read, had more bytes or another segment been asked for. */
    public Rest rest() {
        return rest;
    }

    /** By first offset; empty for who reads uncommitted. */
    public List<AbortedTransaction> aborted() {
        return aborted;
    }

    /** Gives the lease back, for whoever did not pass it on. */
    public void release() {
        if (region != null) {
            region.release();
        }
    }
}
