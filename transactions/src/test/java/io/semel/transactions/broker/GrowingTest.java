package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A topic is given more partitions. */
class GrowingTest {
    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root);
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    @Test
    void whatATopicHasStaysAndTheNewPartitionsSurvive() throws IOException {
        rig.topics("orders");
        Instance.open(rig, "t").begin().put("orders", "x").commit();
        Topic before = rig.broker().topic("orders");
        Partition first = before.partition(0);
        Topic grown = rig.broker().addPartitions("orders", 3);
        assertSame(grown, rig.broker().topic("orders"));
        assertSame(grown, rig.broker().findTopic(before.id()).orElseThrow());
        assertSame(first, grown.partition(0));
        assertEquals(before.configs(), grown.configs());
        rig.crash();
        assertEquals(3, rig.broker().topic("orders").partitions().size());
        assertEquals(before.id(), rig.broker().topic("orders").id());
        assertEquals(List.of("x"), rig.committed("orders"));
    }

    @Test
    void aTopicGrowsAgainAndIsConfiguredInBetween() throws IOException {
        rig.topics("orders");
        rig.broker().addPartitions("orders", 2);
        rig.broker().configureTopic("orders", Map.of(TopicConfig.SEGMENT_BYTES, "65536", TopicConfig.RETENTION_MS,
                "1"));
        rig.broker().addPartitions("orders", 4);
        rig.restart();
        assertEquals(4, rig.broker().topic("orders").partitionCount());
        assertEquals("1", rig.broker().topic("orders").configs().get(TopicConfig.RETENTION_MS));
    }

    @Test
    void aCountThatIsNotMoreIsRefused() throws IOException {
        rig.topics("orders");
        rig.broker().addPartitions("orders", 2);
        for (int count : new int[] {-1, 0, 1, 2, Broker.MAX_PARTITIONS}) {
            InvalidTopicException refused = assertThrows(InvalidTopicException.class, () -> rig.broker().addPartitions(
                    "orders", count));
            assertEquals(InvalidTopicException.What.PARTITIONS, refused.what());
            assertTrue(refused.getMessage().contains("allowed=3.."), refused.getMessage());
        }
        assertThrows(UnknownTopicException.class, () -> rig.broker().addPartitions("nothing", 2));
        assertEquals(InvalidTopicException.What.INTERNAL, assertThrows(InvalidTopicException.class, () -> rig.broker()
                .addPartitions(Broker.OFFSETS_TOPIC, 2)).what());
    }

    @Test
    void aDirectoryThatCanNotBeMadeAddsNothing() throws IOException {
        rig.topics("orders");
        rig.disk.fill("orders-2");
        assertThrows(IOException.class, () -> rig.broker().addPartitions("orders", 3));
        assertEquals(1, rig.broker().topic("orders").partitionCount());
        rig.crash();
        assertEquals(1, rig.broker().topic("orders").partitionCount());
        rig.disk.heal();
        assertEquals(3, rig.broker().addPartitions("orders", 3).partitions().size());
    }

    @Test
    void aRecordThatCanNotBeForcedLeavesNoDirectories() throws IOException {
        rig.topics("orders");
        rig.disk.refuseForces(TopicName.METADATA);
        assertThrows(IOException.class, () -> rig.broker().addPartitions("orders", 2));
        assertEquals(1, rig.broker().topic("orders").partitionCount());
        assertFalse(Files.exists(rig.directory().resolve("orders-1")));
        rig.disk.heal();
        rig.crash();
        // The record may have reached the file: the new count, or the old one.
        int count = rig.broker().topic("orders").partitionCount();
        assertEquals(count, rig.broker().topic("orders").partitions().size());
    }

    @Test
    void aGrownTopicIsDeletedWhole() throws IOException {
        rig.topics("orders");
        rig.broker().addPartitions("orders", 3);
        rig.broker().deleteTopic("orders");
        rig.topics("orders");
        assertEquals(1, rig.broker().topic("orders").partitionCount());
        assertFalse(Files.exists(rig.directory().resolve("orders-2")));
        rig.crash();
        assertEquals(1, rig.broker().topic("orders").partitionCount());
    }
}
