package io.semel.server.network.fetch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Kafka's own consumer reads through the port of what the owner writes in process. */
class ConsumerFetchTest {
    private static final String COMMITTED = "read_committed";
    private static final String UNCOMMITTED = "read_uncommitted";

    /** Smaller than the client's request timeout, and longer than a poll that must be woken. */
    private static final int FOR_EVER_MS = 25_000;

    @TempDir
    Path directory;

    private OpenServer open;
    private Owner owner;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
        owner = new Owner(open.semel());
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
        open.close();
    }

    /** Rows 13 and 14, by the filter of the client that people use: over segments, in answers of any size. */
    @Test
    void eachIsolationReadsWhatItMay() throws Exception {
        open.semel().admin().createTopic("orders", 1, Map.of("segment.bytes", "65536"));
        List<String> all = new ArrayList<>();
        List<String> committed = new ArrayList<>();
        Random random = new Random(7);
        for (int transaction = 0; transaction < 120; transaction++) {
            String[] values = Owner.values("t" + transaction + '-', 1 + random.nextInt(8), random.nextInt(900));
            owner.writeInTransaction("orders", 0, values);
            owner.write("orders", 0, "plain" + transaction);
            all.addAll(List.of(values));
            all.add("plain" + transaction);
            if (transaction == 119) {
                continue;
            }
            if (random.nextInt(3) == 0) {
                owner.abort();
            } else {
                owner.commit();
                committed.addAll(List.of(values));
            }
            committed.add("plain" + transaction);
        }
        for (int maxBytes : new int[] {1, 3_000, 1 << 20}) {
            List<String> shown = read(COMMITTED, "orders", maxBytes);
            assertEquals(Set.copyOf(committed), Set.copyOf(shown), "committed, by " + maxBytes);
            assertEquals(committed.size(), shown.size());
            assertEquals(all, read(UNCOMMITTED, "orders", maxBytes), "uncommitted, by " + maxBytes);
        }
        owner.abort();
    }

    private List<String> read(String isolation, String topic, int maxBytes) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(Map.of("isolation.level", isolation, "fetch.max.bytes",
                maxBytes, "max.partition.fetch.bytes", maxBytes))) {
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end = consumer.endOffsets(Set.of(partition)).get(partition);
            long deadlineMs = System.currentTimeMillis() + Owner.DEADLINE_MS;
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(each -> values.add(each.value()));
                assertTrue(System.currentTimeMillis() < deadlineMs, () -> "stuck: " + consumer.position(partition));
            }
        }
        return values;
    }

    @Test
    void aTailIsReadAsSoonAsItIsWritten() throws Exception {
        open.semel().admin().createTopic("orders", 2, Map.of());
        TopicPartition partition = new TopicPartition("orders", 1);
        KafkaConsumer<String, String> consumer = consumer(Map.of("fetch.max.wait.ms", FOR_EVER_MS));
        try {
            consumer.assign(List.of(new TopicPartition("orders", 0), partition));
            for (int round = 0; round < 50; round++) {
                owner.write("orders", 1, "v" + round);
                // Of fifty rounds hardly one is over before its fetch waits; not one may wait to its end.
                ConsumerRecord<String, String> read = next(consumer);
                assertEquals("v" + round, read.value());
            }
        } finally {
            // Its last fetch has nothing to come back with, and is not waited for.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static ConsumerRecord<String, String> next(KafkaConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        consumer.poll(Duration.ofMillis(FOR_EVER_MS - 5_000)).forEach(read::add);
        assertEquals(1, read.size(), "asleep at the tail");
        return read.get(0);
    }

    @Test
    void offsetsAreFoundByPlaceAndByTime() throws Exception {
        open.semel().admin().createTopic("orders", 2, Map.of());
        TopicPartition full = new TopicPartition("orders", 0);
        TopicPartition empty = new TopicPartition("orders", 1);
        for (int index = 0; index < 10; index++) {
            owner.writeAt("orders", 0, 1_000 + 10 * index, "v" + index);
        }
        owner.writeInTransaction("orders", 0, "open");
        try (KafkaConsumer<String, String> consumer = consumer(Map.of());
                KafkaConsumer<String, String> committed = consumer(Map.of("isolation.level", COMMITTED))) {
            assertEquals(Map.of(full, 0L, empty, 0L), consumer.beginningOffsets(List.of(full, empty)));
            assertEquals(Map.of(full, 11L, empty, 0L), consumer.endOffsets(List.of(full, empty)));
            assertEquals(Map.of(full, 10L), committed.endOffsets(List.of(full)));
            OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(full, 1_035L)).get(full);
            assertEquals(4, found.offset());
            assertEquals(1_040, found.timestamp());
            assertNull(consumer.offsetsForTimes(Map.of(full, Long.MAX_VALUE)).get(full));
            assertNull(consumer.offsetsForTimes(Map.of(empty, 0L)).get(empty));
            assertNull(committed.offsetsForTimes(Map.of(full, 2_000L)).get(full), "not decided yet");
            consumer.assign(List.of(full));
            for (int offset : new int[] {7, 0, 9, 3}) {
                consumer.seek(full, offset);
                assertEquals("v" + offset, consumer.poll(Duration.ofSeconds(20)).iterator().next().value());
            }
        }
        owner.commit();
    }

    @Test
    void whoStandsBelowTheStartGoesWhereItsPolicySays() throws Exception {
        open.semel().admin().createTopic("orders", 1, Map.of());
        TopicPartition partition = new TopicPartition("orders", 0);
        owner.write("orders", 0, "a", "b", "c", "d");
        owner.partition("orders", 0).deleteRecordsBefore(2);
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            assertEquals("c", consumer.poll(Duration.ofSeconds(20)).iterator().next().value());
            assertEquals(2, consumer.beginningOffsets(List.of(partition)).get(partition));
        }
    }

    @Test
    void manyPartitionsReachEveryConsumerInOrder() throws Exception {
        int partitions = 60;
        open.semel().admin().createTopic("orders", partitions, Map.of());
        List<TopicPartition> assigned = IntStream.range(0, partitions).mapToObj(index -> new TopicPartition("orders",
                index)).toList();
        try (KafkaConsumer<String, String> one = consumer(Map.of("fetch.max.bytes", 2_000));
                KafkaConsumer<String, String> other = consumer(Map.of())) {
            one.assign(assigned);
            other.assign(assigned);
            Map<Integer, List<String>> written = new HashMap<>();
            Map<Integer, List<String>> readByOne = new HashMap<>();
            Map<Integer, List<String>> readByOther = new HashMap<>();
            Random random = new Random(3);
            for (int round = 0; round < 20; round++) {
                for (int write = 0; write < 30; write++) {
                    int partition = random.nextInt(partitions);
                    String value = round + "-" + write;
                    owner.write("orders", partition, value);
                    written.computeIfAbsent(partition, each -> new ArrayList<>()).add(value);
                }
                poll(one, readByOne);
                poll(other, readByOther);
            }
            Owner.await("all by one", () -> poll(one, readByOne).equals(written));
            Owner.await("all by the other", () -> poll(other, readByOther).equals(written));
        }
    }

    private static Map<Integer, List<String>> poll(KafkaConsumer<String, String> consumer,
            Map<Integer, List<String>> read) {
        consumer.poll(Duration.ofMillis(10)).forEach(each -> read.computeIfAbsent(each.partition(),
                partition -> new ArrayList<>()).add(each.value()));
        return read;
    }

    @Test
    void aTopicThatIsMadeAnewIsReadFromItsOwnStart() throws Exception {
        open.semel().admin().createTopic("orders", 1, Map.of());
        open.semel().admin().createTopic("others", 1, Map.of());
        owner.write("orders", 0, "a", "b", "c");
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            consumer.assign(List.of(new TopicPartition("orders", 0), new TopicPartition("others", 0)));
            Map<Integer, List<String>> before = new HashMap<>();
            Owner.await("the first topic's", () -> poll(consumer, before).equals(Map.of(0, List.of("a", "b", "c"))));
            open.semel().admin().deleteTopic("orders");
            open.semel().admin().createTopic("orders", 1, Map.of());
            try (Owner anew = new Owner(open.semel())) {
                anew.write("orders", 0, "A", "B");
            }
            Map<Integer, List<String>> after = new HashMap<>();
            Owner.await("the second topic's", () -> poll(consumer, after).equals(Map.of(0, List.of("A", "B"))));
        }
    }

    private KafkaConsumer<String, String> consumer(Map<String, Object> configs) {
        Map<String, Object> all = open.clientConfigs();
        all.put("auto.offset.reset", "earliest");
        all.putAll(configs);
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }
}
