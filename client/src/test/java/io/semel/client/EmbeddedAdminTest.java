package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EmbeddedAdminTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 1);

    @TempDir
    Path directory;
    private Semel semel;
    private SemelAdmin admin;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        admin = semel.admin();
        admin.createTopic("orders", 2);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    @Test
    void topicsAreMadeListedDescribedAndDeleted() {
        assertEquals(List.of("orders"), admin.listTopics());
        SemelAdmin.TopicDescription orders = admin.describeTopic("orders");
        assertEquals(2, orders.partitions().size());
        assertFalse(orders.internal());
        assertTrue(admin.describeTopic("__consumer_offsets").internal());
        admin.deleteTopic("orders");
        assertFalse(admin.hasTopic("orders"));
        assertEquals(List.of(), admin.listTopics());
    }

    @Test
    void descriptionTellsWhatIsStableAndWhatIsOpen() {
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        appender.begin();
        appender.append(appender.target("orders", 0), null, Records.bytes("x"));
        appender.commit();
        appender.begin();
        // Large enough that its batch leaves the appender before the commit.
        for (int number = 0; number < 3; number++) {
            appender.append(appender.target("orders", 0), null, new byte[10_000]);
        }
        SemelAdmin.PartitionDescription partition = admin.describeTopic("orders").partitions().get(0);
        assertEquals(0, partition.start());
        assertEquals(2, partition.stable());
        assertTrue(partition.end() > partition.stable());
        assertTrue(partition.sizeInBytes() > 10_000);
    }

    @Test
    void mistakesAreKafkasExceptions() {
        assertThrows(TopicExistsException.class, () -> admin.createTopic("orders", 1));
        assertThrows(InvalidTopicException.class, () -> admin.createTopic("or/ders", 1));
        assertThrows(InvalidTopicException.class, () -> admin.createTopic("many", 10_001));
        assertThrows(InvalidTopicException.class, () -> admin.createTopic("a", 1, Map.of("flush.ms", "1")));
        assertThrows(InvalidTopicException.class, () -> admin.deleteTopic("__consumer_offsets"));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.deleteTopic("nothing"));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.describeTopic("nothing"));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.resetGroupOffsets("g",
                Map.of(new TopicPartition("nothing", 0), new OffsetAndMetadata(1))));
        assertThrows(GroupIdNotFoundException.class, () -> admin.describeGroup("nobody"));
        assertThrows(GroupIdNotFoundException.class, () -> admin.deleteGroup("nobody"));
    }

    @Test
    void groupOffsetsAreSetReadAndDeletedAcrossReopening() throws IOException {
        admin.resetGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(7, "note")));
        assertEquals(Map.of(ORDERS, new OffsetAndMetadata(7, "note")), admin.groupOffsets("g"));
        assertEquals("Empty", admin.describeGroup("g").state());
        semel.close();
        semel = Semel.open(directory);
        admin = semel.admin();
        assertEquals(Map.of(ORDERS, new OffsetAndMetadata(7, "note")), admin.groupOffsets("g"));
        admin.resetGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(3)));
        assertEquals(3, admin.groupOffsets("g").get(ORDERS).offset());
        assertEquals(List.of("g"), admin.listGroups().stream().map(SemelAdmin.GroupSummary::group).toList());
        admin.deleteGroup("g");
        assertEquals(Map.of(), admin.groupOffsets("g"));
        assertEquals(List.of(), admin.listGroups());
    }

    @Test
    void deletedRecordsAreNotServedAndThePartitionBeginsBehindThem() {
        Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
        for (int number = 0; number < 5; number++) {
            appender.append(null, Records.bytes("v" + number));
            appender.flush();
        }
        assertEquals(3, admin.deleteRecords("orders", 0, 3));
        assertEquals(3, admin.deleteRecords("orders", 0, 1));
        assertEquals(3, admin.describeTopic("orders").partitions().get(0).start());
        assertEquals(0, admin.describeTopic("orders").partitions().get(1).start());
        assertThrows(OffsetOutOfRangeException.class, () -> admin.deleteRecords("orders", 0, 6));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.deleteRecords("orders", 2, 0));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.deleteRecords("nothing", 0, 0));
        assertThrows(InvalidTopicException.class, () -> admin.deleteRecords("__consumer_offsets", 0, 0));
        assertEquals(5, admin.deleteRecords("orders", 0, SemelAdmin.TO_THE_END));
    }

    @Test
    void aConfigurationIsChangedAsAWhole() throws IOException {
        admin.createTopic("kept", 1, Map.of("retention.ms", "5", "segment.bytes", "65536"));
        admin.configureTopic("kept", Map.of("retention.bytes", "7"));
        assertEquals(Map.of("retention.bytes", "7"), admin.describeTopic("kept").configs());
        assertThrows(InvalidTopicException.class, () -> admin.configureTopic("kept", Map.of("retention.ms", "-2")));
        assertThrows(InvalidTopicException.class, () -> admin.configureTopic("__consumer_offsets", Map.of()));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.configureTopic("nothing", Map.of()));
        semel.close();
        semel = Semel.open(directory);
        admin = semel.admin();
        assertEquals(Map.of("retention.bytes", "7"), admin.describeTopic("kept").configs());
    }

    @Test
    void closedDirectoryAnswersNothing() throws IOException {
        semel.close();
        assertThrows(IllegalStateException.class, admin::listTopics);
        assertThrows(IllegalStateException.class, () -> admin.createTopic("x", 1));
    }
}
