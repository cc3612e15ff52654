package io.semel.client.producer;

import java.util.Map;

import org.agrona.concurrent.EpochClock;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

import io.semel.client.runtime.Opening;

/** The producer's serializers. Thread rule: any thread, as far as the serializers allow it. */
final class Encoding<K, V> {
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;

    private Encoding(Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /** As Kafka does: one that is given is taken as it is, one that stands in the configuration is configured. */
    static <K, V> Encoding<K, V> of(ProducerSettings settings, Serializer<K> keySerializer,
            Serializer<V> valueSerializer) {
        Serializer<K> key = resolve(settings, keySerializer, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG);
        return Opening.closingOnFailure(key::close, () -> new Encoding<>(key, resolve(settings, valueSerializer,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG)));
    }

    /** A class named in a configuration has no type argument to check: Kafka's contract leaves that to its user. */
    @SuppressWarnings("unchecked")
    private static <T> Serializer<T> resolve(ProducerSettings settings, Serializer<T> given, String name) {
        if (given != null) {
            settings.config.ignore(name);
            return given;
        }
        Serializer<T> configured = settings.config.getConfiguredInstance(name, Serializer.class);
        return Opening.closingOnFailure(configured::close, () -> {
            configured.configure(settings.config.originals(Map.of(ProducerConfig.CLIENT_ID_CONFIG, settings.clientId)),
                    name.equals(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG));
            return configured;
        });
    }

    EncodedRecord encode(ProducerRecord<K, V> record, EpochClock clock) {
        byte[] key = serialize(keySerializer, record, record.key(), "key");
        byte[] value = serialize(valueSerializer, record, record.value(), "value");
        close(record.headers());
        long timestampMs = record.timestamp() == null ? clock.time() : record.timestamp();
        return EncodedRecord.of(key, value, record.headers(), timestampMs);
    }

    /** As in Kafka: whoever is told of a record can't change its headers any more. */
    static void close(Headers headers) {
        if (headers instanceof RecordHeaders own) {
            own.setReadOnly();
        }
    }

    private static <T> byte[] serialize(Serializer<T> serializer, ProducerRecord<?, ?> record, T data, String what) {
        try {
            return serializer.serialize(record.topic(), record.headers(), data);
        } catch (ClassCastException e) {
            throw new SerializationException("the " + what + " of class "
                    + (data == null ? "null" : data.getClass().getName()) + " does not fit "
                    + serializer.getClass().getName() + ": topic=" + record.topic(), e);
        }
    }

    void close() {
        try (keySerializer; valueSerializer) {
            // Closed in reverse order by the try statement, each even when another one fails.
        }
    }
}
