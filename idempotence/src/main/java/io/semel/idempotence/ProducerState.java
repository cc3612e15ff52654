package io.semel.idempotence;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;

/**
 * One producer in one partition as its writer sees it: what is admitted, ahead of the frontier.
 *
 * <p>The writer changes it at the moment of the claim, so that a producer's next batch is judged without waiting for
 * the frontier; {@link ProducerStates#apply}, which keeps a trail of its own exactly at the frontier, finds it recorded
 * already and leaves it alone. Recovery, where nobody claimed, records through the same method: live = replayed (L4).
 *
 * <p>Thread rule: everything but {@link #recordedOffset()} under {@link #pen()}, from verdict to record. Markers and
 * fences take the same pen, so a batch admitted at an old epoch can't land behind the marker that ends it (T6).
 */
public final class ProducerState {
    /** No transaction is open. */
    public static final long NO_OFFSET = -1L;

    private static final int NO_SEQUENCE = RecordBatchLayout.NO_SEQUENCE;

    private final ProducerIdentity identity;
    private final Verdicts verdicts;
    private final Pen pen = new Pen();
    private final ProducerTrail admitted = new ProducerTrail();
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
        return admitted.transactionOffset();
    }

    public short epoch() {
        return admitted.epoch();
    }

    /** The last sequence written at this epoch, or -1. */
    public int lastSequence() {
        return admitted.lastSequence();
    }

    public long lastTimestampMs() {
        return admitted.lastTimestampMs();
    }

    /**
     * The first offset of what must be found again when this state is folded from the log (I3);
     * {@link Long#MAX_VALUE} when that is nothing, or the producer is dead for ever and refused whatever it did.
     */
    public long rememberedFrom() {
        return identity.isForgotten() ? Long.MAX_VALUE : admitted.firstOffset();
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
        if (batchEpoch < highest || batchEpoch < epoch()) {
            return Verdict.FENCED;
        }
        // A coordinator's own batches, offsets in a transaction, have no sequence: nobody retries them over a network.
        if (baseSequence == NO_SEQUENCE || baseSequence == expectedSequence(batchEpoch)) {
            return Verdict.ADMIT;
        }
        if (batchEpoch > epoch() || lastSequence() == NO_SEQUENCE || baseSequence < 0) {
            return Verdict.GAP;
        }
        int batchLast = Sequences.plus(baseSequence, recordCount - 1);
        if (admitted.offsetOf(baseSequence, batchLast) != NO_OFFSET) {
            return Verdict.DUPLICATE;
        }
        return admitted.isForgotten(batchLast) ? Verdict.DUPLICATE_FORGOTTEN : Verdict.GAP;
    }

    /** Whether a batch of {@code batchEpoch} would join the open transaction of an older instance. */
    public boolean awaitsMarkerBefore(short batchEpoch) {
        return transactionOffset() != NO_OFFSET && batchEpoch > epoch();
    }

    /** The sequence that a batch of this epoch must begin with. */
    public int expectedSequence(short batchEpoch) {
        return batchEpoch > epoch() || lastSequence() == NO_SEQUENCE ? 0 : Sequences.plus(lastSequence(), 1);
    }

    /** The offset that was given to a batch which {@link #judge} called a duplicate. */
    public long originalOffset(int baseSequence, int recordCount) {
        return admitted.offsetOf(baseSequence, Sequences.plus(baseSequence, recordCount - 1));
    }

    /** Takes in a data batch whose offsets are claimed. */
    public void recordBatch(RecordBatchView batch, long baseOffset) {
        admitted.takeBatch(batch, baseOffset);
        recordedOffset = admitted.endOffset();
    }

    /** Takes in the marker that ends the open transaction; a marker of a newer epoch fences the older ones. */
    public void recordMarker(short markerEpoch, long markerOffset, long timestampMs) {
        admitted.takeMarker(markerEpoch, markerOffset, timestampMs);
        recordedOffset = admitted.endOffset();
    }

    /** After a restart nothing is ahead of the frontier: what was applied is what is admitted. */
    void restore(ProducerTrail applied) {
        admitted.copy(applied);
        recordedOffset = admitted.endOffset();
    }

    @Override
    public String toString() {
        return "ProducerState{" + identity + ", " + admitted + '}';
    }
}
