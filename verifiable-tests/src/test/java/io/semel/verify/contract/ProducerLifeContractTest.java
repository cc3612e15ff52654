package io.semel.verify.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;

import static io.semel.verify.contract.Trial.outcome;

/** A producer besides sending: flush, close, its limits, what it knows of topics, and its metrics. */
class ProducerLifeContractTest {
    /** Longer than any test. */
    private static final Object[] LINGERING = {"linger.ms", 600_000, "delivery.timeout.ms", 1_200_000};

    @Contract
    void flushSendsWhatLingersAndWaitsForIt(Trial trial) throws Exception {
        String topic = trial.topic(2);
        Producer<String, String> producer = trial.producer(LINGERING);
        List<Future<RecordMetadata>> futures = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            futures.add(producer.send(new ProducerRecord<>(topic, number % 2, null, "v")));
        }
        producer.flush();
        trial.expect("all are done", true, futures.stream().allMatch(Future::isDone));
        trial.expect("the last offset", 4, futures.get(9).get().offset());
        producer.flush();
        producer.close();
        trial.expect("flush after close", Trial.DONE, outcome(producer::flush));
    }

    @Contract
    void flushCanBeInterrupted(Trial trial) throws Exception {
        Producer<String, String> producer = trial.producer();
        String topic = trial.topic(1);
        CountDownLatch release = new CountDownLatch(1);
        producer.send(new ProducerRecord<>(topic, "v"), (metadata, failure) -> awaitQuietly(release));
        Thread.currentThread().interrupt();
        String outcome = outcome(producer::flush);
        trial.expect("flush", "InterruptException", outcome);
        trial.expect("the flag is set again", true, Thread.interrupted());
        release.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Contract
    void closeSendsEverythingAndEndsEverything(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.producer(LINGERING);
        Future<RecordMetadata> future = producer.send(new ProducerRecord<>(topic, "v"));
        producer.close();
        trial.expect("what was sent before", 0, future.get().offset());
        trial.expect("send", "IllegalStateException",
                outcome(() -> producer.send(new ProducerRecord<>(topic, "v"))));
        trial.expect("close again", Trial.DONE, outcome(() -> producer.close()));
        trial.expect("close with a timeout", Trial.DONE, outcome(() -> producer.close(Duration.ZERO)));
        trial.expect("metrics", Trial.DONE, outcome(() -> producer.metrics()));
        trial.expect("partitionsFor a topic that it knows", Trial.DONE, outcome(() -> producer.partitionsFor(topic)));
        trial.expect("a negative timeout", "IllegalArgumentException",
                outcome(() -> trial.producer().close(Duration.ofMillis(-1))));
    }

    @Contract
    void closeWithoutTimeFailsWhatIsNotSent(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.producer(LINGERING);
        List<String> told = new CopyOnWriteArrayList<>();
        Future<RecordMetadata> future = producer.send(new ProducerRecord<>(topic, "v"),
                (metadata, failure) -> told.add(Trial.nameOf(failure)));
        producer.close(Duration.ZERO);
        trial.expect("future", "ExecutionException of KafkaException", outcome(future::get));
        trial.expect("callback", List.of("KafkaException"), told);
    }

    @Contract
    void aCallbackMayCloseItsProducer(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.producer();
        List<String> told = new CopyOnWriteArrayList<>();
        producer.send(new ProducerRecord<>(topic, "v"), (metadata, failure) -> told.add(outcome(
                () -> producer.close()))).get();
        trial.expect("close in a callback", List.of(Trial.DONE), told);
        Trial.until("closed", () -> outcome(() -> producer.send(new ProducerRecord<>(topic, "v")))
                .equals("IllegalStateException"));
    }

    @Contract
    void aFullBufferBlocksForMaxBlockMsAndThenFailsTheFuture(Trial trial) throws Exception {
        String topic = trial.topic(1);
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<String> told = new CopyOnWriteArrayList<>();
        Producer<String, String> producer = trial.producer("buffer.memory", 40_000L, "batch.size", 1_000,
                "max.block.ms", 200, "linger.ms", 0);
        Trial.until("it knows the topic", () -> outcome(() -> producer.partitionsFor(topic)).equals(Trial.DONE));
        // The thread that would make room stands in a callback.
        producer.send(new ProducerRecord<>(topic, "v"), (metadata, failure) -> {
            standing.countDown();
            awaitQuietly(release);
        });
        standing.await();
        List<Future<RecordMetadata>> futures = new ArrayList<>();
        while (told.isEmpty()) {
            futures.add(producer.send(new ProducerRecord<>(topic, "x".repeat(900)), (metadata, failure) -> {
                if (failure != null) {
                    told.add(Trial.nameOf(failure));
                }
            }));
        }
        trial.expect("callback", List.of("BufferExhaustedException"), told);
        trial.expect("future", "ExecutionException of BufferExhaustedException",
                outcome(futures.get(futures.size() - 1)::get));
        trial.expect("so many fit, about", true, futures.size() > 20 && futures.size() < 60);
        release.countDown();
        producer.flush();
        trial.expect("those that fit", true, futures.subList(0, futures.size() - 1).stream()
                .allMatch(future -> outcome(future::get).equals(Trial.DONE)));
    }

    @Contract
    void recordsOfEveryCodecAreReadBack(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String value = "value ".repeat(100);
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            try (Producer<String, String> producer = trial.producer("compression.type", codec)) {
                producer.send(new ProducerRecord<>(topic, codec, value)).get();
            }
        }
        try (Consumer<String, String> consumer = trial.consumer()) {
            consumer.assign(List.of(Trial.at(topic, 0)));
            trial.expect("values", List.of(value, value, value, value, value), Trial.take(consumer, 5));
        }
    }

    @Contract
    void aSendThatWaitsIsInterrupted(Trial trial) throws Exception {
        String topic = trial.topic(1);
        CountDownLatch release = new CountDownLatch(1);
        Producer<String, String> producer = trial.producer("buffer.memory", 2_000L, "batch.size", 1_000, "linger.ms",
                0);
        producer.send(new ProducerRecord<>(topic, "v"), (metadata, failure) -> awaitQuietly(release));
        producer.partitionsFor(topic);
        Thread.currentThread().interrupt();
        List<String> outcomes = new ArrayList<>();
        for (int number = 0; number < 10 && !outcomes.contains("InterruptException"); number++) {
            outcomes.add(outcome(() -> producer.send(new ProducerRecord<>(topic, "x".repeat(900)))));
        }
        trial.expect("send", true, outcomes.contains("InterruptException"));
        trial.expect("the flag is set again", true, Thread.interrupted());
        release.countDown();
    }

    @Contract
    void whoeverCollectsMetricsForABrokerMayRegisterHisOwn(Trial trial) throws Exception {
        Producer<String, String> producer = trial.producer("enable.metrics.push", false);
        Consumer<String, String> consumer = trial.consumer("enable.metrics.push", false);
        Metrics own = new Metrics();
        MetricName name = own.metricName("mine", "own");
        own.addMetric(name, (Measurable) (config, nowMs) -> 1);
        KafkaMetric metric = own.metric(name);
        trial.expect("producer registers", Trial.DONE, outcome(() -> producer.registerMetricForSubscription(metric)));
        trial.expect("consumer registers", Trial.DONE, outcome(() -> consumer.registerMetricForSubscription(metric)));
        trial.expect("it is not the producer's", false, producer.metrics().containsKey(name));
        trial.expect("producer forgets", Trial.DONE,
                outcome(() -> producer.unregisterMetricFromSubscription(metric)));
        trial.expect("consumer forgets", Trial.DONE,
                outcome(() -> consumer.unregisterMetricFromSubscription(metric)));
        trial.expect("the producer's id for a broker", "IllegalStateException",
                outcome(() -> producer.clientInstanceId(Duration.ofSeconds(1))));
        trial.expect("the consumer's", "IllegalStateException",
                outcome(() -> consumer.clientInstanceId(Duration.ofSeconds(1))));
        own.close();
    }

    @Contract
    void partitionsForNamesEveryPartition(Trial trial) throws Exception {
        String topic = trial.topic(3);
        try (Producer<String, String> producer = trial.producer()) {
            List<PartitionInfo> partitions = producer.partitionsFor(topic);
            trial.expect("partitions", List.of(0, 1, 2),
                    partitions.stream().map(PartitionInfo::partition).sorted().toList());
            trial.expect("all led", true, partitions.stream().allMatch(each -> each.leader() != null
                    && each.replicas().length == 1 && each.inSyncReplicas().length == 1
                    && each.offlineReplicas().length == 0 && each.topic().equals(topic)));
            trial.expect("of no such topic", "TimeoutException",
                    outcome(() -> trial.producer("max.block.ms", 100).partitionsFor(trial.name("missing"))));
            trial.expect("of null", "NullPointerException", outcome(() -> producer.partitionsFor(null)));
            trial.expect("of a name that can't be", "InvalidTopicException",
                    outcome(() -> producer.partitionsFor("no/topic")));
        }
    }
}
