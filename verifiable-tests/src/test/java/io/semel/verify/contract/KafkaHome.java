package io.semel.verify.contract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

import io.semel.verify.kafka.KafkaBroker;

/** kafka-clients' own clients and an Apache Kafka broker in a JVM of its own: the judge of what a contract says. */
final class KafkaHome implements Home {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Nothing here is timed, so nothing should wait: a broker for tests looks often, and lets short sessions be. */
    private static final Map<String, String> QUICK = Map.of(
            "group.min.session.timeout.ms", "100",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "200",
            // The contracts' records are as old as they like, and stay.
            "log.retention.ms", "-1");

    private final KafkaBroker broker;
    private final Admin admin;

    private KafkaHome(KafkaBroker broker) {
        this.broker = broker;
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    static KafkaHome open(Path directory) throws Exception {
        return new KafkaHome(KafkaBroker.create(directory, QUICK));
    }

    private Map<String, Object> connected(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return all;
    }

    @Override
    public <K, V> Producer<K, V> producer(Map<String, Object> configs, Serializer<K> key, Serializer<V> value) {
        return new KafkaProducer<>(connected(configs), key, value);
    }

    @Override
    public <K, V> Consumer<K, V> consumer(Map<String, Object> configs, Deserializer<K> key, Deserializer<V> value) {
        return new KafkaConsumer<>(connected(configs), key, value);
    }

    @Override
    public void createTopic(String name, int partitions, Map<String, String> configs) throws Exception {
        await(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs))).all());
        try (Consumer<byte[], byte[]> consumer = consumer(Map.of(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            // Asks until the leaders answer.
            for (int partition = 0; partition < partitions; partition++) {
                consumer.endOffsets(List.of(new TopicPartition(name, partition)), LIMIT);
            }
        }
    }

    @Override
    public void deleteRecords(TopicPartition partition, long offset) throws Exception {
        await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all());
    }

    private static void await(KafkaFuture<?> answer) throws Exception {
        answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try (broker; admin) {
            // Closed in reverse order by the try statement.
        }
    }
}
