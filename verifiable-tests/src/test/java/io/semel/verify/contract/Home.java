package io.semel.verify.contract;

import java.io.IOException;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Where contracts are kept: something that hands out Kafka's clients, and topics for them. A contract sees nothing else
 * of it, so one more home is one more class.
 *
 * <p>Thread rule: one thread.
 */
interface Home extends AutoCloseable {
    /** @param configs by Kafka's names, without servers; the serializers may be null when they stand in there */
    <K, V> Producer<K, V> producer(Map<String, Object> configs, Serializer<K> key, Serializer<V> value);

    /** @param configs by Kafka's names, without servers; the deserializers may be null when they stand in there */
    <K, V> Consumer<K, V> consumer(Map<String, Object> configs, Deserializer<K> key, Deserializer<V> value);

    /** Returns when clients may use the topic. */
    void createTopic(String name, int partitions, Map<String, String> configs) throws Exception;

    /** Deletes what lies below {@code offset}. */
    void deleteRecords(TopicPartition partition, long offset) throws Exception;

    @Override
    void close() throws IOException;
}
