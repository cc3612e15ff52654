package io.semel.client.consumer;

import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user's interceptors, in their order. What they throw is logged and goes no further, as in Kafka. */
final class Interceptors<K, V> {
    private static final Logger LOGGER = LoggerFactory.getLogger(Interceptors.class);

    private final List<ConsumerInterceptor<K, V>> interceptors;

    Interceptors(List<ConsumerInterceptor<K, V>> interceptors) {
        this.interceptors = interceptors;
    }

    ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> records) {
        ConsumerRecords<K, V> current = records;
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                current = interceptor.onConsume(current);
            } catch (RuntimeException e) {
                LOGGER.warn("interceptor {} failed in onConsume", interceptor, e);
            }
        }
        return current;
    }

    void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.onCommit(offsets);
            } catch (RuntimeException e) {
                LOGGER.warn("interceptor {} failed in onCommit", interceptor, e);
            }
        }
    }

    void close() {
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.close();
            } catch (RuntimeException e) {
                LOGGER.warn("interceptor {} failed to close", interceptor, e);
            }
        }
    }
}
