package io.semel.client.consumer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;

import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Waiting;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionHome;

/** An open directory with topics, ways to write, and consumers that start at the beginning. */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Duration LONG = Duration.ofSeconds(10);
    static final String TOPIC = "orders";

    final Broker broker;
    final ClientRuntime runtime;
    private final RecordBatchWriter batch = new RecordBatchWriter(1024, 1 << 20);

    private Rig(Broker broker) {
        this.broker = broker;
        this.runtime = ClientRuntime.start(broker, SystemEpochClock.INSTANCE);
    }

    static Rig open(Path path) throws IOException {
        return open(path, SystemNanoClock.INSTANCE);
    }

    /** @param steady counts sessions and time-outs */
    static Rig open(Path path, NanoClock steady) throws IOException {
        BrokerContext context = new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE, UUID::randomUUID)
                .withSteadyClock(steady);
        return new Rig(Broker.open(path, context));
    }

    /** A topic that keeps everything: the tests' records are of 1970, and the cleaner runs beside them. */
    Rig withTopic(String name, int partitions) throws IOException {
        broker.createTopic(name, partitions, Map.of("retention.ms", "-1"));
        return this;
    }

    static TopicPartition at(int partition) {
        return new TopicPartition(TOPIC, partition);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One batch of records whose keys and values are {@code values}; returns the first one's offset. */
    long write(TopicPartition id, String... values) {
        return write(id, 1_000, values);
    }

    long write(TopicPartition id, long timestampMs, String... values) {
        batch.begin(timestampMs);
        return append(broker.partition(id.topic(), id.partition()).openWriter(), timestampMs, values);
    }

    /** For a thread of its own, with a batch writer of its own. */
    void write(RecordBatchWriter own, TopicPartition id, String value) {
        own.begin(1_000).tryAppend(1_000, null, bytes(value));
        ByteBuffer finished = own.finish();
        PartitionWriter writer = broker.partition(id.topic(), id.partition()).openWriter();
        Waiting.upTo(PATIENCE, "an append").appendUntilTaken(() -> writer.append(finished));
    }

    private long append(PartitionWriter writer, long timestampMs, String... values) {
        for (String value : values) {
            batch.tryAppend(timestampMs, bytes("k" + value), bytes(value), new byte[][] {bytes("h")},
                    new byte[][] {bytes("v")});
        }
        ByteBuffer finished = batch.finish();
        return Waiting.upTo(PATIENCE, "an append").appendUntilTaken(() -> writer.append(finished));
    }

    TransactionSession openSession(String transactionalId) {
        Initialization initialization = broker.transactions().initialize(transactionalId, 60_000,
                TransactionHome.EMBEDDED);
        Waiting.upTo(PATIENCE, "a session").stepUntilSettled(initialization::step);
        return initialization.session();
    }

    /**
     * One batch inside the open transaction of a session that has written {@code sequence} records to this partition.
     */
    long writeIn(TransactionSession session, TopicPartition id, int sequence, String... values) {
        batch.begin(1_000).producer(session.producerId(), session.epoch(), sequence).asTransactional();
        return append(session.touch(broker.partition(id.topic(), id.partition())), 1_000, values);
    }

    static void commit(TransactionSession session) {
        require(Waiting.upTo(PATIENCE, "a commit").stepUntilSettled(session::commit));
    }

    static void abort(TransactionSession session) {
        require(Waiting.upTo(PATIENCE, "an abort").stepUntilSettled(session::abort));
    }

    private static void require(Progress progress) {
        if (progress != Progress.DONE) {
            throw new AssertionError("not done: " + progress);
        }
    }

    /** {@code settings} are name, value, name, value. */
    EmbeddedConsumer<String, String> consumer(CommitStyle style, Object... settings) {
        return consumer(runtime, style, settings);
    }

    static EmbeddedConsumer<String, String> consumer(ClientRuntime runtime, CommitStyle style, Object... settings) {
        Map<String, Object> configs = new HashMap<>();
        configs.put("auto.offset.reset", "earliest");
        for (int index = 0; index < settings.length; index += 2) {
            configs.put((String) settings[index], settings[index + 1]);
        }
        return EmbeddedConsumer.open(runtime, configs, style, new StringDeserializer(), new StringDeserializer());
    }

    /** Polls until so many values have come; more than asked for are returned too. */
    static List<String> take(EmbeddedConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        until("records", () -> {
            values.addAll(values(consumer.poll(Duration.ofMillis(50))));
            return values.size() >= count;
        });
        return values;
    }

    static List<String> values(ConsumerRecords<String, String> records) {
        List<String> values = new ArrayList<>();
        for (ConsumerRecord<String, String> record : records) {
            values.add(record.value());
        }
        return values;
    }

    static void until(String what, BooleanSupplier condition) {
        Waiting waiting = Waiting.upTo(PATIENCE, what);
        while (!condition.getAsBoolean()) {
            waiting.pause();
        }
    }

    @Override
    public void close() throws IOException {
        runtime.close();
    }
}
