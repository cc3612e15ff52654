package io.semel.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user's code around a send: interceptors and callbacks. What it throws is logged and stops nobody.
 *
 * <p>Thread rule: {@link #onSend} by any thread; {@link #onAcknowledgement} by the sender thread, or by the caller
 * whose record got no further.
 */
final class Interceptors<K, V> {
    private static final Logger LOGGER = LoggerFactory.getLogger(Interceptors.class);
    private static final long NOTHING = -1;

    private final List<ProducerInterceptor<K, V>> chain;

    Interceptors(List<ProducerInterceptor<K, V>> chain) {
        this.chain = List.copyOf(chain);
    }

    /** A class named in a configuration has no type arguments to check: Kafka's contract leaves that to its user. */
    @SuppressWarnings("unchecked")
    static <K, V> Interceptors<K, V> of(ProducerSettings settings) {
        List<ProducerInterceptor<K, V>> chain = new ArrayList<>();
        for (ProducerInterceptor<?, ?> each : settings.config.getConfiguredInstances(
                ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, ProducerInterceptor.class,
                Map.of(ProducerConfig.CLIENT_ID_CONFIG, settings.clientId))) {
            chain.add((ProducerInterceptor<K, V>) each);
        }
        return new Interceptors<>(chain);
    }

    /** What Kafka reports beside an exception: the partition, and -1 for all the rest. */
    static RecordMetadata nothingWritten(TopicPartition where) {
        return new RecordMetadata(where, NOTHING, (int) NOTHING, NOTHING, (int) NOTHING, (int) NOTHING);
    }

    /** The record as the chain made it; an interceptor that throws is passed over. */
    ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
        ProducerRecord<K, V> current = record;
        for (ProducerInterceptor<K, V> each : chain) {
            try {
                current = each.onSend(current);
            } catch (Exception e) {
                LOGGER.warn("interceptor {} failed in onSend: topic={}", each, record.topic(), e);
            }
        }
        return current;
    }

    /** @param callback may be null */
    void onAcknowledgement(RecordMetadata metadata, Exception exception, Headers headers, Callback callback) {
        for (ProducerInterceptor<K, V> each : chain) {
            try {
                each.onAcknowledgement(metadata, exception, headers);
            } catch (Exception e) {
                LOGGER.warn("interceptor {} failed in onAcknowledgement", each, e);
            }
        }
        if (callback != null) {
            try {
                callback.onCompletion(metadata, exception);
            } catch (RuntimeException | Error e) {
                LOGGER.error("callback failed: {}", metadata, e);
            }
        }
    }

    void close() {
        for (ProducerInterceptor<K, V> each : chain) {
            try {
                each.close();
            } catch (Exception e) {
                LOGGER.warn("interceptor {} failed to close", each, e);
            }
        }
    }
}
