package io.semel.client.producer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.PartitionReader;

import static io.semel.client.producer.ProducerRig.TOPIC;
import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class SendTest {
    private ProducerRig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, 3);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aRecordIsWrittenWithKeyValueHeadersAndTimestamp() throws Exception {
        ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, 1, 1234L, "key", "value");
        record.headers().add("h", "x".getBytes(StandardCharsets.UTF_8)).add("n", null);
        RecordMetadata metadata;
        try (var producer = rig.producer()) {
            metadata = producer.send(record).get();
        }
        assertEquals("orders-1@0", metadata.toString());
        assertEquals(1234L, metadata.timestamp());
        assertEquals(3, metadata.serializedKeySize());
        assertEquals(5, metadata.serializedValueSize());
        RecordCursor cursor = new RecordCursor();
        try (PartitionReader reader = rig.broker().partition(TOPIC, 1).openReader(0, Isolation.READ_COMMITTED)) {
            assertTrue(reader.next());
            assertTrue(reader.batch().isCrcValid());
            cursor.wrap(reader.batch());
            assertTrue(cursor.next());
            assertEquals(1234L, cursor.timestamp());
            assertEquals("key", new String(cursor.copyKey(), StandardCharsets.UTF_8));
            assertEquals(2, cursor.headerCount());
            assertTrue(cursor.nextHeader());
            assertEquals("h", new String(cursor.copyHeaderKey(), StandardCharsets.UTF_8));
            assertEquals("x", new String(cursor.copyHeaderValue(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void nullKeyAndValueStayNull() throws Exception {
        try (var producer = rig.producer()) {
            RecordMetadata metadata = producer.send(new ProducerRecord<>(TOPIC, 0, null, null)).get();
            assertEquals(-1, metadata.serializedKeySize());
            assertEquals(-1, metadata.serializedValueSize());
        }
    }

    @Test
    void manyThreadsKeepTheirOrderPerPartition() throws Exception {
        int threads = 4;
        int each = 5_000;
        try (var producer = rig.producer("batch.size", 2_000, "buffer.memory", 200_000L)) {
            List<Thread> running = IntStream.range(0, threads).mapToObj(id -> new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    producer.send(record(i % 3, id + ":" + i));
                }
            })).toList();
            running.forEach(Thread::start);
            for (Thread thread : running) {
                thread.join();
            }
            producer.flush();
            int total = 0;
            for (int partition = 0; partition < 3; partition++) {
                List<String> values = rig.written(partition);
                total += values.size();
                int[] last = new int[threads];
                java.util.Arrays.fill(last, -1);
                for (String value : values) {
                    String[] parts = value.split(":");
                    int id = Integer.parseInt(parts[0]);
                    int number = Integer.parseInt(parts[1]);
                    assertTrue(number > last[id], "overtaken: " + value + " after " + last[id]);
                    last[id] = number;
                }
            }
            assertEquals(threads * each, total);
        }
    }

    @Test
    void callbacksRunInOrderOnTheProducersThreadBeforeTheFutureIsDone() throws Exception {
        List<Long> offsets = Collections.synchronizedList(new ArrayList<>());
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        try (var producer = rig.producer("client.id", "c1", "batch.size", 500)) {
            Future<RecordMetadata> last = null;
            for (int i = 0; i < 1_000; i++) {
                last = producer.send(record(0, "v" + i), (metadata, exception) -> {
                    offsets.add(metadata.offset());
                    threads.add(Thread.currentThread().getName());
                });
            }
            assertEquals(999, last.get().offset());
        }
        assertEquals(IntStream.range(0, 1_000).mapToObj(Long::valueOf).toList(), offsets);
        assertEquals(List.of("semel-producer-c1"), threads.stream().distinct().toList());
    }

    @Test
    void flushSettlesWhatLingers() {
        try (var producer = rig.producer("linger.ms", 60_000, "request.timeout.ms", 1_000)) {
            List<Future<RecordMetadata>> futures = IntStream.range(0, 100)
                    .mapToObj(i -> producer.send(record(i % 3, "v" + i))).toList();
            producer.flush();
            futures.forEach(future -> assertTrue(future.isDone()));
        }
    }

    @Test
    void waitingForAFutureEndsTheLingering() throws Exception {
        try (var producer = rig.producer("linger.ms", 60_000)) {
            assertEquals(0, producer.send(record(0, "a")).get().offset());
            assertEquals(1, producer.send(record(0, "b")).get(50, TimeUnit.SECONDS).offset());
        }
    }

    @Test
    void lingeringEndsByItself() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        try (var producer = rig.producer("linger.ms", 20)) {
            producer.send(record(0, "a"), (metadata, exception) -> reported.countDown());
            reported.await();
        }
        assertEquals(List.of("a"), rig.written(0));
    }

    @Test
    void sequencesGoOnAcrossBatches() throws Exception {
        try (var producer = rig.producer()) {
            for (int i = 0; i < 10; i++) {
                producer.send(record(0, "a" + i));
                producer.send(record(0, "b" + i)).get();
            }
        }
        int expected = 0;
        long producerId = -1;
        try (PartitionReader reader = rig.broker().partition(TOPIC, 0).openReader(0, Isolation.READ_COMMITTED)) {
            while (reader.next()) {
                assertEquals(expected, reader.batch().baseSequence());
                assertTrue(producerId == -1 || producerId == reader.batch().producerId());
                producerId = reader.batch().producerId();
                expected += reader.batch().recordCount();
            }
        }
        assertEquals(20, expected);
        assertTrue(producerId >= 0);
    }

    @Test
    void withoutIdempotenceBatchesCarryNoProducerId() throws Exception {
        try (var producer = rig.producer("enable.idempotence", false)) {
            producer.send(record(0, "a")).get();
        }
        try (PartitionReader reader = rig.broker().partition(TOPIC, 0).openReader(0, Isolation.READ_COMMITTED)) {
            assertTrue(reader.next());
            assertEquals(RecordBatchLayout.NO_PRODUCER_ID, reader.batch().producerId());
        }
    }

    @Test
    void withoutAcksTheOffsetIsNotTold() throws Exception {
        try (var producer = rig.producer("acks", "0")) {
            RecordMetadata metadata = producer.send(record(0, "a")).get();
            assertFalse(metadata.hasOffset());
        }
        assertEquals(List.of("a"), rig.written(0));
    }

    @Test
    void aRecordThatIsTooLargeFailsAloneAndLosesNothing() throws Exception {
        List<Exception> told = new ArrayList<>();
        try (var producer = rig.producer("max.request.size", 1_000)) {
            producer.send(record(0, "before"));
            Future<RecordMetadata> large = producer.send(record(0, "x".repeat(1_000)),
                    (metadata, exception) -> told.add(exception));
            producer.send(record(0, "after")).get();
            assertInstanceOf(RecordTooLargeException.class,
                    assertThrows(ExecutionException.class, large::get).getCause());
        }
        assertInstanceOf(RecordTooLargeException.class, told.get(0));
        assertEquals(List.of("before", "after"), rig.written(0));
    }

    @Test
    void theTopicsLimitHoldsBesideTheProducers() throws Exception {
        rig.broker().createTopic("small", 1, Map.of("max.message.bytes", "200"));
        try (var producer = rig.producer()) {
            Future<RecordMetadata> large = producer.send(new ProducerRecord<>("small", "x".repeat(200)));
            assertInstanceOf(RecordTooLargeException.class,
                    assertThrows(ExecutionException.class, large::get).getCause());
            List<Future<RecordMetadata>> fitting = IntStream.range(0, 20)
                    .mapToObj(i -> producer.send(new ProducerRecord<>("small", "x".repeat(100)))).toList();
            for (int i = 0; i < 20; i++) {
                assertEquals(i, fitting.get(i).get().offset());
            }
        }
    }

    @Test
    void aRecordLargerThanABatchGoesAlone() throws Exception {
        try (var producer = rig.producer("batch.size", 100)) {
            producer.send(record(0, "x".repeat(5_000))).get();
        }
        assertEquals(1, rig.written(0).size());
    }

    @Test
    void unknownTopicOrPartitionIsToldByTheFuture() {
        try (var producer = rig.producer()) {
            Throwable topic = assertThrows(ExecutionException.class,
                    producer.send(new ProducerRecord<>("nowhere", "v"))::get).getCause();
            assertInstanceOf(UnknownTopicOrPartitionException.class, topic);
            assertTrue(topic.getMessage().contains("nowhere")
                    && topic.getMessage().contains(rig.broker().path().toString()), topic.getMessage());
            assertInstanceOf(UnknownTopicOrPartitionException.class,
                    assertThrows(ExecutionException.class, producer.send(record(3, "v"))::get).getCause());
            assertThrows(UnknownTopicOrPartitionException.class, () -> producer.partitionsFor("nowhere"));
            assertEquals(3, producer.partitionsFor(TOPIC).size());
        }
    }

    @Test
    void internalTopicsAreNotForProducers() {
        try (var producer = rig.producer()) {
            assertInstanceOf(InvalidTopicException.class, assertThrows(ExecutionException.class,
                    producer.send(new ProducerRecord<>(Broker.OFFSETS_TOPIC, "v"))::get).getCause());
        }
    }

    @Test
    void recordsForADeletedTopicFail() throws Exception {
        rig.broker().createTopic("gone", 1, Map.of());
        try (var producer = rig.producer("linger.ms", 60_000)) {
            producer.send(new ProducerRecord<>("gone", "a")).get();
            Future<RecordMetadata> late = producer.send(new ProducerRecord<>("gone", "b"));
            rig.broker().deleteTopic("gone");
            producer.flush();
            assertInstanceOf(UnknownTopicOrPartitionException.class,
                    assertThrows(ExecutionException.class, late::get).getCause());
            rig.broker().createTopic("gone", 1, Map.of());
            assertEquals(0, producer.send(new ProducerRecord<>("gone", "c")).get().offset());
        }
    }

    @Test
    void configurationsAreReadAsKafkaReadsThem() {
        assertThrows(ConfigException.class, () -> rig.producer("compression.type", "brotli"));
        assertThrows(ConfigException.class, () -> rig.producer("compression.gzip.level", 0));
        assertThrows(ConfigException.class, () -> rig.producer("acks", "2"));
        assertThrows(ConfigException.class, () -> rig.producer("enable.idempotence", true, "acks", "1"));
        assertThrows(ConfigException.class, () -> rig.producer("delivery.timeout.ms", 10));
        assertThrows(ConfigException.class,
                () -> EmbeddedProducer.open(rig.runtime(), Map.of(), (Serializer<String>) null,
                        (Serializer<String>) null));
    }

    @Test
    void serializersMayStandInTheConfiguration() throws Exception {
        try (EmbeddedProducer<Integer, byte[]> producer = EmbeddedProducer.open(rig.runtime(),
                ProducerRig.configs("key.serializer", IntegerSerializer.class.getName(), "value.serializer",
                        ByteArraySerializer.class),
                null, null)) {
            assertEquals(4, producer.send(new ProducerRecord<>(TOPIC, 7, new byte[9])).get().serializedKeySize());
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aValueOfTheWrongClassIsThrownAtTheCaller() {
        try (var producer = rig.producer()) {
            ProducerRecord wrong = new ProducerRecord(TOPIC, 0, "k", 5);
            assertThrows(SerializationException.class, () -> producer.send(wrong));
        }
    }

    /** Kafka's {@code max.message.bytes} is a limit of batches as they stand in the log. */
    @Test
    void aTopicsLimitIsOneOfCompressedBatches() throws Exception {
        rig.broker().createTopic("small", 1, Map.of("max.message.bytes", "2000"));
        var producer = rig.producer("compression.type", "gzip", "linger.ms", 60_000);
        assertEquals(0, producer.send(new ProducerRecord<>("small", "x".repeat(10_000))).get().offset());
        String dense = new Random(17).ints(10_000, 'A', 'z').collect(StringBuilder::new, StringBuilder::appendCodePoint,
                StringBuilder::append).toString();
        Future<RecordMetadata> tooLarge = producer.send(new ProducerRecord<>("small", dense));
        assertInstanceOf(RecordTooLargeException.class, assertThrows(ExecutionException.class, tooLarge::get)
                .getCause());
        List<Future<RecordMetadata>> many = IntStream.range(0, 10).mapToObj(number -> producer.send(
                new ProducerRecord<>("small", dense.substring(number * 1_000, (number + 1) * 1_000)))).toList();
        producer.close();
        for (int index = 0; index < many.size(); index++) {
            assertEquals(index + 1, many.get(index).get().offset());
        }
    }
}
