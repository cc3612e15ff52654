package io.semel.verify.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's clients, connected to a broker; every topic has one partition. */
record KafkaClients(String bootstrapServers) {
    static final String UNCOMMITTED = "read_uncommitted";
    static final String COMMITTED = "read_committed";

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    void configureTopic(String topic, String name, String value) throws Exception {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        try (Admin admin = admin()) {
            await(admin.incrementalAlterConfigs(
                    Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(set))).all());
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    private static void await(KafkaFuture<?> answer) throws Exception {
        answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    Producer<byte[], byte[]> producer(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns when the markers of the id's last transaction are written: a successor waits for them. */
    void awaitMarkersOf(String transactionalId) {
        try (Producer<byte[], byte[]> successor = producer(Map.of("transactional.id", transactionalId))) {
            successor.initTransactions();
        }
    }

    /** All records of the topic, up to the end that this isolation sees. */
    List<SeenRecord> readAll(String topic, String isolation) {
        try (Consumer<byte[], byte[]> consumer = consumer(isolation)) {
            return readAll(consumer, topic);
        }
    }

    private Consumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation,
                "enable.auto.commit", false, "check.crcs", true), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
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
