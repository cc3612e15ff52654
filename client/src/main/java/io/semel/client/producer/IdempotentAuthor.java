package io.semel.client.producer;

import java.nio.ByteBuffer;

import org.apache.kafka.common.KafkaException;

import io.semel.client.runtime.KafkaErrors;
import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.ProducerLimitException;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;

/** Batches with a producer id of this producer's own, issued with its first batch. Its epoch stays 0. */
final class IdempotentAuthor implements BatchAuthor {
    private static final short EPOCH = 0;

    private final ProducerIds ids;
    private long producerId = ProducerIds.NOT_YET;

    IdempotentAuthor(ProducerIds ids) {
        this.ids = ids;
    }

    @Override
    public PartitionWriter writerTo(Partition partition, PartitionWriter held) {
        if (held != null) {
            return held;
        }
        if (producerId == ProducerIds.NOT_YET) {
            producerId = issue();
            if (producerId == ProducerIds.NOT_YET) {
                return null;
            }
        }
        PartitionWriter writer = partition.openWriter(producerId);
        if (writer == null) {
            throw new KafkaException("producer id not alive: producerId=" + producerId + "; open a new producer");
        }
        return writer;
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
    public KafkaException refused(long code, PartitionWriter writer, ByteBuffer batch) {
        return KafkaErrors.refused(code, writer, batch);
    }
}
