package io.semel.verify.rdkafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.log.batch.codec.Codec;

/** Writes one partition in every way that Semel knows. Thread rule: one thread. */
final class TopicWriter implements AutoCloseable {
    /** Few enough for compaction to find most of them superseded. */
    private static final int KEYS = 40;
    private static final int MAX_KEY_BYTES = 20;
    private static final int MAX_VALUE_BYTES = 700;

    /** How a transaction ends. */
    enum End {
        COMMIT, ABORT
    }

    private final Semel semel;
    private final String topic;
    private final Random random;
    private final Appender appender;
    private final Map<Codec, Producer<byte[], byte[]>> plain = new HashMap<>();
    private final Map<Codec, Producer<byte[], byte[]>> transactional = new HashMap<>();
    private long fillers;

    TopicWriter(Semel semel, String topic, Random random) {
        this.semel = semel;
        this.topic = topic;
        this.random = random;
        this.appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, topic, 0);
    }

    /** How many claims were given up. */
    long fillers() {
        return fillers;
    }

    void filler(int contentBytes) {
        appender.claim(null, contentBytes);
        appender.abort();
        fillers++;
    }

    void fillers(int count) {
        for (int number = 0; number < count; number++) {
            appender.claim(key(), 4 + random.nextInt(400));
            appender.abort();
            fillers++;
        }
    }

    /** A record written in place. */
    void direct() {
        byte[] value = bytes(4 + random.nextInt(MAX_VALUE_BYTES));
        appender.claim(key(), value.length).put(value);
        appender.commit();
    }

    /** A batch without a producer id. */
    void anonymous(int records) {
        for (int number = 0; number < records; number++) {
            appender.append(key(), bytes(random.nextInt(MAX_VALUE_BYTES)));
        }
        appender.flush();
    }

    /** Batches of an idempotent producer. */
    void plain(Codec codec, int records) {
        Producer<byte[], byte[]> producer = plain.computeIfAbsent(codec,
                each -> producer(each, DeliverySemantics.AT_LEAST_ONCE, Map.of()));
        send(producer, records);
    }

    /** One transaction, with fillers and records of others before, inside and behind each of its batches. */
    void transaction(Codec codec, int records, End end) {
        Producer<byte[], byte[]> producer = transactional.computeIfAbsent(codec, this::transactional);
        producer.beginTransaction();
        send(producer, records);
        fillers(1);
        plain(codec, 1);
        fillers(random.nextInt(3));
        send(producer, records);
        if (end == End.COMMIT) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private Producer<byte[], byte[]> transactional(Codec codec) {
        Producer<byte[], byte[]> producer = producer(codec, DeliverySemantics.EXACTLY_ONCE,
                Map.of("transactional.id", topic + '-' + codec.kafkaName()));
        producer.initTransactions();
        return producer;
    }

    private Producer<byte[], byte[]> producer(Codec codec, DeliverySemantics semantics, Map<String, Object> configs) {
        Map<String, Object> all = new HashMap<>(configs);
        all.put("compression.type", codec.kafkaName());
        return semel.producer(semantics, all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Flushed, so that it is a batch of its own, and nothing is dropped by an abort. */
    private void send(Producer<byte[], byte[]> producer, int records) {
        for (int number = 0; number < records; number++) {
            byte[] value = random.nextInt(10) == 0 ? null : bytes(random.nextInt(MAX_VALUE_BYTES));
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key(), value);
            for (int header = random.nextInt(3); header > 0; header--) {
                record.headers().add("header-" + header, random.nextBoolean() ? null : new byte[] {'v'});
            }
            producer.send(record);
        }
        producer.flush();
    }

    private byte[] key() {
        int number = random.nextInt(KEYS);
        // Of any length, empty too, but always the same for the same number.
        return number == 0 ? new byte[0] : Integer.toString(number).repeat(1 + number % (MAX_KEY_BYTES / 2)).getBytes(
                StandardCharsets.US_ASCII);
    }

    /** Half of it compressible; any byte, those that kcat prints between the fields too. */
    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        Arrays.fill(bytes, 0, length / 2, (byte) random.nextInt());
        return bytes;
    }

    @Override
    public void close() {
        List.of(plain, transactional).forEach(producers -> producers.values().forEach(Producer::close));
        appender.close();
    }
}
