package io.semel.verify.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.semel.log.batch.ControlType;

import static io.semel.verify.kafka.KafkaClients.COMMITTED;
import static io.semel.verify.kafka.KafkaClients.UNCOMMITTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A real Apache Kafka broker and Semel read each other's partitions.
 *
 * <p>The broker is filled first. While it is stopped, Semel's reader reads its segments, and a partition that Semel has
 * written takes the place of one of its own. Then it serves all of them, and every test compares one of them.
 */
class KafkaBrokerTest {
    private static final Duration CLEANER_LIMIT = Duration.ofSeconds(60);
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final int CODEC_RECORDS = 900;
    private static final int TRANSACTIONS = 8;
    /** Enough of so few keys that no batch keeps all its records. */
    private static final int COMPACTED_OFFSETS = 200;

    private static final String TRANSACTIONAL = "transactions";
    private static final String COMPACTED = "compacted";
    private static final String SERVED = "served";

    /** Kafka's least. */
    private static final Map<String, String> SMALL_SEGMENTS = Map.of("segment.bytes", "1048576");

    @TempDir
    static Path home;

    private static final Map<String, SeenPartition> KAFKAS = new HashMap<>();
    private static KafkaBroker broker;
    private static KafkaClients clients;
    private static SemelPartition semels;
    private static int compactedSent;

    @BeforeAll
    static void letEachWriteForTheOther() throws Exception {
        semels = SemelPartition.write(home.resolve("semel"));
        broker = KafkaBroker.create(home.resolve("kafka"),
                // The records here are as old as their tests like, and stay.
                Map.of("log.cleaner.backoff.ms", "100", "log.retention.ms", "-1"));
        clients = new KafkaClients(broker.bootstrapServers());
        createTopic(SERVED, Map.of());
        for (String codec : CODECS) {
            writeCompressed(codec);
        }
        writeTransactions();
        writeUntilCompacted();
        broker.stop();
        for (String topic : List.of(TRANSACTIONAL, COMPACTED)) {
            KAFKAS.put(topic, read(topic));
        }
        for (String codec : CODECS) {
            KAFKAS.put(codec, read(codec));
        }
        KafkaPartitions.replace(broker, SERVED, semels.directory());
        broker.start();
    }

    @AfterAll
    static void stopTheBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    private static void createTopic(String topic, Map<String, String> configs) throws Exception {
        KafkaPartitions.create(broker.bootstrapServers(), List.of(topic), configs);
    }

    private static SeenPartition read(String topic) throws IOException {
        return SeenPartition.read(broker.partitionDirectory(topic, 0));
    }

    private static void writeCompressed(String codec) throws Exception {
        createTopic(codec, SMALL_SEGMENTS);
        try (Producer<byte[], byte[]> producer = clients.producer(Map.of("compression.type", codec, "linger.ms", 5))) {
            send(producer, codec, 0, CODEC_RECORDS);
        }
    }

