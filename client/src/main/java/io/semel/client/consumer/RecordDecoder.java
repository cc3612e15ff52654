package io.semel.client.consumer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/**
 * Makes the consumer's records. Deserializers get copies of the bytes: what they make of them may outlive the mapping.
 *
 * <p>Thread rule: the polling thread's.
 */
final class RecordDecoder<K, V> {
    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;

    RecordDecoder(Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer) {
        this.keyDeserializer = keyDeserializer;
        this.valueDeserializer = valueDeserializer;
    }

    /** @throws RecordDeserializationException when a deserializer refuses the record on which the feed stands */
    ConsumerRecord<K, V> decode(PartitionFeed feed) {
        RecordCursor cursor = feed.record();
        RecordBatchView batch = feed.batch();
        TopicPartition id = feed.id();
        Headers headers = headers(cursor);
        byte[] key = cursor.copyKey();
        byte[] value = cursor.copyValue();
        K decodedKey;
        try {
            decodedKey = key == null ? null : keyDeserializer.deserialize(id.topic(), headers, key);
        } catch (RuntimeException e) {
            throw refused(DeserializationExceptionOrigin.KEY, id, cursor, batch, headers, e);
        }
        V decodedValue;
        try {
            decodedValue = value == null ? null : valueDeserializer.deserialize(id.topic(), headers, value);
        } catch (RuntimeException e) {
            throw refused(DeserializationExceptionOrigin.VALUE, id, cursor, batch, headers, e);
        }
        return new ConsumerRecord<>(id.topic(), id.partition(), cursor.offset(), cursor.timestamp(),
                timestampType(batch), size(key), size(value), decodedKey, decodedValue, headers, leaderEpoch(batch));
    }

    private static Headers headers(RecordCursor cursor) {
        RecordHeaders headers = new RecordHeaders();
        while (cursor.nextHeader()) {
            String key = new String(cursor.copyHeaderKey(), StandardCharsets.UTF_8);
            headers.add(new RecordHeader(key, cursor.copyHeaderValue()));
        }
        return headers;
    }

    private static int size(byte[] bytes) {
        return bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
    }

    private static TimestampType timestampType(RecordBatchView batch) {
        return batch.isLogAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    static Optional<Integer> leaderEpoch(RecordBatchView batch) {
        int epoch = batch.leaderEpoch();
        return epoch == RecordBatchLayout.NO_LEADER_EPOCH ? Optional.empty() : Optional.of(epoch);
    }

    private static RecordDeserializationException refused(DeserializationExceptionOrigin origin, TopicPartition id,
            RecordCursor cursor, RecordBatchView batch, Headers headers, RuntimeException cause) {
        return new RecordDeserializationException(origin, id, cursor.offset(), cursor.timestamp(),
                timestampType(batch), wrap(cursor.copyKey()), wrap(cursor.copyValue()), headers,
                "the " + origin + " of the record at partition=" + id + " offset=" + cursor.offset()
                        + " can't be deserialized; seek past it to go on",
                cause);
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
