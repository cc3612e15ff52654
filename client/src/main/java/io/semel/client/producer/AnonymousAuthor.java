package io.semel.client.producer;

import java.nio.ByteBuffer;

import org.apache.kafka.common.KafkaException;

import io.semel.client.runtime.KafkaErrors;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;

/** Batches without a producer id ({@code enable.idempotence=false}). */
final class AnonymousAuthor implements BatchAuthor {
    @Override
    public PartitionWriter writerTo(Partition partition, PartitionWriter held) {
        return held == null ? partition.openWriter() : held;
    }

    @Override
    public void sign(RecordBatchWriter batch, int baseSequence) {
        // A batch that nobody signs is plain.
    }

    @Override
    public void signAgain(ByteBuffer batch, int baseSequence) {
        // Nor is one that is refused signed again.
    }

    @Override
    public KafkaException refused(long code, PartitionWriter writer, ByteBuffer batch) {
        return KafkaErrors.unavailable(code, writer.partition());
    }
}
