package io.semel.benchmarks.workload.semel;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Transactions;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.client.TransactionalAppender;

/** What {@link SemanticsAllocation} counts: ways to write or read records, or to commit transactions. */
public enum AllocationRoute {
    /** An operation is a record, with a sequence, in a batch of 16 KiB. */
    APPEND_IDEMPOTENT,
    /** An operation is a record; a thousand of them a transaction. */
    APPEND_TRANSACTIONAL,
    /** An operation is a record read by a committed reader, out of transactions of a thousand. */
    READ_COMMITTED,
    /** An operation is a transaction of one record and one offset. */
    TRANSACTION,
    /** An operation is a record sent through Kafka's Producer, at least once. */
    PRODUCER,
    /** An operation is a transaction of one record and one offset through Kafka's Producer. */
    PRODUCER_TRANSACTION,
    /** An operation is a committed record that Kafka's Consumer hands over. */
    CONSUMER;

    private static final String TOPIC = SemelTransactions.OUTPUT;
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    /** Does the operations from {@code first} to before {@code end}, and waits until they are done. */
    @FunctionalInterface
    interface Step {
        void run(long first, long end) throws Exception;
    }

    /** A step, and what is to be closed after the last one. */
    record Work(Step step, Closeable client) implements AutoCloseable {
        void run(long first, long end) throws Exception {
            step.run(first, end);
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /** Whether the calling thread does it all. */
    boolean isOneThread() {
        return switch (this) {
            case APPEND_IDEMPOTENT, APPEND_TRANSACTIONAL, READ_COMMITTED, TRANSACTION -> true;
            case PRODUCER, PRODUCER_TRANSACTION, CONSUMER -> false;
        };
    }

    Work open(Semel semel, long operations) throws Exception {
        semel.admin().createTopic(SemelTransactions.INPUT, 1);
        semel.admin().createTopic(TOPIC, 1);
        return switch (this) {
            case APPEND_IDEMPOTENT -> idempotent(semel);
            case APPEND_TRANSACTIONAL -> transactional(semel);
            case READ_COMMITTED -> committedReader(semel, operations);
            case TRANSACTION -> committer(SemelTransactions.committer(semel, 0));
            case PRODUCER -> producer(semel);
            case PRODUCER_TRANSACTION -> committer(ProducerTransactions.committer(semel, 0));
            case CONSUMER -> consumer(semel, operations);
        };
    }

    private static Work idempotent(Semel semel) {
        Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, TOPIC, 0);
        byte[] payload = Payload.create(Payload.SMALL);
        return new Work((first, end) -> {
            SemelAppend.appendBatched(appender, payload, first, end);
            appender.awaitAcknowledged();
        }, appender::close);
    }

    private static Work transactional(Semel semel) {
        TransactionalAppender appender = semel.openTransactionalAppender("bench");
        TransactionalAppender.Target target = appender.target(TOPIC, 0);
        byte[] payload = Payload.create(Payload.SMALL);
        return new Work((first, end) -> {
            for (long number = first; number < end; number += TransactionalAppend.RECORDS) {
                TransactionalAppend.transact(appender, target, payload, number, Math.min(end, number
                        + TransactionalAppend.RECORDS));
            }
        }, appender::close);
    }

    private static void fill(Semel semel, long records) throws Exception {
        try (Work work = transactional(semel)) {
            work.run(0, records);
        }
    }

    /** Counts what a reader or consumer is shown. */
    private static final class Shown {
        long count;
    }

    private static Work committedReader(Semel semel, long records) throws Exception {
        fill(semel, records);
        Reader reader = semel.openReader(DeliverySemantics.EXACTLY_ONCE, TOPIC, 0, 0);
        Shown shown = new Shown();
        Reader.RecordHandler handler = record -> shown.count++;
        return new Work((first, end) -> {
            while (shown.count < end) {
                reader.poll(handler, 1);
            }
        }, reader::close);
    }

    private static Work committer(Transactions.Committer committer) {
        return new Work((first, end) -> {
            for (long number = first; number < end; number++) {
                committer.transact(number);
            }
        }, committer::close);
    }

    private static Work producer(Semel semel) {
        Producer<byte[], byte[]> producer = ProducerAppend.open(semel, DeliverySemantics.AT_LEAST_ONCE);
        return new Work((first, end) -> {
            ProducerAppend.send(producer, TOPIC, first, end);
            producer.flush();
        }, producer::close);
    }

    private static Work consumer(Semel semel, long records) throws Exception {
        fill(semel, records);
        Consumer<byte[], byte[]> consumer = semel.consumer(DeliverySemantics.EXACTLY_ONCE, Map.of(),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Shown shown = new Shown();
        return new Work((first, end) -> {
            while (shown.count < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                    Payload.require("offset in order", 1, record.offset() >= shown.count ? 1 : 0);
                    shown.count++;
                }
            }
        }, consumer::close);
    }

    /** Whatever the way: the records numbered 0 to before {@code operations} stand there, each once. */
    void verify(Semel semel, long operations) {
        SemelCheck.committedOnce(semel, TOPIC, operations);
    }
}
