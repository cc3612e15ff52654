package io.semel.server.network.produce;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.DeliverySemantics;
import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's own producer at the port, and what the owner of the directory reads of it in process. */
@Timeout(120)
class KafkaProduceTest {
    @TempDir
    Path directory;

    private OpenServer open;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> configs = new HashMap<>(open.clientConfigs());
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        configs.putAll(more);
        return new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer());
    }

    private List<ConsumerRecord<String, String>> readInProcess(String topic, int partition, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        TopicPartition where = new TopicPartition(topic, partition);
        try (Consumer<String, String> consumer = open.semel().consumer(DeliverySemantics.AT_LEAST_ONCE, Map.of(
                "group.id", "owner"), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(where));
            consumer.seekToBeginning(List.of(where));
            while (records.size() < count) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
        }
        return records;
    }

    @Test
    void recordsOfEveryCodecAreReadInProcessAsTheyWereSent() throws Exception {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            open.semel().admin().createTopic(codec, 1);
            try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", codec, "linger.ms",
                    20))) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int number = 0; number < 200; number++) {
                    sent.add(producer.send(new ProducerRecord<>(codec, 0, 1_700_000_000_000L + number, "key" + number,
                            "value".repeat(20) + number, List.of(new RecordHeader("h", new byte[] {(byte) number})))));
                }
                for (int number = 0; number < 200; number++) {
                    assertEquals(number, sent.get(number).get().offset());
                }
            }
            List<ConsumerRecord<String, String>> read = readInProcess(codec, 0, 200);
            for (int number = 0; number < 200; number++) {
                ConsumerRecord<String, String> record = read.get(number);
                assertEquals(number, record.offset());
                assertEquals("key" + number, record.key());
                assertEquals("value".repeat(20) + number, record.value());
                assertEquals(1_700_000_000_000L + number, record.timestamp());
                assertEquals((byte) number, record.headers().lastHeader("h").value()[0]);
            }
        }
    }

    @Test
    void aTopicThatIsNotThereIsCreatedByWritingToIt() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            assertEquals(0, producer.send(new ProducerRecord<>("new", "v")).get().offset());
        }
        assertEquals("v", readInProcess("new", 0, 1).get(0).value());
    }

    @Test
    void allAcksWork() throws Exception {
        open.semel().admin().createTopic("t", 1);
        for (String acks : List.of("0", "1", "all")) {
            try (KafkaProducer<String, String> producer = producer(Map.of("acks", acks))) {
                producer.send(new ProducerRecord<>("t", "with acks " + acks)).get();
            }
        }
        assertEquals(List.of("with acks 0", "with acks 1", "with acks all"), readInProcess("t", 0, 3).stream().map(
                ConsumerRecord::value).toList());
    }

    @Test
    void aBatchThatIsTooLargeIsSplitAndARecordThatIsFails() throws Exception {
        open.semel().admin().createTopic("small", 1, Map.of("max.message.bytes", "2000"));
        try (KafkaProducer<String, String> producer = producer(Map.of("batch.size", 100_000, "linger.ms", 50))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int number = 0; number < 50; number++) {
                sent.add(producer.send(new ProducerRecord<>("small", "x".repeat(500))));
            }
            for (Future<RecordMetadata> each : sent) {
                assertTrue(each.get().offset() < 50);
            }
            assertFailsWith(RecordTooLargeException.class, producer, new ProducerRecord<>("small", "x".repeat(2500)));
        }
        assertEquals(50, readInProcess("small", 0, 50).size());
    }

    private static void assertFailsWith(Class<? extends Exception> expected, KafkaProducer<String, String> producer,
            ProducerRecord<String, String> record) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> producer.send(record).get());
        assertInstanceOf(expected, failure.getCause());
    }

    @Test
    void aCompactedTopicTakesNoRecordWithoutAKey() throws Exception {
        open.semel().admin().createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            assertFailsWith(InvalidRecordException.class, producer, new ProducerRecord<>("compacted", "no key"));
            assertEquals(0, producer.send(new ProducerRecord<>("compacted", "key", "v")).get().offset());
        }
    }

    @Test
    void aRecordOfTheFarFutureIsRefused() {
        open.semel().admin().createTopic("t", 1);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            assertFailsWith(InvalidTimestampException.class, producer, new ProducerRecord<>("t", 0, System
                    .currentTimeMillis() + 2 * ReceivedBatch.MAX_AHEAD_MS, "k", "v"));
        }
    }

    @Test
    void recordsOfManyRequestsInFlightKeepTheirOrder() throws Exception {
        open.semel().admin().createTopic("t", 3);
        try (KafkaProducer<String, String> producer = producer(Map.of("batch.size", 400,
                "max.in.flight.requests.per.connection", 50))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int number = 0; number < 6_000; number++) {
                sent.add(producer.send(new ProducerRecord<>("t", number % 3, null, "number " + number)));
            }
            for (int number = 0; number < 6_000; number++) {
                assertEquals(number / 3, sent.get(number).get().offset());
            }
        }
        List<ConsumerRecord<String, String>> read = readInProcess("t", 1, 2_000);
        for (int number = 0; number < 2_000; number++) {
            assertEquals("number " + (3 * number + 1), read.get(number).value());
        }
    }

    @Test
    void largeRequestsArriveWhole() throws Exception {
        open.semel().admin().createTopic("large", 4, Map.of("max.message.bytes", "12000000", "segment.bytes",
                "50000000"));
        try (KafkaProducer<String, String> producer = producer(Map.of("max.request.size", 11_000_000, "buffer.memory",
                64_000_000))) {
            for (int size : new int[] {10_000_000, 3, 70_000, 65_530, 1_000_000, 10_000_000, 5}) {
                String value = Integer.toString(size % 10).repeat(size);
                long offset = producer.send(new ProducerRecord<>("large", size % 4, null, value)).get().offset();
                assertEquals(value, readInProcess("large", size % 4, (int) offset + 1).get((int) offset).value());
            }
        }
    }

    @Test
    void theOwnerAndAClientWriteToOnePartition() throws Exception {
        open.semel().admin().createTopic("t", 1);
        try (KafkaProducer<String, String> remote = producer(Map.of("acks", "1"));
                var own = open.semel().producer(DeliverySemantics.AT_LEAST_ONCE, Map.of(), new StringSerializer(),
                        new StringSerializer())) {
            for (int number = 0; number < 100; number++) {
                assertEquals(2L * number, remote.send(new ProducerRecord<>("t", "remote " + number)).get().offset());
                assertEquals(2L * number + 1, own.send(new ProducerRecord<>("t", "own " + number)).get().offset());
            }
        }
        assertEquals("own 99", readInProcess("t", 0, 200).get(199).value());
    }

    @Test
    void anIdempotentProducerIsServedByItsDefaults() throws Exception {
        open.semel().admin().createTopic("t", 2);
        try (KafkaProducer<String, String> producer = producer(Map.of(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
                "batch.size", 400))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int number = 0; number < 3_000; number++) {
                sent.add(producer.send(new ProducerRecord<>("t", number % 2, null, "number " + number)));
            }
            for (int number = 0; number < 3_000; number++) {
                assertEquals(number / 2, sent.get(number).get().offset());
            }
        }
        assertEquals("number 2999", readInProcess("t", 1, 1_500).get(1_499).value());
    }
}
