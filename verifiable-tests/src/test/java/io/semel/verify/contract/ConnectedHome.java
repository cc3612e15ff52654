package io.semel.verify.contract;

import java.io.Closeable;
import java.io.IOException;
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

/** kafka-clients' own clients, and somebody at the other end of the network. */
final class ConnectedHome implements Home {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String bootstrapServers;
    private final Closeable host;
    private final Admin admin;

    /** @param host closed with this */
    ConnectedHome(String bootstrapServers, Closeable host) {
        this.bootstrapServers = bootstrapServers;
        this.host = host;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    private Map<String, Object> connected(Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put("bootstrap.servers", bootstrapServers);
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
    public void close() throws IOException {
        try (host; admin) {
            // Closed in reverse order by the try statement.
        }
    }
}
