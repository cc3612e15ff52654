package io.semel.server.network.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The owner of a directory, who writes in process what clients read through the port. Thread rule: one thread. */
final class Owner implements AutoCloseable {
    /** A test that waits longer for a condition has failed. */
    static final long DEADLINE_MS = 60_000;

    private final Semel semel;
    private final Producer<String, String> plain;
    private final Producer<String, String> transactional;
    private boolean open;

    /** A condition that comes true sooner or later. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    Owner(Semel semel) {
        this.semel = semel;
        this.plain = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of("linger.ms", 0), new StringSerializer(),
                new StringSerializer());
        this.transactional = semel.producer(DeliverySemantics.EXACTLY_ONCE, Map.of("transactional.id", "owner",
                "linger.ms", 0), new StringSerializer(), new StringSerializer());
        transactional.initTransactions();
    }

    void write(String topic, int partition, String... values) {
        for (String value : values) {
            send(plain, new ProducerRecord<>(topic, partition, null, value));
        }
    }

    void writeAt(String topic, int partition, long timestampMs, String value) {
        send(plain, new ProducerRecord<>(topic, partition, timestampMs, null, value));
    }

    /** Each a batch of its own, in a transaction that begins now unless one is open. */
    void writeInTransaction(String topic, int partition, String... values) {
        if (!open) {
            transactional.beginTransaction();
            open = true;
        }
        for (String value : values) {
            send(transactional, new ProducerRecord<>(topic, partition, null, value));
        }
    }

    private static void send(Producer<String, String> producer, ProducerRecord<String, String> written) {
        try {
            producer.send(written).get();
        } catch (Exception e) {
            throw new AssertionError("not written: " + written, e);
        }
    }

    void commit() {
        transactional.commitTransaction();
        open = false;
    }

    void abort() {
        transactional.abortTransaction();
        open = false;
    }

    Partition partition(String topic, int index) {
        return semel.runtime().broker().partition(topic, index);
    }

    /** Values of {@code count} records of this length. */
    static String[] values(String name, int count, int length) {
        List<String> values = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            String value = name + index + '-';
            values.add(value + "x".repeat(Math.max(0, length - value.length())));
        }
        return values.toArray(String[]::new);
    }

    static void await(String what, Condition condition) throws Exception {
        long deadlineMs = System.currentTimeMillis() + DEADLINE_MS;
        while (!condition.holds()) {
            assertTrue(System.currentTimeMillis() < deadlineMs, () -> "never came: " + what);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        plain.close();
        transactional.close();
    }
}
