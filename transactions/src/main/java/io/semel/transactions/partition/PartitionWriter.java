package io.semel.transactions.partition;

import java.nio.ByteBuffer;

import io.semel.idempotence.ProducerState;
import io.semel.idempotence.Verdict;
import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.Log;
import io.semel.log.WholeBatch;
import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

/**
 * One writer's way into a partition: admit, claim, fill, publish.
 *
 * <p>Thread rule: one thread at a time. Any number of writers write at once.
 */
public final class PartitionWriter {
    /** One process owns the directory, so its coordinator never moves and its epoch never changes. */
    private static final int COORDINATOR_EPOCH = 0;

    private final Partition partition;
    private final Log log;
    /** Null when this writer's batches carry no producer id. */
    private final ProducerState producer;
    private final Claim claim = new Claim();
    private final RecordBatchView view = new RecordBatchView();
    /** Set by {@link #admitAndClaim}: the batch stands in the log already. */
    private boolean duplicate;
    private long transactionNumber = -1;

    PartitionWriter(Partition partition, ProducerState producer) {
        this.partition = partition;
        this.log = partition.log();
        this.producer = producer;
    }

    public Partition partition() {
        return partition;
    }

    public ProducerState producer() {
        return producer;
    }

    /**
     * Appends one whole encoded batch; its CRC is taken as right.
     *
     * @return the offset of its first record (for a retry that was written already: the original's), or a negative code
     *     of {@link Append} or {@link Refusal}; then nothing was written and no state changed
     */
    public long append(ByteBuffer batch) {
        return append(batch, VerificationGuard.NOT_NEEDED);
    }

    /**
     * The same, of a transactional batch that must not open a transaction by itself: nothing new is written once
     * {@code guard} is withdrawn, and {@link Refusal#NO_TRANSACTION} is answered.
     */
    public long append(ByteBuffer batch, VerificationGuard guard) {
        WholeBatch.require(batch);
        int position = batch.position();
        view.wrap(batch, position);
        requireData(view);
        if (!view.hasProducerId()) {
            return appendPlain(batch, position);
        }
        requireOwn(view);
        if (!producer.pen().tryTake()) {
            return Append.BACK_PRESSURED;
        }
        long code;
        try {
            code = admitAndClaim(guard);
        } finally {
            producer.pen().release();
        }
        if (code >= 0 && !duplicate) {
            log.fillAndPublish(claim, batch, position);
        }
        return code;
    }

    private long appendPlain(ByteBuffer batch, int position) {
        long code = log.tryClaim(claim, view.lastOffsetDelta() + 1, batch.remaining());
        if (code >= 0) {
            log.fillAndPublish(claim, batch, position);
        }
        return code;
    }

    private long admitAndClaim(VerificationGuard guard) {
        // Before it is judged: whoever retries has not gone, whatever the answer is (I4).
        producer.identity().use();
        short epoch = view.producerEpoch();
        int recordCount = view.lastOffsetDelta() + 1;
        Verdict verdict = producer.judge(epoch, view.baseSequence(), recordCount);
        duplicate = verdict == Verdict.DUPLICATE;
        return switch (verdict) {
            case ADMIT -> guard.isWithdrawn() ? Refusal.NO_TRANSACTION : claimAndRecord(recordCount);
            case DUPLICATE -> producer.originalOffset(view.baseSequence(), recordCount);
            case DUPLICATE_FORGOTTEN -> Refusal.DUPLICATE_FORGOTTEN;
            case GAP -> Refusal.GAP;
            case FENCED -> Refusal.FENCED;
            case UNKNOWN -> Refusal.UNKNOWN_PRODUCER;
        };
    }

    /** The state changes only once the claim has succeeded: a refused claim leaves nothing behind. */
    private long claimAndRecord(int recordCount) {
        if (producer.awaitsMarkerBefore(view.producerEpoch())) {
            // Else what an older instance left open would commit or abort together with this transaction (T6).
            return Append.BACK_PRESSURED;
        }
        long code = log.tryClaim(claim, recordCount, view.sizeInBytes());
        if (code >= 0) {
            producer.recordBatch(view, code);
        }
        return code;
    }

    /**
     * Ends this producer's open transaction with a marker, if the one that is open began at {@code firstOffset}. Asking
     * again, after a crash or for a retry, finds nothing to end and changes nothing.
     *
     * @param epoch the marker's epoch; when it is newer than the transaction's, older instances are fenced here
     * @return the marker's offset, {@link Refusal#NOTHING_TO_END}, or a negative code of {@link Append}
     */
    public long appendMarker(ControlBatches markers, ControlType outcome, short epoch, long firstOffset, long nowMs) {
        if (!producer.pen().tryTake()) {
            return Append.BACK_PRESSURED;
        }
        ByteBuffer batch;
        long code;
        try {
            if (producer.transactionOffset() == ProducerState.NO_OFFSET
                    || producer.transactionOffset() != firstOffset) {
                return Refusal.NOTHING_TO_END;
            }
            batch = markers.endTransaction(outcome, producer.identity().producerId(), epoch, COORDINATOR_EPOCH, nowMs);
            code = log.tryClaim(claim, 1, batch.remaining());
            if (code >= 0) {
                producer.recordMarker(epoch, code, nowMs);
            }
        } finally {
            producer.pen().release();
        }
        if (code >= 0) {
            log.fillAndPublish(claim, batch, batch.position());
        }
        return code;
    }

    /** Notes that this writer takes part in a transaction of its producer; true the first time for each number. */
    public boolean enterTransaction(long number) {
        boolean first = transactionNumber != number;
        transactionNumber = number;
        return first;
    }

    /** Markers have a door of their own, and a transaction without a producer could never end. */
    private void requireData(RecordBatchView batch) {
        if (batch.isControl() || batch.isTransactional() && !batch.hasProducerId()) {
            throw new IllegalArgumentException("not a batch of data: partition=" + partition.id() + " control="
                    + batch.isControl() + " transactional=" + batch.isTransactional() + " producerId="
                    + batch.producerId());
        }
    }

    private void requireOwn(RecordBatchView batch) {
        if (producer == null || batch.producerId() != producer.identity().producerId()) {
            throw new IllegalArgumentException("batch of another producer: partition=" + partition.id() + " producerId="
                    + batch.producerId() + ", this writer's is " + (producer == null ? "none" : producer.identity()));
        }
    }
}
