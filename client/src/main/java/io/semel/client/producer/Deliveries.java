package io.semel.client.producer;

import java.util.List;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells callers what became of their records.
 *
 * <p>The memory is given back first, so that a callback may send; the transaction is told before the callback, so that
 * a callback already meets its error state.
 *
 * <p>Thread rule: the sender thread; {@link #refuse} any.
 */
final class Deliveries {
    private final Interceptors<?, ?> interceptors;
    private final BufferMemory memory;
    private final TransactionGate gate;
    private final ProducerMetrics metrics;

    Deliveries(Interceptors<?, ?> interceptors, BufferMemory memory, TransactionGate gate, ProducerMetrics metrics) {
        this.interceptors = interceptors;
        this.memory = memory;
        this.gate = gate;
        this.metrics = metrics;
    }

    /** @param baseOffset -1 when the offset is not told ({@code acks=0}) */
    void succeed(List<PendingRecord> records, TopicPartition where, long baseOffset) {
        release(records);
        metrics.delivered(records);
        for (int index = 0; index < records.size(); index++) {
            PendingRecord record = records.get(index);
            RecordMetadata metadata = record.metadata(where, baseOffset, index);
            record.succeed(metadata, interceptors);
        }
    }

    void fail(List<PendingRecord> records, KafkaException why) {
        if (records.isEmpty()) {
            return;
        }
        release(records);
        metrics.failed(records.size());
        gate.lost(why);
        for (PendingRecord record : records) {
            record.fail(why, interceptors);
        }
    }

    /** Fails a record that never became part of anything; no transaction loses it. */
    void refuse(PendingRecord record, KafkaException why) {
        memory.release(record.sizeInBytes());
        metrics.failed(1);
        record.fail(why, interceptors);
    }

    /** The records of a batch that was refused are tried again. */
    void retry(List<PendingRecord> records) {
        metrics.retried(records.size());
    }

    /** A batch stands in the log. */
    void appended(int bytes, int uncompressedBytes, long waitedNs) {
        metrics.appended(bytes, uncompressedBytes, waitedNs);
    }

    private void release(List<PendingRecord> records) {
        long bytes = 0;
        for (PendingRecord record : records) {
            bytes += record.sizeInBytes();
        }
        memory.release(bytes);
    }
}
