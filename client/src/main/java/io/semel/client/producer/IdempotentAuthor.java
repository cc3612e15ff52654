package io.semel.client.producer;

import java.nio.ByteBuffer;

import org.apache.kafka.common.KafkaException;

import io.semel.client.runtime.KafkaErrors;
import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerLimitException;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;

/**
 * Batches with a producer id of this producer's own, issued with its first batch, at epoch 0. When it has expired the
 * producer goes on with another one (KIP-360): what was refused was not written, so nothing is lost and nothing is
 * there twice.
 */
final class IdempotentAuthor implements BatchAuthor {
    private static final short EPOCH = 0;

    private final ProducerIds ids;
    private long producerId = ProducerIds.NOT_YET;

    IdempotentAuthor(ProducerIds ids) {
        this.ids = ids;
    }

    @Override
    public PartitionWriter writerTo(Partition partition, PartitionWriter held) {
        if (held != null && held.producer().identity().isAlive()
                && held.producer().identity().producerId() == producerId) {
            return held;
        }
        if (producerId == ProducerIds.NOT_YET || ids.find(producerId) == null) {
            producerId = issue();
            if (producerId == ProducerIds.NOT_YET) {
                return null;
            }
        }
        return partition.openWriter(producerId);
    }

    private long issue() {
        try {
            return ids.tryIssue();
        } catch (ProducerLimitException e) {
            throw new KafkaException(e.getMessage(), e);
        }
    }

    @Override
    public void sign(RecordBatchWriter batch, int baseSequence) {
        batch.producer(producerId, EPOCH, baseSequence);
    }

    @Override
    public void signAgain(ByteBuffer batch, int baseSequence) {
        RecordBatchWriter.resequence(batch, batch.position(), producerId, EPOCH, baseSequence);
    }

    @Override
    public KafkaException refused(long code, PartitionWriter writer, ByteBuffer batch) {
        return KafkaErrors.refused(code, writer, batch);
    }
}
