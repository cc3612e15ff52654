package io.semel.docs.snippets;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

import static io.semel.client.DeliverySemantics.AT_LEAST_ONCE;
import static io.semel.client.DeliverySemantics.AT_MOST_ONCE;
import static io.semel.client.DeliverySemantics.EXACTLY_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Kafka's clients under each of the three semantics. */
class SemanticsTest {
    private static final List<String> ALL = List.of("a", "b", "c");

    @TempDir
    Path directory;

    private final List<String> processed = new ArrayList<>();
    private Semel semel;

    @BeforeEach
    void open() throws Exception {
        semel = Semel.open(directory);
        semel.admin().createTopic("in", 2);
        semel.admin().createTopic("out", 2);
    }

    @AfterEach
    void close() throws Exception {
        semel.close();
    }

    @Test
    void atMostOnceCommitsBeforeItHandsOver() {
        produce(AT_LEAST_ONCE);
        // snippet: at-most-once
        try (Consumer<String, String> consumer = semel.consumer(AT_MOST_ONCE,
                Map.of("group.id", "lossy", "auto.offset.reset", "earliest"), new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("in"));
            while (!isDone()) {
                // What poll returns is committed already: dying in here loses it.
                consumer.poll(Duration.ofSeconds(1)).forEach(this::process);
            }
        }
        // end-snippet
        assertEquals(ALL, processed.stream().sorted().toList());
    }

    @Test
    void atLeastOnceCommitsAfterwards() {
        produce(AT_MOST_ONCE);
        // snippet: at-least-once
        try (Consumer<String, String> consumer = semel.consumer(AT_LEAST_ONCE,
                Map.of("group.id", "careful", "auto.offset.reset", "earliest", "enable.auto.commit", "false"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("in"));
            while (!isDone()) {
                consumer.poll(Duration.ofSeconds(1)).forEach(this::process);
                // Dying before this line processes the batch again.
                consumer.commitSync();
            }
        }
        // end-snippet
        assertEquals(ALL, processed.stream().sorted().toList());
        assertEquals(3, semel.admin().groupOffsets("careful").values().stream().mapToLong(OffsetAndMetadata::offset)
                .sum());
    }

    @Test
    void exactlyOnceCommitsOffsetsWithTheOutput() {
        produce(AT_LEAST_ONCE);
        // snippet: exactly-once
        try (Consumer<String, String> consumer = semel.consumer(EXACTLY_ONCE,
                Map.of("group.id", "copier", "auto.offset.reset", "earliest"), new StringDeserializer(),
                new StringDeserializer());
                Producer<String, String> producer = semel.producer(EXACTLY_ONCE, Map.of("transactional.id", "copier-0"),
                        new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            consumer.subscribe(List.of("in"));
            while (!isDone()) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(1));
                producer.beginTransaction();
                try {
                    for (ConsumerRecord<String, String> record : records) {
                        process(record);
                        producer.send(new ProducerRecord<>("out", record.key(), record.value()));
                    }
                    producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
                    producer.commitTransaction();
                } catch (ProducerFencedException e) {
                    throw e;
                } catch (KafkaException e) {
                    // Nothing of it is ever visible. Open both clients again to go on from the last commit.
                    producer.abortTransaction();
                    throw e;
                }
            }
        }
        // end-snippet
        assertEquals(ALL, processed.stream().sorted().toList());
        assertEquals(3, semel.admin().groupOffsets("copier").values().stream().mapToLong(OffsetAndMetadata::offset)
                .sum());
        assertEquals(3, committedIn("out"));
    }

    private int committedIn(String topic) {
        try (Consumer<String, String> consumer = semel.consumer(EXACTLY_ONCE, Map.of(), new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int count = 0;
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(5));
            while (!records.isEmpty()) {
                count += records.count();
                records = consumer.poll(Duration.ZERO);
            }
            return count;
        }
    }

    private void produce(DeliverySemantics semantics) {
        try (Producer<String, String> producer = semel.producer(semantics, Map.of(), new StringSerializer(),
                new StringSerializer())) {
            ALL.forEach(value -> producer.send(new ProducerRecord<>("in", value, value)));
        }
    }

    private void process(ConsumerRecord<String, String> record) {
        processed.add(record.value());
    }

    private boolean isDone() {
        return processed.size() >= ALL.size();
    }
}
