package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.Map;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.semel.benchmarks.workload.MappedPages.Blocks;
import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

/**
 * One thread sends through Kafka's Producer interface, by each of the semantics; exactly once in transactions of
 * {@value TransactionalAppend#RECORDS} records.
 */
public final class ProducerAppend implements Workload {
    private static final byte[] TEMPLATE = Payload.create(Payload.SMALL);

    private final DeliverySemantics semantics;

    public ProducerAppend(DeliverySemantics semantics) {
        this.semantics = semantics;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            BurstTopic.create(semel, directory, Blocks.READY, operations, Payload.SMALL);
            try (Producer<byte[], byte[]> producer = open(semel, semantics)) {
                stopwatch.start();
                for (long first = 0; first < operations; first += TransactionalAppend.RECORDS) {
                    sendUnit(producer, semantics, first, Math.min(operations, first + TransactionalAppend.RECORDS));
                }
                producer.flush();
                stopwatch.stop();
            }
            SemelCheck.committedOnce(semel, SemelAppend.TOPIC, operations);
        }
        return NO_FIGURES;
    }

    /** With a transactional id, and ready for transactions, where the semantics want that. */
    static Producer<byte[], byte[]> open(Semel semel, DeliverySemantics semantics) {
        Map<String, Object> configs = semantics == DeliverySemantics.EXACTLY_ONCE
                ? Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench")
                : Map.of();
        Producer<byte[], byte[]> producer = semel.producer(semantics, configs, new ByteArraySerializer(),
                new ByteArraySerializer());
        if (semantics == DeliverySemantics.EXACTLY_ONCE) {
            producer.initTransactions();
        }
        return producer;
    }

    static void sendUnit(Producer<byte[], byte[]> producer, DeliverySemantics semantics, long first, long end) {
        switch (semantics) {
            case AT_MOST_ONCE, AT_LEAST_ONCE -> send(producer, SemelAppend.TOPIC, first, end);
            case EXACTLY_ONCE -> {
                producer.beginTransaction();
                send(producer, SemelAppend.TOPIC, first, end);
                producer.commitTransaction();
            }
        }
    }

    /** A payload of its own for each: the producer may keep it until it is sent. */
    static void send(Producer<byte[], byte[]> producer, String topic, long first, long end) {
        for (long number = first; number < end; number++) {
            byte[] payload = TEMPLATE.clone();
            Payload.number(payload, number);
            producer.send(new ProducerRecord<>(topic, 0, null, payload));
        }
    }
}
