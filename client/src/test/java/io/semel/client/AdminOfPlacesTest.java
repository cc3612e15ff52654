package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.SemelAdmin.ConfigEntry;
import io.semel.client.SemelAdmin.ConfigSource;
import io.semel.client.SemelAdmin.LogDirectory;
import io.semel.client.admin.GroupAdmin.GroupLag;
import io.semel.client.admin.OffsetAdmin.OffsetFound;
import io.semel.client.admin.OffsetAdmin.OffsetQuery;
import io.semel.log.Durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Offsets, lags, configurations and directories, as the admin shows them. */
@Timeout(60)
class AdminOfPlacesTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    Path directory;
    private Semel semel;
    private SemelAdmin admin;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory, Durability.POWER);
        admin = semel.admin();
        admin.createTopic("orders", 2, Map.of("segment.bytes", "65536", "semel.durability", "process"));
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private void produce(long... timestampsMs) {
        try (Producer<String, String> producer = semel.producer(DeliverySemantics.AT_LEAST_ONCE, Map.of("linger.ms", 0),
                new StringSerializer(), new StringSerializer())) {
            LongStream.of(timestampsMs).forEach(each -> producer.send(new ProducerRecord<>("orders", 0, each, "k",
                    "v")));
        }
    }

    private OffsetFound ask(OffsetQuery query) {
        return admin.listOffsets(Map.of(ORDERS, query)).get(ORDERS);
    }

    @Test
    void offsetsAreFoundByEveryQuestion() {
        assertFalse(ask(OffsetQuery.MAX_TIMESTAMP).isFound());
        produce(1_000, 3_000, 2_000, 3_000);
        admin.deleteRecords("orders", 0, 1);
        assertEquals(new OffsetFound(1, -1), ask(OffsetQuery.EARLIEST));
        assertEquals(new OffsetFound(4, -1), ask(OffsetQuery.LATEST));
        assertEquals(new OffsetFound(1, 3_000), ask(OffsetQuery.MAX_TIMESTAMP));
        assertEquals(new OffsetFound(1, 3_000), ask(OffsetQuery.since(0)));
        assertEquals(new OffsetFound(1, 3_000), ask(OffsetQuery.since(2_500)));
        assertFalse(ask(OffsetQuery.since(3_001)).isFound());
        assertThrows(UnknownTopicOrPartitionException.class,
                () -> admin.listOffsets(Map.of(new TopicPartition("orders", 2), OffsetQuery.LATEST)));
    }

    @Test
    void anOpenTransactionHoldsTheStableOffsetAndNotTheLatest() {
        produce(1_000);
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        TransactionalAppender.Target target = appender.target("orders", 0);
        appender.begin();
        appender.append(target, null, new byte[10_000]);
        appender.append(target, null, new byte[10_000]);
        assertEquals(1, ask(OffsetQuery.STABLE).offset());
        assertEquals(2, ask(OffsetQuery.LATEST).offset());
        appender.abort();
        assertEquals(3, ask(OffsetQuery.STABLE).offset());
    }

    /** Row 26: markers and aborted records stand behind the last committed offset and are nobody's to read. */
    @Test
    void lagReachesZeroOnATransactionalTopic() {
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        TransactionalAppender.Target target = appender.target("orders", 0);
        for (int number = 0; number < 3; number++) {
            appender.begin();
            appender.append(target, null, Records.bytes("a"));
            appender.append(target, null, Records.bytes("b"));
            appender.commit();
        }
        appender.begin();
        appender.append(target, null, new byte[10_000]);
        appender.append(target, null, new byte[10_000]);
        appender.abort();

        assertEquals(Map.of(), admin.groupLag("g"));
        // Offsets: a b | a b | a b | x | with a marker at each line.
        assertEquals(6, lagAt(0).records());
        assertEquals(5, lagAt(1).records());
        assertEquals(4, lagAt(2).records());
        assertEquals(1, lagAt(7).records());
        assertEquals(new GroupLag(new OffsetAndMetadata(8), 11, 0, false), lagAt(8));
        assertEquals(0, lagAt(11).records());
    }

    private GroupLag lagAt(long committed) {
        admin.resetGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(committed)));
        return admin.groupLag("g").get(ORDERS);
    }

    @Test
    void lagTellsOfPendingOffsetsAndOfTopicsThatAreGone() {
        produce(1_000, 2_000);
        assertEquals(2, lagAt(0).records());
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        appender.begin();
        appender.commitOffset("g", "orders", 0, 2);
        assertEquals(new GroupLag(new OffsetAndMetadata(0), 2, 2, true), admin.groupLag("g").get(ORDERS));
        appender.commit();
        assertEquals(new GroupLag(new OffsetAndMetadata(2), 2, 0, false), admin.groupLag("g").get(ORDERS));
        admin.deleteTopic("orders");
        assertEquals(GroupLag.UNKNOWN, admin.groupLag("g").get(ORDERS).records());
    }

    /** A consumer does not go on there either. */
    @Test
    void anOffsetOfADeletedTopicIsNotItsSuccessors() {
        admin.resetGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(100)));
        admin.deleteTopic("orders");
        assertEquals(GroupLag.UNKNOWN, admin.groupLag("g").get(ORDERS).records());
        admin.createTopic("orders", 1);
        assertEquals(Map.of(), admin.groupOffsets("g"));
        assertEquals(Map.of(), admin.groupLag("g"));
    }

    @Test
    void anOffsetOfAPartitionThatIsNotThereIsRefused() {
        for (int partition : new int[] {-1, 2}) {
            Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(new TopicPartition("orders", partition),
                    new OffsetAndMetadata(5));
            assertThrows(UnknownTopicOrPartitionException.class, () -> admin.resetGroupOffsets("g", offsets));
        }
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.resetGroupOffsets("g", Map.of(
                new TopicPartition("missing", 0), new OffsetAndMetadata(5))));
    }

    @Test
    void singleOffsetsOfAGroupAreDeleted() {
        TopicPartition other = new TopicPartition("orders", 1);
        admin.resetGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(1), other, new OffsetAndMetadata(2)));
        admin.deleteGroupOffsets("g", Set.of(ORDERS, new TopicPartition("never", 0)));
        assertEquals(Map.of(other, new OffsetAndMetadata(2)), admin.groupOffsets("g"));
        assertThrows(GroupIdNotFoundException.class, () -> admin.deleteGroupOffsets("nobody", Set.of(ORDERS)));
    }

    private Map<String, ConfigEntry> configs(String topic) {
        return admin.describeConfigs(topic).stream().collect(Collectors.toMap(ConfigEntry::name, entry -> entry,
                (one, other) -> one, LinkedHashMap::new));
    }

    @Test
    void everyConfigurationIsToldWithItsValueAndWhereThatComesFrom() {
        admin.createTopic("plain", 1);
        Map<String, ConfigEntry> plain = configs("plain");
        assertEquals(13, plain.size());
        assertEquals(new ConfigEntry("segment.bytes", "134217728", "134217728", "134217728", ConfigSource.DEFAULT),
                plain.get("segment.bytes"));
        assertEquals(new ConfigEntry("semel.durability", "power", "power", "power", ConfigSource.DIRECTORY),
                plain.get("semel.durability"));
        Map<String, ConfigEntry> orders = configs("orders");
        assertEquals(new ConfigEntry("segment.bytes", "65536", "65536", "134217728", ConfigSource.TOPIC),
                orders.get("segment.bytes"));
        assertEquals(new ConfigEntry("semel.durability", "process", "process", "power", ConfigSource.TOPIC),
                orders.get("semel.durability"));
        assertEquals("compact", configs("__consumer_offsets").get("cleanup.policy").value());
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.describeConfigs("nothing"));
    }

    /** What is told can be given back: the values are those that a topic is made with. */
    @Test
    void aTopicMadeOfWhatIsToldIsConfiguredAlike() {
        Map<String, String> told = admin.describeConfigs("orders").stream()
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
        admin.createTopic("twin", 1, told);
        assertEquals(told, admin.describeConfigs("twin").stream()
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)));
    }

    @Test
    void whatHoldsOnlyFromTheNextOpeningOnIsToldApart() throws IOException {
        admin.configureTopic("orders", Map.of("segment.bytes", "131072", "retention.ms", "5000"));
        assertEquals(List.of("131072", "65536"), List.of(configs("orders").get("segment.bytes").value(), configs(
                "orders").get("segment.bytes").inForce()));
        assertEquals("5000", configs("orders").get("retention.ms").inForce());
        semel.close();
        semel = Semel.open(directory, Durability.POWER);
        admin = semel.admin();
        assertEquals("131072", configs("orders").get("segment.bytes").inForce());
    }

    @Test
    void theLogDirectoryTellsItsRoomAndTheSizeOfEachPartition() {
        produce(1_000);
        LogDirectory found = admin.describeLogDirectories().get(0);
        assertEquals(directory.toAbsolutePath().toString(), found.path());
        assertTrue(found.totalBytes() >= found.usableBytes() && found.usableBytes() > 0, found::toString);
        assertTrue(found.partitionBytes().get(ORDERS) >= 68, found::toString);
        assertEquals(0, found.partitionBytes().get(new TopicPartition("orders", 1)));
        assertTrue(found.partitionBytes().containsKey(new TopicPartition("__consumer_offsets", 0)), found::toString);
    }
}
