package io.semel.client.producer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * The few of Kafka's producer metrics that mean the same without a network.
 *
 * <p>Thread rule: any thread.
 */
final class ProducerMetrics {
    private static final String GROUP = "producer-metrics";

    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Map<MetricName, Metric> all = new LinkedHashMap<>();

    ProducerMetrics(String clientId, BufferMemory memory) {
        Map<String, String> tags = Map.of("client-id", clientId);
        add("record-send-total", "records acknowledged", tags, delivered::sum);
        add("record-error-total", "records that failed", tags, failed::sum);
        add("buffer-total-bytes", "bytes of records that may be under way", tags, memory::totalBytes);
        add("buffer-available-bytes", "bytes of it that are free", tags, memory::availableBytes);
    }

    private void add(String name, String description, Map<String, String> tags, Supplier<Long> value) {
        MetricName metricName = new MetricName(name, GROUP, description, tags);
        all.put(metricName, new Gauge(metricName, value));
    }

    private record Gauge(MetricName metricName, Supplier<Long> value) implements Metric {
        @Override
        public Object metricValue() {
            return value.get().doubleValue();
        }
    }

    void delivered(int records) {
        delivered.add(records);
    }

    void failed(int records) {
        failed.add(records);
    }

    Map<MetricName, Metric> all() {
        return Map.copyOf(all);
    }
}
