package io.semel.verify.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's clients, connected to a broker; every topic has one partition. */
record KafkaClients(String bootstrapServers) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    void createTopic(String topic, Map<String, String> configs) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(configs))).all().get();
            // An answer for the partition's end means that its directory is there.
            admin.listOffsets(Map.of(new TopicPartition(topic, 0), OffsetSpec.latest())).all().get();
        }
    }

    Producer<byte[], byte[]> producer(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** All records of the topic, up to the end that this isolation sees. */
    List<SeenRecord> readAll(String topic, String isolation) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation,
                        "enable.auto.commit", false, "check.crcs", true),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return readAll(consumer, topic);
        }
    }

    static List<SeenRecord> readAll(Consumer<byte[], byte[]> consumer, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        List<SeenRecord> records = new ArrayList<>();
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (consumer.position(partition) < end) {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "at " + consumer.position(partition) + " of " + end
                    + " of " + partition + " after " + LIMIT);
            consumer.poll(POLL).forEach(record -> records.add(SeenRecord.of(record)));
        }
        return records;
    }
}
