package io.semel.client.producer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

import io.semel.client.runtime.ClientMetrics;
import io.semel.client.runtime.Meter;

/**
 * Kafka's producer metrics that mean the same without a network. What Kafka counts by request is counted by append:
 * each carries one batch.
 *
 * <p>Thread rule: any thread.
 */
final class ProducerMetrics {
    private final Meter delivered = new Meter();
    private final Meter failed = new Meter();
    private final Meter retried = new Meter();
    private final Meter recordBytes = new Meter();
    private final Meter batchBytes = new Meter();
    private final Meter compression = new Meter();
    private final Meter queuedNs = new Meter();
    private final ClientMetrics metrics;

    /** A ratio as a meter's whole number. */
    private static final double COMPRESSION_UNIT = 1_000_000;

    /** The calls whose time Kafka adds up, by the beginning of the metric's name. */
    enum Call {
        FLUSH("flush", "flush"), INIT("txn-init", "initTransactions"), BEGIN("txn-begin", "beginTransaction"),
        SEND_OFFSETS("txn-send-offsets", "sendOffsetsToTransaction"), COMMIT("txn-commit", "commitTransaction"),
        ABORT("txn-abort", "abortTransaction");

        private final String stem;
        private final String method;

        Call(String stem, String method) {
            this.stem = stem;
            this.method = method;
        }
    }

    private final Map<Call, Meter> calls;

    ProducerMetrics(String clientId, BufferMemory memory) {
        metrics = new ClientMetrics(clientId);
        ClientMetrics.Group group = metrics.group("producer-metrics");
        group.amounts("record-send", "records acknowledged", delivered)
                .amounts("record-error", "records that failed", failed)
                .amounts("record-retry", "records that were tried again", retried)
                .sizes("record-size", "record of a batch, as a batch of its own, in bytes", recordBytes)
                .sizes("batch-size", "batch in bytes", batchBytes)
                .latencies("record-queue-time", "time of a batch's first record before it was appended", queuedNs)
                .amounts("buffer-exhausted", "records that found no room in time", memory.exhausted())
                .gauge("records-per-request-avg", "The average number of records per append", delivered::average)
                .gauge("compression-rate-avg", "The average size of a batch by that of its records before",
                        () -> compression.average() / COMPRESSION_UNIT)
                .gauge("buffer-total-bytes", "bytes of records that may be under way", memory::totalBytes)
                .gauge("buffer-available-bytes", "bytes of it that are free", memory::availableBytes)
                .gauge("bufferpool-wait-time-ns-total", "The total time that callers waited for room in ns",
                        memory.waitedNs()::total)
                .gauge("waiting-threads", "The number of callers that wait for room", memory::waitingThreads);
        calls = new EnumMap<>(Call.class);
        for (Call call : Call.values()) {
            Meter nanos = new Meter();
            calls.put(call, nanos);
            group.callTime(call.stem, call.method, nanos);
        }
    }

    void delivered(List<PendingRecord> records) {
        delivered.add(records.size());
        long largest = 0;
        for (PendingRecord record : records) {
            largest = Math.max(largest, record.sizeInBytes());
        }
        recordBytes.add(largest);
    }

    void failed(int records) {
        failed.add(records);
    }

    void retried(int records) {
        retried.add(records);
    }

    /** A batch stands in the log. */
    void appended(int bytes, int uncompressedBytes, long waitedNs) {
        batchBytes.add(bytes);
        compression.add((long) (COMPRESSION_UNIT * bytes / uncompressedBytes));
        queuedNs.add(waitedNs);
    }

    /** Makes the call and adds its time up, also when it fails. */
    void timed(Call call, Runnable body) {
        long startNs = System.nanoTime();
        try {
            body.run();
        } finally {
            calls.get(call).add(System.nanoTime() - startNs);
        }
    }

    Map<MetricName, Metric> all() {
        return metrics.view();
    }
}
