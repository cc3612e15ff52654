package io.semel.idempotence;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

/**
 * One producer in one partition: its epoch, its last five batches, and where its open transaction begins.
 *
 * <p>The writer changes it at the moment of the claim, so that a producer's next batch is judged without waiting for the
 * frontier; {@link ProducerStates#apply} finds it recorded already and leaves it alone. Recovery, where nobody claimed,
 * records through the same method: live = replayed (L4).
 *
 * <p>Thread rule: everything but {@link #recordedOffset()} under {@link #pen()}, from verdict to record. Markers and
 * fences take the same pen, so a batch admitted at an old epoch can't land behind the marker that ends it (T6).
 */
public final class ProducerState {
    /** Kafka clients keep at most five batches in flight, so five recognise any retry. */
    static final int BATCHES_REMEMBERED = 5;

    /** No transaction is open. */
    public static final long NO_OFFSET = -1L;

    private static final int NO_SEQUENCE = RecordBatchLayout.NO_SEQUENCE;

    private final ProducerIdentity identity;
    private final Verdicts verdicts;
    private final Pen pen = new Pen();
    private final int[] firstSequences = new int[BATCHES_REMEMBERED];
    private final int[] lastSequences = new int[BATCHES_REMEMBERED];
    private final long[] baseOffsets = new long[BATCHES_REMEMBERED];
    private int newest = -1;
    private int remembered;
    private short epoch = -1;
    private int lastSequence = NO_SEQUENCE;
    private long transactionOffset = NO_OFFSET;
    private long lastTimestampMs;
    /** Written last: whoever reads it sees the record that it stands for. */
    private volatile long recordedOffset = NO_OFFSET;

    ProducerState(ProducerIdentity identity, Verdicts verdicts) {
        this.identity = identity;
        this.verdicts = verdicts;
    }

    public ProducerIdentity identity() {
        return identity;
    }

    public Pen pen() {
        return pen;
    }

    /** The offset after the last batch or marker taken in. */
    public long recordedOffset() {
        return recordedOffset;
    }

    /** The first offset of the open transaction, or {@link #NO_OFFSET}. */
    public long transactionOffset() {
        return transactionOffset;
    }

    public short epoch() {
        return epoch;
    }

    /** The last sequence written at this epoch, or -1. */
    public int lastSequence() {
        return lastSequence;
    }

    public long lastTimestampMs() {
        return lastTimestampMs;
    }

    /** Judges a batch. Changes nothing. */
    public Verdict judge(short batchEpoch, int baseSequence, int recordCount) {
        return verdicts.settle(strictly(batchEpoch, baseSequence, recordCount));
    }

    private Verdict strictly(short batchEpoch, int baseSequence, int recordCount) {
        short highest = identity.epoch();
        if (!identity.isAlive() || batchEpoch > highest) {
            return Verdict.UNKNOWN;
        }
        if (batchEpoch < highest || batchEpoch < epoch) {
            return Verdict.FENCED;
        }
        // A coordinator's own batches, offsets in a transaction, have no sequence: nobody retries them over a network.
        if (baseSequence == NO_SEQUENCE || baseSequence == expectedSequence(batchEpoch)) {
            return Verdict.ADMIT;
        }
        if (batchEpoch > epoch || lastSequence == NO_SEQUENCE || baseSequence < 0) {
            return Verdict.GAP;
        }
        int batchLast = Sequences.plus(baseSequence, recordCount - 1);
        if (indexOf(baseSequence, batchLast) >= 0) {
            return Verdict.DUPLICATE;
        }
        return isForgotten(batchLast) ? Verdict.DUPLICATE_FORGOTTEN : Verdict.GAP;
    }

    /** Only what ends before all that is remembered was written once; what overlaps it was never written like this. */
    private boolean isForgotten(int batchLast) {
        int oldest = (newest + 1) % BATCHES_REMEMBERED;
        return remembered == BATCHES_REMEMBERED && Sequences.isBefore(batchLast, firstSequences[oldest]);
    }

    /** Whether a batch of {@code batchEpoch} would join the open transaction of an older instance. */
    public boolean awaitsMarkerBefore(short batchEpoch) {
        return transactionOffset != NO_OFFSET && batchEpoch > epoch;
    }

    /** The sequence that a batch of this epoch must begin with. */
    public int expectedSequence(short batchEpoch) {
        return batchEpoch > epoch || lastSequence == NO_SEQUENCE ? 0 : Sequences.plus(lastSequence, 1);
    }

    /** The offset that was given to a batch which {@link #judge} called a duplicate. */
    public long originalOffset(int baseSequence, int recordCount) {
        return baseOffsets[indexOf(baseSequence, Sequences.plus(baseSequence, recordCount - 1))];
    }

    private int indexOf(int firstSequence, int batchLast) {
        for (int age = 0; age < remembered; age++) {
            int index = (newest - age + BATCHES_REMEMBERED) % BATCHES_REMEMBERED;
            if (firstSequences[index] == firstSequence && lastSequences[index] == batchLast) {
                return index;
            }
        }
        return -1;
    }

    /** Takes in a data batch whose offsets are claimed. */
    public void recordBatch(RecordBatchView batch, long baseOffset) {
        beginEpoch(batch.producerEpoch());
        if (batch.baseSequence() != NO_SEQUENCE) {
            remember(batch.baseSequence(), batch.lastSequence(), baseOffset);
        }
        lastTimestampMs = batch.maxTimestamp();
        if (batch.isTransactional() && transactionOffset == NO_OFFSET) {
            transactionOffset = baseOffset;
        }
        recordedOffset = baseOffset + batch.lastOffsetDelta() + 1;
    }

    private void remember(int firstSequence, int batchLast, long baseOffset) {
        newest = (newest + 1) % BATCHES_REMEMBERED;
        remembered = Math.min(remembered + 1, BATCHES_REMEMBERED);
        firstSequences[newest] = firstSequence;
        lastSequences[newest] = batchLast;
        baseOffsets[newest] = baseOffset;
        lastSequence = batchLast;
    }

    /** Takes in the marker that ends the open transaction; a marker of a newer epoch fences the older ones. */
    public void recordMarker(short markerEpoch, long markerOffset, long timestampMs) {
        beginEpoch(markerEpoch);
        transactionOffset = NO_OFFSET;
        lastTimestampMs = timestampMs;
        recordedOffset = markerOffset + 1;
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

    @Override
    public String toString() {
        return "ProducerState{" + identity + ", epochHere=" + epoch + ", lastSequence=" + lastSequence + ", remembered="
                + remembered + ", transactionOffset=" + transactionOffset + '}';
    }
}
