package io.semel.server.network.transactions;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.DeliverySemantics;
import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's own transactional producer, by the newer rules, which it chooses when it hears our features. */
class KafkaTransactionsTest {
    private static final TopicPartition A = new TopicPartition("a", 0);

    @TempDir
    Path directory;
    private OpenServer open;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("a", 1, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        open.close();
    }

    private Producer<String, String> producer(String id, Map<String, Object> more) {
        Map<String, Object> configs = open.clientConfigs();
        configs.put("transactional.id", id);
        configs.putAll(more);
        KafkaProducer<String, String> producer = new KafkaProducer<>(configs, new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static ProducerRecord<String, String> record(String value) {
        return new ProducerRecord<>("a", value);
    }

    @Test
    void whatItCommitsIsSeenAndWhatItAbortsIsNot() throws Exception {
        try (Producer<String, String> producer = producer("t", Map.of());
                Consumer<String, String> reader = open.semel().consumer(DeliverySemantics.EXACTLY_ONCE, Map.of(
                        "group.id", "g"), new StringDeserializer(), new StringDeserializer())) {
            for (int round = 0; round < 20; round++) {
                producer.beginTransaction();
                producer.send(record("c" + round));
                producer.sendOffsetsToTransaction(Map.of(A, new OffsetAndMetadata(round)), reader.groupMetadata());
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(record("a" + round)).get();
                producer.sendOffsetsToTransaction(Map.of(A, new OffsetAndMetadata(1_000)), reader.groupMetadata());
                producer.abortTransaction();
            }
        }
        List<String> committed = Seen.committed(open.semel(), "a");
        assertEquals(20, committed.size());
        assertTrue(committed.stream().allMatch(value -> value.startsWith("c")));
        assertEquals(40, Seen.all(open.semel(), "a").size());
        assertEquals(19, Seen.offset(open.semel(), "g", "a"));
    }

    @Test
    void aSecondOneFencesTheFirst() {
        try (Producer<String, String> first = producer("t", Map.of())) {
            first.beginTransaction();
            first.send(record("old"));
            first.flush();
            try (Producer<String, String> second = producer("t", Map.of())) {
                assertThrows(ProducerFencedException.class, first::commitTransaction);
                second.beginTransaction();
                second.send(record("new"));
                second.commitTransaction();
            }
        }
        assertEquals(List.of("new"), Seen.committed(open.semel(), "a"));
    }

    /** Its transaction is aborted behind its back; it may abort and go on. */
    @Test
    void whoTimesOutAbortsAndGoesOn() throws Exception {
        try (Producer<String, String> producer = producer("t", Map.of("transaction.timeout.ms", 200));
                Admin admin = open
                        .admin()) {
            producer.beginTransaction();
            producer.send(record("slow")).get();
            while (describe(admin, "t").state() != TransactionState.COMPLETE_ABORT) {
                Thread.onSpinWait();
            }
            assertThrows(KafkaException.class, producer::commitTransaction);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(record("again"));
            producer.commitTransaction();
        }
        assertEquals(List.of("again"), Seen.committed(open.semel(), "a"));
    }

    private static TransactionDescription describe(Admin admin, String id) throws Exception {
        return admin.describeTransactions(Set.of(id)).description(id).get();
    }

    @Test
    void anOperatorSeesItAndFencesIt() throws Exception {
        try (Producer<String, String> producer = producer("t", Map.of()); Admin admin = open.admin()) {
            producer.beginTransaction();
            producer.send(record("x")).get();
            TransactionDescription description = describe(admin, "t");
            assertEquals(TransactionState.ONGOING, description.state());
            assertEquals(Set.of(A), description.topicPartitions());
            admin.fenceProducers(Set.of("t")).all().get();
            assertThrows(ProducerFencedException.class, producer::commitTransaction);
        }
        assertEquals(List.of(), Seen.committed(open.semel(), "a"));
        assertTrue(Seen.nothingIsOpen(open.semel(), "a"));
    }
}
