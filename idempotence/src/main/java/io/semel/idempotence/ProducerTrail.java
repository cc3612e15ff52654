package io.semel.idempotence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.SnapshotWriter;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

/**
 * What one producer left in one partition up to some offset: its epoch, its last five batches, and where its open
 * transaction begins. Taking in the same batches gives the same trail, whoever takes them in (L4).
 *
 * <p>Thread rule: one thread at a time, see the two owners: {@link ProducerState} and {@link ProducerStates}.
 */
final class ProducerTrail {
    /** Kafka clients keep at most five batches in flight, so five recognise any retry. */
    static final int BATCHES_REMEMBERED = 5;

    private static final int NO_SEQUENCE = RecordBatchLayout.NO_SEQUENCE;
    private static final long NO_OFFSET = ProducerState.NO_OFFSET;

    /**
     * A ring of pairs: first sequence in the upper half and last in the lower half of one long, then the base offset.
     */
    private final long[] batches = new long[2 * BATCHES_REMEMBERED];
    private int newest = -1;
    private int remembered;
    private short epoch = -1;
    private int lastSequence = NO_SEQUENCE;
    private long transactionOffset = NO_OFFSET;
    private long lastTimestampMs;
    private long endOffset = NO_OFFSET;

    short epoch() {
        return epoch;
    }

    /** The last sequence written at this epoch, or -1. */
    int lastSequence() {
        return lastSequence;
    }

    /** The first offset of the open transaction, or {@link ProducerState#NO_OFFSET}. */
    long transactionOffset() {
        return transactionOffset;
    }

    long lastTimestampMs() {
        return lastTimestampMs;
    }

    /** The offset after the last batch or marker taken in, or {@link ProducerState#NO_OFFSET}. */
    long endOffset() {
        return endOffset;
    }

    int remembered() {
        return remembered;
    }

    /**
     * The first offset of what this was made of and would have to be made of again: the oldest batch remembered, or the
     * last batch or marker. {@link Long#MAX_VALUE} when nothing was taken in.
     */
    long firstOffset() {
        if (endOffset == NO_OFFSET) {
            return Long.MAX_VALUE;
        }
        int oldest = (newest - remembered + 1 + BATCHES_REMEMBERED) % BATCHES_REMEMBERED;
        return remembered == 0 ? endOffset - 1 : Math.min(batches[2 * oldest + 1], endOffset - 1);
    }

    /** Only what ends before all that is remembered was written once; what overlaps it was never written like this. */
    boolean isForgotten(int batchLast) {
        int oldest = (newest + 1) % BATCHES_REMEMBERED;
        return remembered == BATCHES_REMEMBERED && Sequences.isBefore(batchLast, (int) (batches[2 * oldest] >>> 32));
    }

    /** The base offset of the remembered batch with exactly these sequences, or {@link ProducerState#NO_OFFSET}. */
    long offsetOf(int firstSequence, int batchLast) {
        long wanted = sequences(firstSequence, batchLast);
        for (int age = 0; age < remembered; age++) {
            int index = (newest - age + BATCHES_REMEMBERED) % BATCHES_REMEMBERED;
            if (batches[2 * index] == wanted) {
                return batches[2 * index + 1];
            }
        }
        return NO_OFFSET;
    }

    private static long sequences(int first, int last) {
        return (long) first << 32 | last & 0xFFFF_FFFFL;
    }

    void takeBatch(RecordBatchView batch, long baseOffset) {
        beginEpoch(batch.producerEpoch());
        if (batch.baseSequence() != NO_SEQUENCE) {
            remember(sequences(batch.baseSequence(), batch.lastSequence()), baseOffset);
        }
        lastTimestampMs = batch.maxTimestamp();
        if (batch.isTransactional() && transactionOffset == NO_OFFSET) {
            transactionOffset = baseOffset;
        }
        endOffset = baseOffset + batch.lastOffsetDelta() + 1;
    }

    private void remember(long sequences, long baseOffset) {
        newest = (newest + 1) % BATCHES_REMEMBERED;
        remembered = Math.min(remembered + 1, BATCHES_REMEMBERED);
        batches[2 * newest] = sequences;
        batches[2 * newest + 1] = baseOffset;
        lastSequence = (int) sequences;
    }

    void takeMarker(short markerEpoch, long markerOffset, long timestampMs) {
        beginEpoch(markerEpoch);
        transactionOffset = NO_OFFSET;
        lastTimestampMs = timestampMs;
        endOffset = markerOffset + 1;
    }

    /** A newer epoch starts its sequences at 0 and has no duplicates among the older ones. */
    private void beginEpoch(short newEpoch) {
        if (newEpoch > epoch) {
            epoch = newEpoch;
            remembered = 0;
            newest = -1;
            lastSequence = NO_SEQUENCE;
        }
    }

    void encode(SnapshotWriter sink) {
        sink.putShort(epoch).putInt(lastSequence).putLong(lastTimestampMs).putLong(transactionOffset);
        sink.putLong(endOffset).putByte(remembered);
        for (int age = remembered - 1; age >= 0; age--) {
            int index = (newest - age + BATCHES_REMEMBERED) % BATCHES_REMEMBERED;
            sink.putLong(batches[2 * index]).putLong(batches[2 * index + 1]);
        }
    }

    /** Takes over what {@link #encode} wrote, into a trail that is still empty. */
    void restore(ByteBuffer source) {
        epoch = source.getShort();
        lastSequence = source.getInt();
        lastTimestampMs = source.getLong();
        transactionOffset = source.getLong();
        endOffset = source.getLong();
        remembered = source.get();
        newest = remembered - 1;
        for (int index = 0; index < remembered; index++) {
            batches[2 * index] = source.getLong();
            batches[2 * index + 1] = source.getLong();
        }
    }

    /** A copy of what is remembered, as a snapshot's reader wants it. */
    ProducerSnapshot snapshot(long producerId) {
        List<ProducerSnapshot.Batch> copies = new ArrayList<>();
        for (int age = remembered - 1; age >= 0; age--) {
            int index = (newest - age + BATCHES_REMEMBERED) % BATCHES_REMEMBERED;
            copies.add(new ProducerSnapshot.Batch((int) (batches[2 * index] >>> 32), (int) batches[2 * index],
                    batches[2 * index + 1]));
        }
        return new ProducerSnapshot(producerId, epoch, lastSequence, lastTimestampMs, transactionOffset, endOffset,
                copies);
    }

    /** Takes over another trail, into one that is still empty. */
    void copy(ProducerTrail other) {
        System.arraycopy(other.batches, 0, batches, 0, batches.length);
        newest = other.newest;
        remembered = other.remembered;
        epoch = other.epoch;
        lastSequence = other.lastSequence;
        transactionOffset = other.transactionOffset;
        lastTimestampMs = other.lastTimestampMs;
        endOffset = other.endOffset;
    }

    @Override
    public String toString() {
        return "epochHere=" + epoch + ", lastSequence=" + lastSequence + ", remembered=" + remembered
                + ", transactionOffset=" + transactionOffset + ", endOffset=" + endOffset;
    }
}
