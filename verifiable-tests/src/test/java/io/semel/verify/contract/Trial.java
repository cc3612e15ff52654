package io.semel.verify.contract;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.verify.clients.Differences.Deviation;

import static org.junit.jupiter.api.Assertions.fail;

/**
 * One contract in one home: clients that are closed with it, names that nobody else uses, and what was found to differ.
 *
 * <p>Thread rule: the test's thread, but {@link #outcome} and {@link #until} any.
 */
final class Trial {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(50);
    private static final long LOOK_INTERVAL_NS = 1_000_000;
    static final String DONE = "done";

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Seconds that Kafka's clients wait by default, for nothing here is far away. */
    private static final Map<String, Object> BRISK_CONSUMER = Map.of("auto.offset.reset", "earliest",
            "heartbeat.interval.ms", 50, "metadata.max.age.ms", 100, "retry.backoff.ms", 10,
            // The default offers a cooperative assignor too; these contracts are about eager rebalancing.
            "partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");

    private final Home home;
    private final int number = NAMES.incrementAndGet();
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final List<Deviation> deviations = new ArrayList<>();

    Trial(Home home) {
        this.home = home;
    }

    Home home() {
        return home;
    }

    // ---- what was found

    /** Notes the fact when it is not as Kafka has it. */
    void expect(String fact, Object kafkas, Object actual) {
        String expected = String.valueOf(kafkas);
        String found = String.valueOf(actual);
        if (!expected.equals(found)) {
            deviations.add(new Deviation(fact, expected, found));
        }
    }

    List<Deviation> deviations() {
        return deviations;
    }

    /** A call that may throw anything. */
    interface Attempt {
        void run() throws Exception;
    }

    /** {@link #DONE}, or the class of what was thrown; where that only wraps, with the class of its cause. */
    static String outcome(Attempt attempt) {
        try {
            attempt.run();
            return DONE;
        } catch (Exception e) {
            return nameOf(e);
        }
    }

    static String nameOf(Throwable thrown) {
        if (thrown == null) {
            return "none";
        }
        boolean isWrapper = thrown.getClass() == KafkaException.class || thrown instanceof ExecutionException;
        return thrown.getClass().getSimpleName()
                + (isWrapper && thrown.getCause() != null ? " of " + nameOf(thrown.getCause()) : "");
    }

    static void until(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > PATIENCE.toNanos()) {
                fail("not so after " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
        }
    }

    // ---- names

    String name(String what) {
        return "contract-" + number + '-' + what;
    }

    /** A topic with this many partitions. */
    String topic(int partitions) throws Exception {
        return topic(partitions, Map.of());
    }

    String topic(int partitions, Map<String, String> configs) throws Exception {
        String topic = "contract-" + number + "-topic-" + NAMES.incrementAndGet();
        home.createTopic(topic, partitions, configs);
        return topic;
    }

    // ---- clients

    /** Closed with the trial, if nobody did before. {@code settings} are name, value, name, value. */
    Producer<String, String> producer(Object... settings) {
        return closedWithThis(home.producer(configs(Map.of(), settings), new StringSerializer(),
                new StringSerializer()));
    }

    <K, V> Producer<K, V> closedWithThis(Producer<K, V> producer) {
        closing.push(() -> producer.close(Duration.ZERO));
        return producer;
    }

    /** Initialized. */
    Producer<String, String> transactional(String id, Object... settings) {
        Producer<String, String> producer = uninitialized(id, settings);
        producer.initTransactions();
        return producer;
    }

    Producer<String, String> uninitialized(String id, Object... settings) {
        Map<String, Object> configs = configs(Map.of(), settings);
        configs.put("transactional.id", id);
        return closedWithThis(home.producer(configs, new StringSerializer(), new StringSerializer()));
    }

    /** Begins at the earliest offset, unless told otherwise. */
    Consumer<String, String> consumer(Object... settings) {
        return closedWithThis(home.consumer(configs(BRISK_CONSUMER, settings), new StringDeserializer(),
                new StringDeserializer()));
    }

    <K, V> Consumer<K, V> closedWithThis(Consumer<K, V> consumer) {
        closing.push(() -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
        return consumer;
    }

    /** Member of a group that has no commits yet, and commits only when told to. */
    Consumer<String, String> member(String group, Object... settings) {
        Map<String, Object> configs = configs(BRISK_CONSUMER, settings);
        configs.put("group.id", group);
        configs.putIfAbsent("enable.auto.commit", false);
        return closedWithThis(home.consumer(configs, new StringDeserializer(), new StringDeserializer()));
    }

    static Map<String, Object> configs(Map<String, Object> defaults, Object... settings) {
        Map<String, Object> configs = new HashMap<>(defaults);
        for (int index = 0; index < settings.length; index += 2) {
            configs.put((String) settings[index], settings[index + 1]);
        }
        return configs;
    }

    // ---- the shortest ways

    static TopicPartition at(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    /** Sends to the partition, one batch per value; returns when all are acknowledged. */
    void write(TopicPartition where, String... values) throws Exception {
        try (Producer<String, String> producer = producer()) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(where.topic(), where.partition(), null, value)).get();
            }
        }
    }

    /** Polls until so many values have come. */
    static List<String> take(Consumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        until("so many values: " + count, () -> {
            values.addAll(values(consumer.poll(SHORT)));
            return values.size() >= count;
        });
        return values;
    }

    static List<String> values(Iterable<ConsumerRecord<String, String>> records) {
        List<String> values = new ArrayList<>();
        records.forEach(record -> values.add(record.value()));
        return values;
    }

    /** Polls until exactly these partitions are assigned. */
    static void pollUntilAssigned(Consumer<String, String> consumer, Collection<TopicPartition> partitions) {
        until("assigned " + partitions, () -> {
            consumer.poll(Duration.ofMillis(10));
            return consumer.assignment().equals(Set.copyOf(partitions));
        });
    }

    /** Every client is closed, whatever becomes of the others. */
    void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (RuntimeException e) {
                // A client that its contract left in ruins: the contract has said what it expects of it.
                continue;
            }
        }
    }
}
