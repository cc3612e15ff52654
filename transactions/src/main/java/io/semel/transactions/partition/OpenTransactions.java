package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

import io.semel.log.SnapshotWriter;
import io.semel.log.SnapshottableFold;

/**
 * The transactions that are open in one partition, in the order in which they began. The first one holds the last
 * stable offset.
 *
 * <p>Thread rule: one writer, the partition's fold. {@link #firstPositionAcquire()} and {@link #firstOffset()} by any
 * thread.
 */
final class OpenTransactions {
    /** No transaction is open. */
    static final long NONE = Long.MAX_VALUE;

    private static final int FIRST_CAPACITY = 4;

    private long[] producerIds = new long[FIRST_CAPACITY];
    private long[] offsets = new long[FIRST_CAPACITY];
    private long[] positions = new long[FIRST_CAPACITY];
    private int count;
    private volatile long firstPosition = NONE;
    private volatile long firstOffset = NONE;

    /** Notes a transactional batch; only the first of its transaction changes anything. */
    void note(long producerId, long offset, long position) {
        if (indexOf(producerId) >= 0) {
            return;
        }
        if (count == producerIds.length) {
            producerIds = Arrays.copyOf(producerIds, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        producerIds[count] = producerId;
        offsets[count] = offset;
        positions[count] = position;
        count++;
        publishFirst();
    }

    /** The first offset of a producer's open transaction, or {@link #NONE}. */
    long firstOffsetOf(long producerId) {
        int index = indexOf(producerId);
        return index < 0 ? NONE : offsets[index];
    }

    /** Ends a producer's transaction, if one is open. */
    void end(long producerId) {
        int index = indexOf(producerId);
        if (index < 0) {
            return;
        }
        count--;
        System.arraycopy(producerIds, index + 1, producerIds, index, count - index);
        System.arraycopy(offsets, index + 1, offsets, index, count - index);
        System.arraycopy(positions, index + 1, positions, index, count - index);
        publishFirst();
    }

    private int indexOf(long producerId) {
        for (int index = 0; index < count; index++) {
            if (producerIds[index] == producerId) {
                return index;
            }
        }
        return -1;
    }

    /** Count, then producer id and first offset of each, the oldest first. */
    void encode(SnapshotWriter sink) {
        sink.putInt(count);
        for (int index = 0; index < count; index++) {
            sink.putLong(producerIds[index]).putLong(offsets[index]);
        }
    }

    /** Positions belong to one opening of the log and are asked for anew. */
    void restore(ByteBuffer source, SnapshottableFold.Positions where) throws IOException {
        for (int left = source.getInt(); left > 0; left--) {
            long producerId = source.getLong();
            long offset = source.getLong();
            note(producerId, offset, where.of(offset));
        }
    }

    private void publishFirst() {
        firstOffset = count == 0 ? NONE : offsets[0];
        firstPosition = count == 0 ? NONE : positions[0];
    }

    /** Where the oldest open transaction begins, log-absolute, or {@link #NONE}. */
    long firstPositionAcquire() {
        return firstPosition;
    }

    long firstOffset() {
        return firstOffset;
    }
}
