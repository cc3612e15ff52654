package io.semel.benchmarks.workload.copy;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.benchmarks.workload.Pace;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/**
 * Through Kafka's interfaces, as its documentation writes such loops. Who gets the records at most once has committed
 * before they are handed over, and waits for no acknowledgement; at least once, he waits for it and then commits.
 */
public final class KafkaCopy implements CopyLoop {
    private static final TopicPartition INPUT = new TopicPartition(CopyTopics.INPUT, 0);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    /** So that a poll is limited by the number of its records alone. */
    private static final int FETCH_BYTES = 64 << 20;

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final DeliverySemantics semantics;
    private final int recordsACommit;

    private KafkaCopy(Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer, DeliverySemantics semantics,
            int recordsACommit) {
        this.consumer = consumer;
        this.producer = producer;
        this.semantics = semantics;
        this.recordsACommit = recordsACommit;
    }

    /** Shared with the JMH benchmarks. */
    public static KafkaCopy open(Semel semel, DeliverySemantics semantics, int recordsACommit) {
        Map<String, Object> consumerConfigs = new HashMap<>(Map.of(ConsumerConfig.GROUP_ID_CONFIG, CopyTopics.GROUP,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, recordsACommit,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES));
        if (semantics == DeliverySemantics.AT_LEAST_ONCE) {
            consumerConfigs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        }
        Map<String, Object> producerConfigs = semantics == DeliverySemantics.EXACTLY_ONCE
                ? Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, CopyTopics.GROUP)
                : Map.of();
        Consumer<byte[], byte[]> consumer = semel.consumer(semantics, consumerConfigs, new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        Producer<byte[], byte[]> producer = semel.producer(semantics, producerConfigs, new ByteArraySerializer(),
                new ByteArraySerializer());
        if (semantics == DeliverySemantics.EXACTLY_ONCE) {
            producer.initTransactions();
        }
        join(consumer);
        return new KafkaCopy(consumer, producer, semantics, recordsACommit);
    }

    /** Becomes the group's member, which takes longer than a commit does, and is handed nothing yet. */
    private static void join(Consumer<byte[], byte[]> consumer) {
        consumer.subscribe(List.of(CopyTopics.INPUT), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                consumer.pause(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // Nobody else ever joins.
            }
        });
        while (consumer.assignment().isEmpty()) {
            consumer.poll(POLL_TIMEOUT);
        }
        consumer.resume(consumer.assignment());
    }

    @Override
    public void copy(long units, Pace pace) {
        for (long unit = 0; unit < units; unit++) {
            pace.await();
            copyUnit();
            pace.done();
        }
    }

    /** Shared with the JMH benchmarks. */
    public void copyUnit() {
        switch (semantics) {
            case AT_MOST_ONCE -> sendAll();
            case AT_LEAST_ONCE -> {
                sendAll();
                producer.flush();
                consumer.commitSync(position());
            }
            case EXACTLY_ONCE -> {
                producer.beginTransaction();
                sendAll();
                producer.sendOffsetsToTransaction(position(), consumer.groupMetadata());
                producer.commitTransaction();
            }
        }
    }

    /** Shared with the JMH benchmarks: back to the first record. */
    public void rewind() {
        consumer.seekToBeginning(List.of(INPUT));
    }

    private void sendAll() {
        for (int count = 0; count < recordsACommit;) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_TIMEOUT);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                producer.send(new ProducerRecord<>(CopyTopics.OUTPUT, 0, record.key(), transformed(record.value())));
            }
            count += records.count();
        }
    }

    /** The number stays, for whoever checks. */
    static byte[] transformed(byte[] value) {
        byte[] output = value.clone();
        output[output.length - 1]++;
        return output;
    }

    private Map<TopicPartition, OffsetAndMetadata> position() {
        return Map.of(INPUT, new OffsetAndMetadata(consumer.position(INPUT)));
    }

    @Override
    public void finish() {
        producer.flush();
    }

    @Override
    public void close() {
        try {
            consumer.close();
        } finally {
            producer.close();
        }
    }
}
