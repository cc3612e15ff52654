package io.semel.transactions.partition;

import io.semel.idempotence.ProducerState;
import io.semel.log.compaction.CompactionGuide;

/**
 * What a partition tells the compaction of its log.
 *
 * <p>Thread rule: any thread. A producer's pen is taken for a moment, as its writers do.
 */
final class PartitionGuide implements CompactionGuide {
    private final Partition partition;
    private final AbortedTransactions aborted;

    PartitionGuide(Partition partition, AbortedTransactions aborted) {
        this.partition = partition;
        this.aborted = aborted;
    }

    @Override
    public long stableOffset() {
        return partition.stableOffset();
    }

    @Override
    public boolean isAborted(long producerId, long offset) {
        return aborted.contains(producerId, offset);
    }

    @Override
    public long rememberedFrom(long producerId) {
        ProducerState state = partition.producer(producerId);
        if (state == null) {
            return Long.MAX_VALUE;
        }
        state.pen().take();
        try {
            return state.rememberedFrom();
        } finally {
            state.pen().release();
        }
    }

    @Override
    public void abortedDataGone(long belowOffset) {
        aborted.forgetBelow(belowOffset);
    }
}
