package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.codec.Codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code compression.type} from a producer to whoever reads. */
@Timeout(120)
class CompressionTest {
    private static final String TOPIC = "orders";
    private static final int RECORDS = 500;
    private static final String PADDING = "once and only once ".repeat(10);

    @TempDir
    Path directory;
    private Semel semel;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic(TOPIC, 1);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private Producer<String, String> producer(DeliverySemantics semantics, Map<String, Object> configs) {
        return semel.producer(semantics, configs, new StringSerializer(), new StringSerializer());
    }

    private static List<String> sent() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            values.add(i + " " + PADDING);
        }
        return values;
    }

    private static void send(Producer<String, String> producer) {
        for (String value : sent()) {
            producer.send(new ProducerRecord<>(TOPIC, 0, 7L, null, value,
                    new RecordHeaders().add("trace", new byte[] {1})));
        }
        producer.flush();
    }

    private Set<Integer> compressionCodes() {
        Set<Integer> codes = new TreeSet<>();
        try (Reader reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, TOPIC, 0, 0)) {
            while (reader.pollBatches(batch -> codes.add(batch.compressionCode()), 100) > 0) {
                Thread.onSpinWait();
            }
        }
        return codes;
    }

    private List<String> consumed() {
        List<String> values = new ArrayList<>();
        try (Consumer<String, String> consumer = semel.consumer(DeliverySemantics.AT_LEAST_ONCE, Map.of(),
                new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> {
                    assertEquals(7L, record.timestamp());
                    assertEquals(1, record.headers().lastHeader("trace").value()[0]);
                    values.add(record.value());
                });
            }
        }
        return values;
    }

    @Test
    void whatIsSentCompressedIsReadByConsumerAndReader() throws Exception {
        List<String> all = new ArrayList<>();
        Set<Integer> codes = new TreeSet<>();
        for (Codec codec : Codec.values()) {
            try (var producer = producer(DeliverySemantics.AT_LEAST_ONCE,
                    Map.of("compression.type", codec.kafkaName(), "linger.ms", 50))) {
                send(producer);
            }
            all.addAll(sent());
            codes.add(codec.code());
            assertTrue(compressionCodes().containsAll(codes), codec.kafkaName());
            assertEquals(all, consumed());
            assertEquals(all, Records.read(semel, DeliverySemantics.AT_LEAST_ONCE, TOPIC));
        }
        semel.close();
        semel = Semel.open(directory);
        assertEquals(all, consumed());
    }

    @Test
    void aReaderStartsInTheMiddleOfACompressedBatch() {
        try (var producer = producer(DeliverySemantics.AT_LEAST_ONCE,
                Map.of("compression.type", "zstd", "linger.ms", 50))) {
            send(producer);
        }
        for (int from : new int[] {1, RECORDS / 2, RECORDS - 1}) {
            try (Reader reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, TOPIC, 0, from)) {
                assertEquals(sent().subList(from, RECORDS), Records.drain(reader));
            }
        }
    }

    @Test
    void compressedTransactionsCommitAndAbort() {
        Map<String, Object> configs = Map.of("compression.type", "lz4", "transactional.id", "copy");
        try (var producer = producer(DeliverySemantics.EXACTLY_ONCE, configs)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer);
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer);
            producer.commitTransaction();
        }
        assertTrue(compressionCodes().contains(Codec.LZ4.code()));
        assertEquals(sent(), Records.read(semel, DeliverySemantics.EXACTLY_ONCE, TOPIC));
    }

    @Test
    void levelsAreKafkas() {
        for (Map<String, Object> sound : List.<Map<String, Object>>of(
                Map.of("compression.type", "gzip", "compression.gzip.level", -1),
                Map.of("compression.type", "gzip", "compression.gzip.level", 9),
                Map.of("compression.type", "lz4", "compression.lz4.level", 17),
                Map.of("compression.type", "zstd", "compression.zstd.level", -131_072),
                Map.of("compression.type", "zstd", "compression.zstd.level", 22))) {
            try (var producer = producer(DeliverySemantics.AT_LEAST_ONCE, sound)) {
                send(producer);
            }
        }
        for (Map<String, Object> bad : List.<Map<String, Object>>of(Map.of("compression.type", "brotli"),
                Map.of("compression.type", "gzip", "compression.gzip.level", 0),
                Map.of("compression.type", "lz4", "compression.lz4.level", 18),
                Map.of("compression.type", "zstd", "compression.zstd.level", 23))) {
            assertThrows(ConfigException.class, () -> producer(DeliverySemantics.AT_LEAST_ONCE, bad));
        }
    }
}
