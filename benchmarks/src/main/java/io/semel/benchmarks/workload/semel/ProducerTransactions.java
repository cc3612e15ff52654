package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.Map;

import org.HdrHistogram.Histogram;
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

import io.semel.benchmarks.workload.Latencies;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/** As {@link SemelTransactions}, through Kafka's Producer interface. */
public final class ProducerTransactions implements Workload {
    private static final TopicPartition INPUT = new TopicPartition(SemelTransactions.INPUT, 0);

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        Histogram latencies = Latencies.histogram();
        try (Semel semel = SemelTransactions.open(directory)) {
            try (Producer<byte[], byte[]> producer = open(semel)) {
                ConsumerGroupMetadata group = group(semel);
                stopwatch.start();
                long beforeNs = System.nanoTime();
                for (long number = 0; number < operations; number++) {
                    transact(producer, group, number);
                    long nowNs = System.nanoTime();
                    Latencies.note(latencies, nowNs - beforeNs);
                    beforeNs = nowNs;
                }
                stopwatch.stop();
            }
            SemelTransactions.verify(semel, operations);
        }
        return Latencies.figures(latencies);
    }

    /** Shared with the JMH benchmarks. */
    public static Producer<byte[], byte[]> open(Semel semel) {
        Producer<byte[], byte[]> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE,
                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench"), new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
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
    public static void transact(Producer<byte[], byte[]> producer, ConsumerGroupMetadata group, long number) {
        byte[] payload = Payload.create(Payload.SMALL);
        Payload.number(payload, number);
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(SemelTransactions.OUTPUT, 0, null, payload));
        producer.sendOffsetsToTransaction(Map.of(INPUT, new OffsetAndMetadata(number + 1)), group);
        producer.commitTransaction();
    }
}
