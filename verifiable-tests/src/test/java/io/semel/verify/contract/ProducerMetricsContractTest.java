package io.semel.verify.contract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;

import static io.semel.verify.contract.Trial.outcome;

/** A producer's {@code metrics()}: Kafka's names, and what stands behind them. */
class ProducerMetricsContractTest {
    @Contract
    void metricsHaveKafkasNamesAndCountWhatHappened(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.producer("client.id", "counted", "max.request.size", 1_000);
        for (int number = 0; number < 5; number++) {
            producer.send(new ProducerRecord<>(topic, "key", "value")).get();
        }
        outcome(producer.send(new ProducerRecord<>(topic, "x".repeat(2_000)))::get);
        producer.flush();
        Trial.until("all memory is given back",
                () -> values(producer).get("buffer-available-bytes").equals(33_554_432.0));
        Map<String, Double> values = values(producer);
        trial.expect("record-send-total", 5.0, values.get("record-send-total"));
        trial.expect("record-error-total", 1.0, values.get("record-error-total"));
        trial.expect("record-retry-total", 0.0, values.get("record-retry-total"));
        trial.expect("buffer-total-bytes", 33_554_432.0, values.get("buffer-total-bytes"));
        trial.expect("waiting-threads", 0.0, values.get("waiting-threads"));
        trial.expect("records-per-request-avg", 1.0, values.get("records-per-request-avg"));
        trial.expect("flush-time-ns-total grows", true, values.getOrDefault("flush-time-ns-total", 0.0) > 0);
        trial.expect("record-send-rate is positive", true, values.getOrDefault("record-send-rate", 0.0) > 0);
        trial.expect("record-size-max is positive", true, values.getOrDefault("record-size-max", 0.0) > 0);
        trial.expect("batch-size-avg is positive", true, values.getOrDefault("batch-size-avg", 0.0) > 0);
        trial.expect("missing names", new TreeSet<>(), missing(values.keySet()));
        trial.expect("tags", true, producer.metrics().keySet().stream()
                .filter(name -> name.group().equals("producer-metrics"))
                .allMatch(name -> "counted".equals(name.tags().get("client-id"))));
        trial.expect("unmodifiable", "UnsupportedOperationException", outcome(() -> producer.metrics().clear()));
    }

    @Contract
    void theTimeOfTransactionalCallsIsAddedUp(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.transactional(trial.name("id"));
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(Map.of(Trial.at(topic, 0), new OffsetAndMetadata(1)),
                TransactionContractTest.anyMemberOf(trial.name("group")));
        producer.commitTransaction();
        producer.beginTransaction();
        producer.abortTransaction();
        Map<String, Double> values = values(producer);
        for (String call : List.of("init", "begin", "send-offsets", "commit", "abort")) {
            trial.expect(call, true, values.getOrDefault("txn-" + call + "-time-ns-total", 0.0) > 0);
        }
    }

    private static Map<String, Double> values(Producer<?, ?> producer) {
        return producer.metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals("producer-metrics")
                        && metric.metricValue() instanceof Double)
                .collect(Collectors.toMap(metric -> metric.metricName().name(), ProducerMetricsContractTest::value,
                        (one, other) -> one));
    }

    private static Double value(Metric metric) {
        return (Double) metric.metricValue();
    }

    /** What has no meaning without connections, requests and a metadata cache is not asked for. */
    private static Set<String> missing(Set<String> names) {
        Set<String> missing = new TreeSet<>(Set.of("record-send-total", "record-send-rate", "record-error-total",
                "record-error-rate", "record-retry-total", "record-retry-rate", "record-size-avg", "record-size-max",
                "records-per-request-avg", "batch-size-avg", "batch-size-max", "compression-rate-avg",
                "record-queue-time-avg", "record-queue-time-max", "buffer-total-bytes", "buffer-available-bytes",
                "bufferpool-wait-time-ns-total", "buffer-exhausted-total", "buffer-exhausted-rate", "waiting-threads",
                "flush-time-ns-total", "txn-init-time-ns-total", "txn-begin-time-ns-total", "txn-commit-time-ns-total",
                "txn-abort-time-ns-total", "txn-send-offsets-time-ns-total"));
        missing.removeAll(names);
        return missing;
    }
}
