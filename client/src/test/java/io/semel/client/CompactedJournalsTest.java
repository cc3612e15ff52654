package io.semel.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.runtime.Waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * G1, T1, L4: offsets and decisions are what they were after their own topics were compacted, and the owner came again.
 */
@Timeout(240)
class CompactedJournalsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    /** So long that a segment of 16 MiB is soon full: a name of 8,000 characters, and metadata of 4,096. */
    private static final String WRITER = "w".repeat(7_900);
    private static final String METADATA = "m".repeat(4_000);
    private static final String JOURNAL = "__transaction_state-0";
    private static final int TRANSACTIONS = 4_602;

    @TempDir
    Path directory;

    private long committed = -1;
    private int committedRecords;

    private static Producer<String, String> producer(Semel semel) {
        Producer<String, String> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE, Map.of("transactional.id",
                WRITER), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    /** One that nobody is a member of. */
    @SuppressWarnings("removal")
    private static ConsumerGroupMetadata group(String name) {
        return new ConsumerGroupMetadata(name);
    }

    /** Each moves a group, the first another one too; every third is given up. */
    private void write(Semel semel, int from, int to) {
        try (Producer<String, String> producer = producer(semel)) {
            for (int number = from; number < to; number++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("orders", 0, null, "order"));
                producer.sendOffsetsToTransaction(Map.of(ORDERS, new OffsetAndMetadata(number, METADATA)),
                        group("often"));
                if (number == from) {
                    producer.sendOffsetsToTransaction(Map.of(ORDERS, new OffsetAndMetadata(number, "")),
                            group("once"));
                }
                if (number % 3 == 2) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                    committed = number;
                    committedRecords++;
                }
            }
        }
    }

    private static OffsetAndMetadata committed(Semel semel, String group) {
        try (Consumer<String, String> consumer = semel.consumer(DeliverySemantics.EXACTLY_ONCE, Map.of("group.id",
                group), new StringDeserializer(), new StringDeserializer())) {
            return consumer.committed(Set.of(ORDERS)).get(ORDERS);
        }
    }

    private void awaitCompacted(String partition) {
        Waiting waiting = Waiting.upTo(Duration.ofSeconds(120), partition + " to be compacted");
        while (!Files.exists(directory.resolve(partition).resolve("compacted-offset"))) {
            waiting.pause();
        }
    }

    private void expect(Semel semel, long once) {
        assertEquals(new OffsetAndMetadata(committed, METADATA), committed(semel, "often"));
        assertEquals(once, committed(semel, "once").offset());
        assertEquals(committedRecords, Records.read(semel, DeliverySemantics.EXACTLY_ONCE, "orders").size());
    }

    @Test
    void groupsAndDecisionsAreWhatTheyWereBeforeTheirJournalsWereCompacted() throws Exception {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("orders", 1);
            write(semel, 0, TRANSACTIONS);
            awaitCompacted("__consumer_offsets-0");
            awaitCompacted(JOURNAL);
            expect(semel, 0);
        }
        for (int life = 1; life < 3; life++) {
            try (Semel semel = Semel.open(directory)) {
                // An opening gives compacted segments their name.
                assertTrue(Files.size(directory.resolve(JOURNAL).resolve("00000000000000000000.log")) < 16 << 20);
                expect(semel, life == 1 ? 0 : TRANSACTIONS);
                write(semel, TRANSACTIONS * life, TRANSACTIONS * life + 10);
                expect(semel, (long) TRANSACTIONS * life);
            }
        }
    }
}
