package io.semel.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

/** T2, T9, G1, L4 as a user meets them: transactions and groups over a topic that is compacted while they use it. */
@Timeout(180)
class CompactedTransactionsTest {
    private static final TopicPartition ACCOUNTS = new TopicPartition("accounts", 0);
    private static final int KEYS = 15;
    private static final int ROUNDS = 240;
    private static final String LARGE = "v".repeat(700);

    @TempDir
    Path directory;

    private final Map<String, String> committed = new HashMap<>();

    private static Producer<String, String> producer(Semel semel) {
        return semel.producer(DeliverySemantics.EXACTLY_ONCE, Map.of("transactional.id", "writer"),
                new StringSerializer(), new StringSerializer());
    }

    private static Consumer<String, String> consumer(Semel semel, String group) {
        Consumer<String, String> consumer = semel.consumer(DeliverySemantics.EXACTLY_ONCE, Map.of("group.id", group,
                "isolation.level", "read_committed", "auto.offset.reset", "earliest", "enable.auto.commit", "false"),
                new StringDeserializer(), new StringDeserializer());
        consumer.assign(List.of(ACCOUNTS));
        return consumer;
    }

    /** Every third transaction is given up, with its records in the log. */
    private void write(Producer<String, String> producer, int from, int to) {
        for (int number = from; number < to; number++) {
            Map<String, String> own = new HashMap<>();
            producer.beginTransaction();
            for (int record = 0; record < 2; record++) {
                String key = "k" + (number + record * 4) % KEYS;
                String value = number % 11 == 0 ? null : number + LARGE;
                producer.send(new ProducerRecord<>("accounts", 0, key, value));
                own.put(key, value);
            }
            producer.flush();
            if (number % 3 == 2) {
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
                committed.putAll(own);
            }
        }
        committed.values().removeIf(value -> value == null);
    }

    /** Reads on to the end; returns the position there. */
    private static long readOn(Consumer<String, String> consumer, Map<String, String> rows) {
        long end = consumer.endOffsets(List.of(ACCOUNTS)).get(ACCOUNTS);
        while (consumer.position(ACCOUNTS) < end) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                if (record.value() == null) {
                    rows.remove(record.key());
                } else {
                    rows.put(record.key(), record.value());
                }
            }
        }
        return consumer.position(ACCOUNTS);
    }

    private Map<String, String> table(Semel semel) {
        try (Consumer<String, String> consumer = consumer(semel, "fresh")) {
            Map<String, String> rows = new HashMap<>();
            readOn(consumer, rows);
            return rows;
        }
    }

    private long bytesOfSegments() throws Exception {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory.resolve("accounts-0"))) {
            for (Path file : files.filter(each -> each.toString().matches(".*\\.(log|swap)")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static void awaitCompacted(Semel semel) {
        Waiting waiting = Waiting.upTo(Duration.ofSeconds(90), "superseded and aborted records to go");
        while (semel.admin().describeTopic("accounts").partitions().get(0).sizeInBytes() >= ROUNDS * LARGE.length()) {
            waiting.pause();
        }
    }

    @Test
    void committedReadingAndItsGroupGoOnOverCompactionAndReopening() throws Exception {
        Map<String, String> rows = new HashMap<>();
        long position;
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic("accounts", 1, Map.of("segment.bytes", "65536", "cleanup.policy", "compact",
                    "min.cleanable.dirty.ratio", "0"));
            try (Producer<String, String> producer = producer(semel);
                    Consumer<String, String> group = consumer(semel, "followers")) {
                producer.initTransactions();
                write(producer, 0, ROUNDS / 2);
                position = readOn(group, rows);
                assertEquals(committed, rows);
                group.commitSync(Map.of(ACCOUNTS, new OffsetAndMetadata(position)));
                write(producer, ROUNDS / 2, ROUNDS);
                assertEquals(committed, table(semel));
                awaitCompacted(semel);
                assertEquals(committed, table(semel));
            }
        }
        long compacted = bytesOfSegments();
        assertTrue(compacted < ROUNDS * LARGE.length(), compacted + " bytes");
        for (int life = 0; life < 2; life++) {
            try (Semel semel = Semel.open(directory);
                    Consumer<String, String> group = consumer(semel, "followers");
                    Producer<String, String> producer = producer(semel)) {
                assertEquals(position, group.committed(Set.of(ACCOUNTS)).get(ACCOUNTS).offset());
                assertEquals(committed, table(semel));
                position = readOn(group, rows);
                assertEquals(committed, rows);
                group.commitSync(Map.of(ACCOUNTS, new OffsetAndMetadata(position)));
                producer.initTransactions();
                write(producer, ROUNDS * (life + 1), ROUNDS * (life + 1) + 40);
                readOn(group, rows);
                assertEquals(committed, rows);
            }
        }
    }
}
