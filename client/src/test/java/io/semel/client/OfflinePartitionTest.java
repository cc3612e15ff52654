package io.semel.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One of three partitions was cut short by hand while the directory was closed. */
@Timeout(60)
class OfflinePartitionTest {
    private static final TopicPartition SOUND = new TopicPartition("orders", 0);
    private static final TopicPartition DAMAGED = new TopicPartition("orders", 1);

    @TempDir
    Path directory;
    private Semel semel;

    @BeforeEach
    void openDamaged() throws Exception {
        try (Semel before = Semel.open(directory)) {
            before.admin().createTopic("orders", 3);
            before.admin().createTopic("copies", 1);
            try (Producer<String, String> producer = producer(before, DeliverySemantics.AT_LEAST_ONCE, Map.of())) {
                for (int partition = 0; partition < 3; partition++) {
                    producer.send(new ProducerRecord<>("orders", partition, null, "p" + partition)).get();
                }
            }
        }
        Files.write(directory.resolve("orders-1").resolve("00000000000000000000.log"), new byte[10]);
        semel = Semel.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private static Producer<String, String> producer(Semel semel, DeliverySemantics semantics,
            Map<String, Object> configs) {
        return semel.producer(semantics, configs, new StringSerializer(), new StringSerializer());
    }

    private Consumer<String, String> consumer(String group) {
        return semel.consumer(DeliverySemantics.AT_LEAST_ONCE, Map.of(ConsumerConfig.GROUP_ID_CONFIG, group,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                new StringDeserializer(), new StringDeserializer());
    }

    private static void assertOffline(Executable call) {
        KafkaStorageException refused = assertThrows(KafkaStorageException.class, call);
        for (String part : List.of("orders-1", "00000000000000000000.log", "position 10", "backup")) {
            assertTrue(refused.getMessage().contains(part), refused::getMessage);
        }
    }

    @Test
    void whoeverAsksForItIsToldWhatIsWrongWithWhichFile() {
        assertOffline(() -> semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 1));
        assertOffline(() -> semel.openReader(DeliverySemantics.AT_LEAST_ONCE, "orders", 1, 0));
        assertOffline(() -> semel.admin().deleteRecords("orders", 1, 0));
        try (Consumer<String, String> consumer = consumer("g")) {
            assertOffline(() -> consumer.endOffsets(List.of(DAMAGED)));
            assertOffline(() -> consumer.beginningOffsets(List.of(DAMAGED)));
            assertOffline(() -> consumer.offsetsForTimes(Map.of(DAMAGED, 0L)));
            consumer.assign(List.of(DAMAGED));
            assertOffline(() -> consumer.position(DAMAGED));
            assertOffline(() -> consumer.poll(Duration.ofMillis(10)));
        }
        assertEquals(1, semel.recovery().offline().size());
    }

    /** As Kafka shows one without a leader. */
    @Test
    void itsTopicIsDescribedWithItAndTheMarksOfTheOthers() {
        List<SemelAdmin.PartitionDescription> described = semel.admin().describeTopic("orders").partitions();
        assertEquals(List.of(0, 1, 2), described.stream().map(SemelAdmin.PartitionDescription::partition).toList());
        assertEquals(List.of(1L, -1L, 1L), described.stream().map(SemelAdmin.PartitionDescription::end).toList());
        assertEquals(List.of(false, true, false), described.stream().map(SemelAdmin.PartitionDescription::isOffline)
                .toList());
        assertTrue(described.get(1).offline().contains("position 10"), described.get(1)::offline);
        assertEquals(-1, described.get(1).start() & described.get(1).stable() & described.get(1).sizeInBytes());
    }

    @Test
    void producersGetTheErrorForItsRecordsAndWriteToTheOthers() throws Exception {
        try (Producer<String, String> producer = producer(semel, DeliverySemantics.AT_LEAST_ONCE, Map.of(
                ProducerConfig.BATCH_SIZE_CONFIG, 200, ProducerConfig.LINGER_MS_CONFIG, 0))) {
            Future<RecordMetadata> refused = producer.send(new ProducerRecord<>("orders", 1, null, "x"));
            Throwable cause = assertThrows(ExecutionException.class, refused::get).getCause();
            assertInstanceOf(KafkaStorageException.class, cause);
            Set<Integer> chosen = new TreeSet<>();
            for (int number = 0; number < 100; number++) {
                chosen.add(producer.send(new ProducerRecord<>("orders", "nobody names a key")).get().partition());
            }
            assertEquals(Set.of(0, 2), chosen);
            for (PartitionInfo info : producer.partitionsFor("orders")) {
                assertEquals(info.partition() == 1, info.leader() == null, info::toString);
            }
        }
    }

    @Test
    void aTransactionOverTheOthersCommitsAndOneThatWantedItAborts() throws Exception {
        try (Producer<String, String> producer = producer(semel, DeliverySemantics.EXACTLY_ONCE,
                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "t"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", 0, null, "lost"));
            assertThrows(ExecutionException.class, producer.send(new ProducerRecord<>("orders", 1, null, "x"))::get);
            assertThrows(RuntimeException.class, producer::commitTransaction);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", 0, null, "kept"));
            producer.commitTransaction();
        }
        assertEquals(List.of("p0", "kept"), Records.read(semel, DeliverySemantics.EXACTLY_ONCE, "orders"));
    }

    @Test
    void aGroupGoesOnWithTheOthers() {
        try (Consumer<String, String> consumer = consumer("g")) {
            consumer.subscribe(List.of("orders"));
            Set<String> values = new TreeSet<>();
            while (values.size() < 2) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            assertEquals(Set.of("p0", "p2"), values);
            assertTrue(consumer.poll(Duration.ofMillis(10)).isEmpty());
            assertTrue(consumer.assignment().contains(DAMAGED));
            assertOffline(() -> consumer.position(DAMAGED));
            consumer.commitSync();
            consumer.commitSync(Map.of(DAMAGED, new OffsetAndMetadata(1)));
            for (PartitionInfo info : consumer.partitionsFor("orders")) {
                assertEquals(info.partition() == 1, info.leader() == null, info::toString);
            }
        }
        assertEquals(1, semel.admin().groupOffsets("g").get(SOUND).offset());
        assertEquals(1, semel.admin().groupOffsets("g").get(DAMAGED).offset());
    }

    @Test
    void whoChoseItByNameIsServedTheOthersFirst() {
        try (Consumer<String, String> consumer = consumer("g")) {
            consumer.assign(List.of(DAMAGED, SOUND));
            List<String> values = new ArrayList<>();
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(1));
            records.forEach(record -> values.add(record.value()));
            assertEquals(List.of("p0"), values);
            assertOffline(() -> consumer.poll(Duration.ofMillis(10)));
            consumer.pause(List.of(DAMAGED));
            assertTrue(consumer.poll(Duration.ofMillis(10)).isEmpty());
        }
    }

    @Test
    void aPipelineCarriesTheOthersOver() throws Exception {
        Pipeline pipeline = semel.pipeline("copy").from("orders", Serdes.String(), Serdes.String())
                .process((ConsumerRecord<String, String> record, Pipeline.Output<String, String> out) -> out
                        .send(record.key(), record.value()))
                .to("copies", Serdes.String(), Serdes.String()).start();
        try (Reader reader = semel.openReader(DeliverySemantics.EXACTLY_ONCE, "copies", 0, 0)) {
            Set<String> values = new TreeSet<>();
            while (values.size() < 2) {
                values.addAll(Records.drain(reader));
            }
            assertEquals(Set.of("p0", "p2"), values);
            assertOffline(() -> pipeline.awaitCaughtUp(Duration.ofSeconds(10)));
        } finally {
            pipeline.close();
        }
        assertEquals(0, pipeline.stats().restarts());
    }

    @Test
    void itsTopicCanBeDeletedAndMadeAnew() throws Exception {
        semel.admin().deleteTopic("orders");
        assertFalse(semel.admin().hasTopic("orders"));
        semel.admin().createTopic("orders", 3);
        assertEquals(3, semel.admin().describeTopic("orders").partitions().size());
        assertNotNull(semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 1));
        assertNull(semel.admin().groupOffsets("g").get(DAMAGED));
    }
}