    /** Sends records of all shapes: null and empty keys and values, headers without a value, values of many lengths. */
    private static void send(Producer<byte[], byte[]> producer, String topic, int from, int to) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int number = from; number < to; number++) {
            byte[] key = number % 5 == 0 ? null : bytes("key".repeat(number % 3));
            byte[] value = number % 11 == 0 ? null : bytes((number + " ").repeat(number * 37 % 1_500));
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, 1_700_000_000_000L + number, key,
                    value);
            if (number % 3 == 0) {
                record.headers().add("", bytes("" + number)).add("none", null);
            }
            sent.add(producer.send(record));
        }
        producer.flush();
        for (Future<RecordMetadata> answer : sent) {
            answer.get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void writeTransactions() throws Exception {
        createTopic(TRANSACTIONAL, SMALL_SEGMENTS);
        try (Producer<byte[], byte[]> one = clients.producer(Map.of("transactional.id", "one"));
                Producer<byte[], byte[]> other = clients.producer(Map.of("transactional.id", "other"));
                Producer<byte[], byte[]> plain = clients.producer(Map.of("enable.idempotence", false))) {
            one.initTransactions();
            other.initTransactions();
            for (int number = 0; number < TRANSACTIONS; number++) {
                one.beginTransaction();
                other.beginTransaction();
                send(one, TRANSACTIONAL, number * 30, number * 30 + 20);
                send(other, TRANSACTIONAL, number * 30 + 5, number * 30 + 15);
                send(plain, TRANSACTIONAL, number * 30 + 10, number * 30 + 12);
                end(one, number % 2 == 0);
                end(other, number % 4 < 2);
            }
        }
        clients.awaitMarkersOf("one");
        clients.awaitMarkersOf("other");
    }

    private static void end(Producer<byte[], byte[]> producer, boolean commit) {
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    /** Every round may roll a segment; sooner or later the cleaner has been over enough of them. */
    private static void writeUntilCompacted() throws Exception {
        createTopic(COMPACTED, Map.of("cleanup.policy", "compact", "segment.ms", "100",
                "min.cleanable.dirty.ratio", "0.01"));
        Random random = new Random(7);
        long deadlineNs = System.nanoTime() + CLEANER_LIMIT.toNanos();
        try (Producer<byte[], byte[]> producer = clients.producer(Map.of("transactional.id", "compacting"))) {
            producer.initTransactions();
            while (compactedOffset() < COMPACTED_OFFSETS) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "nothing was compacted in " + CLEANER_LIMIT);
                producer.beginTransaction();
                for (int record = 0; record < 20; record++) {
                    byte[] value = random.nextInt(6) == 0 ? null : bytes("value-" + compactedSent);
                    producer.send(new ProducerRecord<>(COMPACTED, 0, null, bytes("key-" + random.nextInt(30)), value));
                    compactedSent++;
                }
                end(producer, random.nextInt(3) != 0);
            }
        }
        clients.awaitMarkersOf("compacting");
        // From now on the broker leaves the partition as it is.
        clients.configureTopic(COMPACTED, "min.compaction.lag.ms", Long.toString(Long.MAX_VALUE));
    }

    /** How far the broker's cleaner has come, by its own checkpoint, which it replaces as a whole. */
    private static long compactedOffset() throws IOException {
        Path checkpoint = broker.dataDirectory().resolve("cleaner-offset-checkpoint");
        String begin = COMPACTED + " 0 ";
        return !Files.exists(checkpoint) ? 0 : Files.readAllLines(checkpoint).stream()
                .filter(line -> line.startsWith(begin)).mapToLong(line -> Long.parseLong(line.substring(begin
                        .length())))
                .findFirst().orElse(0);
    }

    @ParameterizedTest
    @CsvSource({"none, 0", "gzip, 1", "snappy, 2", "lz4, 3", "zstd, 4"})
    void batchesOfEveryCodecAreReadAsKafkaReadsThem(String codec, int code) {
        SeenPartition partition = KAFKAS.get(codec);
        assertEquals(clients.readAll(codec, UNCOMMITTED), partition.records());
        assertEquals(CODEC_RECORDS, partition.records().size());
        assertEquals(Set.of(code), partition.batches().stream().map(SeenBatch::compressionCode)
                .collect(Collectors.toSet()));
        assertTrue(code > 0 || partition.segments().size() > 1, partition.segments()::toString);
    }

    @ParameterizedTest
    @CsvSource({"none", "gzip", "snappy", "lz4", "zstd"})
    void sequencesOfAnIdempotentProducerFollowEachOther(String codec) {
        int sequence = 0;
        for (SeenBatch batch : KAFKAS.get(codec).batches()) {
            assertEquals(KAFKAS.get(codec).batches().get(0).producerId(), batch.producerId(), batch::toString);
            assertTrue(batch.producerId() >= 0 && batch.producerEpoch() == 0, batch::toString);
            assertEquals(sequence, batch.baseSequence(), batch::toString);
            sequence += batch.recordCount();
        }
    }

    @Test
    void committedAndAbortedTransactionsAreToldApartByTheirMarkers() {
        SeenPartition partition = KAFKAS.get(TRANSACTIONAL);
        List<SeenRecord> committed = clients.readAll(TRANSACTIONAL, COMMITTED);
        assertEquals(TRANSACTIONS, partition.count(ControlType.COMMIT));
        assertEquals(TRANSACTIONS, partition.count(ControlType.ABORT));
        assertEquals(TRANSACTIONS * 2 + TRANSACTIONS / 2 * (20 + 10), committed.size());
        assertEquals(clients.readAll(TRANSACTIONAL, UNCOMMITTED), partition.records());
        assertEquals(committed, partition.committedRecords());
    }

    @Test
    void aCompactedPartitionIsReadWithItsHolesAndTombstones() {
        SeenPartition partition = KAFKAS.get(COMPACTED);
        assertTrue(partition.batches().stream().anyMatch(SeenBatch::hasHoles));
        List<SeenRecord> records = partition.records();
        assertTrue(records.size() < compactedSent, "sent " + compactedSent + ", kept " + records.size());
        assertTrue(records.stream().anyMatch(record -> record.value() == null));
        assertEquals(clients.readAll(COMPACTED, UNCOMMITTED), records);
        assertEquals(clients.readAll(COMPACTED, COMMITTED), partition.committedRecords());
    }

    /** Kafka's broker has found every batch good, and Kafka's consumer passes over fillers as over markers. */
    @Test
    void aPartitionWrittenBySemelIsServedByKafkaRecordByRecord() throws Exception {
        SeenPartition ours = SeenPartition.read(semels.directory());
        assertTrue(ours.segments().size() > 4, ours.segments()::toString);
        assertEquals(SemelPartition.FILLERS, ours.count(ControlType.UNKNOWN));
        assertNotEquals(semels.uncommitted(), semels.committed());
        assertEquals(semels.uncommitted(), clients.readAll(SERVED, UNCOMMITTED));
        assertEquals(semels.committed(), clients.readAll(SERVED, COMMITTED));
        // The broker took the log up to its last byte, and goes on behind the filler there.
        SeenBatch last = ours.batches().get(ours.batches().size() - 1);
        assertEquals(ControlType.UNKNOWN, last.control());
        try (Producer<byte[], byte[]> producer = clients.producer(Map.of("enable.idempotence", false, "acks", "all"))) {
            assertEquals(last.lastOffset() + 1,
                    producer.send(new ProducerRecord<>(SERVED, 0, null, bytes("after"))).get().offset());
        }
        assertEquals(semels.committed().size() + 1, clients.readAll(SERVED, COMMITTED).size());
    }

    @Test
    void aBrokerThatCannotStartSaysWhy(@TempDir Path directory) {
        IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> KafkaBroker.create(directory, Map.of("log.retention.bytes", "plenty")));
        assertTrue(failure.getMessage().contains("log.retention.bytes"), failure::getMessage);
    }
}
