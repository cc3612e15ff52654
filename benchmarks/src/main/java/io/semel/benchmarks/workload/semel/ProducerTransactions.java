package io.semel.benchmarks.workload.semel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Transactions;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.log.Durability;

/** As {@link SemelTransactions}, through Kafka's Producer interface. */
public final class ProducerTransactions implements Transactions {
    private final Semel semel;
    private final int producers;

    private ProducerTransactions(Semel semel, int producers) {
        this.semel = semel;
        this.producers = producers;
    }

    public static Transactions open(Path directory, int producers) throws Exception {
        return new ProducerTransactions(SemelTransactions.openTopics(directory, producers, Durability.PROCESS),
                producers);
    }

    @Override
    public Committer join(int producer) {
        return committer(semel, producer);
    }

    /** @param producer counted from 0; it reads the input partition of that number */
    static Committer committer(Semel semel, int producer) {
        return new ProducerCommitter(openProducer(semel, producer), group(semel), producer);
    }

    private static final class ProducerCommitter implements Committer {
        private final Producer<byte[], byte[]> producer;
        private final ConsumerGroupMetadata group;
        private final TopicPartition input;
        private long consumed;

        ProducerCommitter(Producer<byte[], byte[]> producer, ConsumerGroupMetadata group, int inputPartition) {
            this.producer = producer;
            this.group = group;
            this.input = input(inputPartition);
        }

        @Override
        public void transact(long number) {
            ProducerTransactions.transact(producer, group, number, input, ++consumed);
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** Shared with the JMH benchmarks. */
    public static Producer<byte[], byte[]> openProducer(Semel semel, int index) {
        Producer<byte[], byte[]> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE,
                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, SemelTransactions.GROUP + '-' + index),
                new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    /** Shared with the JMH benchmarks. */
    public static TopicPartition input(int partition) {
        return new TopicPartition(SemelTransactions.INPUT, partition);
    }

    /** Shared with the JMH benchmarks. Of a consumer that is no member: it only names the group. */
    public static ConsumerGroupMetadata group(Semel semel) {
        try (Consumer<byte[], byte[]> consumer = semel.consumer(DeliverySemantics.EXACTLY_ONCE,
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, SemelTransactions.GROUP), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    /** Shared with the JMH benchmarks. A payload of its own each time: the producer may keep it until the commit. */
    public static void transact(Producer<byte[], byte[]> producer, ConsumerGroupMetadata group, long number,
            TopicPartition input, long consumed) {
        byte[] payload = Payload.create(Payload.SMALL);
        Payload.number(payload, number);
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(SemelTransactions.OUTPUT, 0, null, payload));
        producer.sendOffsetsToTransaction(Map.of(input, new OffsetAndMetadata(consumed)), group);
        producer.commitTransaction();
    }

    @Override
    public void verify(long operations) {
        SemelTransactions.verify(semel, operations);
        SemelTransactions.verifyOffsets(semel, producers, operations);
    }

    @Override
    public void close() throws IOException {
        semel.close();
    }
}
