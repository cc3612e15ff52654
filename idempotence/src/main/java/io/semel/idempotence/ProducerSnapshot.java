package io.semel.idempotence;

import java.util.List;

/**
 * One producer in one partition as a snapshot has it. Immutable.
 *
 * @param lastSequence      -1 when it wrote nothing with a sequence at this epoch
 * @param transactionOffset where its open transaction begins, or {@link ProducerState#NO_OFFSET}
 * @param batches           the last five at this epoch, the oldest first
 */
public record ProducerSnapshot(long producerId, short epoch, int lastSequence, long lastTimestampMs,
        long transactionOffset, long endOffset, List<Batch> batches) {
    public ProducerSnapshot {
        batches = List.copyOf(batches);
    }

    public record Batch(int firstSequence, int lastSequence, long baseOffset) {
        @Override
        public String toString() {
            return firstSequence + ".." + lastSequence + "@" + baseOffset;
        }
    }
}
