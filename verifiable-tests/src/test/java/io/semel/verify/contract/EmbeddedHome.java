package io.semel.verify.contract;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** Semel in this process. The delivery semantics are those that the configuration asks for. */
final class EmbeddedHome implements Home {
    private final Semel semel;

    private EmbeddedHome(Semel semel) {
        this.semel = semel;
    }

    static EmbeddedHome open(Path directory) throws IOException {
        return new EmbeddedHome(Semel.open(directory));
    }

    @Override
    public <K, V> Producer<K, V> producer(Map<String, Object> configs, Serializer<K> key, Serializer<V> value) {
        return semel.producer(semanticsOfProducer(configs), configs, key, value);
    }

    private static DeliverySemantics semanticsOfProducer(Map<String, Object> configs) {
        if (configs.containsKey("transactional.id")) {
            return DeliverySemantics.EXACTLY_ONCE;
        }
        return String.valueOf(configs.get("enable.idempotence")).equals("false")
                ? DeliverySemantics.AT_MOST_ONCE
                : DeliverySemantics.AT_LEAST_ONCE;
    }

    @Override
    public <K, V> Consumer<K, V> consumer(Map<String, Object> configs, Deserializer<K> key, Deserializer<V> value) {
        boolean isCommitted = "read_committed".equals(configs.get("isolation.level"));
        return semel.consumer(isCommitted ? DeliverySemantics.EXACTLY_ONCE : DeliverySemantics.AT_LEAST_ONCE, configs,
                key, value);
    }

    @Override
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(configs);
        all.putIfAbsent("retention.ms", "-1");
        semel.admin().createTopic(name, partitions, all);
    }

    @Override
    public void deleteRecords(TopicPartition partition, long offset) {
        semel.admin().deleteRecords(partition.topic(), partition.partition(), offset);
    }

    @Override
    public void close() throws IOException {
        semel.close();
    }
}
