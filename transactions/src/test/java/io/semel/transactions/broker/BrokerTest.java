package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.CorruptLogException;
import io.semel.log.IncompatibleDirectoryException;
import io.semel.log.memory.DirectoryInUseException;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BrokerTest {
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

    private void commit(String topic, String value) {
        Instance instance = Instance.open(rig, "t").begin().put(topic, value);
        assertEquals(Progress.DONE, instance.commit());
    }

    @Test
    void topicsAndTheirConfigurationsSurvive() throws IOException {
        Topic created = rig.broker().createTopic("orders", 3, BrokerRig.SMALL);
        rig.crash();
        Topic found = rig.broker().topic("orders");
        assertEquals(created.id(), found.id());
        assertEquals(BrokerRig.SMALL, found.configs());
        assertEquals(3, found.partitions().size());
        assertEquals(65536, found.partitions().get(2).log().config().segmentBytes());
    }

    @Test
    void deletedTopicIsGoneForGoodAndItsSuccessorIsEmpty() throws IOException {
        rig.topics("orders");
        commit("orders", "old");
        UUID before = rig.broker().topic("orders").id();
        rig.broker().deleteTopic("orders");
        assertFalse(rig.broker().hasTopic("orders"));
        assertFalse(Files.exists(rig.directory().resolve("orders-0")));
        rig.crash();
        assertFalse(rig.broker().hasTopic("orders"));
        rig.topics("orders");
        assertNotEquals(before, rig.broker().topic("orders").id());
        assertEquals(List.of(), rig.committed("orders"));
        commit("orders", "new");
        rig.crash();
        assertEquals(List.of("new"), rig.committed("orders"));
    }

    @Test
    void deletionThatStoppedHalfWayIsFinishedAtTheNextStart() throws IOException {
        rig.topics("orders");
        commit("orders", "old");
        rig.disk.refuseDeletion(".log");
        assertThrows(IOException.class, () -> rig.broker().deleteTopic("orders"));
        assertFalse(rig.broker().hasTopic("orders"));
        assertTrue(Files.exists(rig.directory().resolve("orders-0").resolve("partition.metadata")));
        rig.disk.heal();
        rig.crash();
        assertFalse(Files.exists(rig.directory().resolve("orders-0")));
    }

    @Test
    void deletionThatStoppedHalfWayLeavesNothingToASuccessor() throws IOException {
        rig.topics("orders");
        commit("orders", "old");
        rig.disk.refuseDeletion(".log");
        assertThrows(IOException.class, () -> rig.broker().deleteTopic("orders"));
        rig.disk.heal();
        rig.topics("orders");
        assertEquals(0, rig.broker().partition("orders", 0).readableOffset());
        rig.crash();
        assertEquals(0, rig.broker().partition("orders", 0).readableOffset());
    }

    @Test
    void damagedLabelIsRefusedAndTheRecordsBehindItAreKept() throws IOException {
        rig.topics("orders");
        commit("orders", "kept");
        Path label = rig.directory().resolve("orders-0").resolve("partition.metadata");
        String right = Files.readString(label);
        Files.writeString(label, right.replace("topic_id: ", "topic_id: f"));
        IOException refused = assertThrows(IncompatibleDirectoryException.class, rig::restart);
        assertTrue(refused.getMessage().contains("orders-0"), refused.getMessage());
        Files.writeString(label, right);
        rig.restart();
        assertEquals(List.of("kept"), rig.committed("orders"));
    }

    /** The first record that names it, and every one behind that, is cut as a torn tail when the log opens. */
    private void damageMetadata(String topic) throws IOException {
        Path log = rig.directory().resolve(TopicName.METADATA + "-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(topic);
        assertTrue(at > 0);
        bytes[at] ^= 1;
        Files.write(log, bytes);
        // Else the damage is known for what it is, and nothing opens.
        Files.deleteIfExists(log.resolveSibling("checkpoint-a"));
        Files.deleteIfExists(log.resolveSibling("checkpoint-b"));
    }

    private byte[] logOf(String topic) throws IOException {
        return Files.readAllBytes(rig.directory().resolve(topic + "-0").resolve("00000000000000000000.log"));
    }

    @Test
    void metadataDamagedBelowItsCheckpointOpensNothing() throws IOException {
        rig.topics("orders");
        rig.close();
        Path log = rig.directory().resolve(TopicName.METADATA + "-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length - 1] ^= 1;
        Files.write(log, bytes);
        assertThrows(CorruptLogException.class, rig::restart);
        assertArrayEquals(bytes, Files.readAllBytes(log));
    }

    @Test
    void damagedMetadataDoesNotTakeTheJournalsWithIt() throws IOException {
        rig.topics("orders");
        commit("orders", "kept");
        rig.close();
        damageMetadata(Broker.TRANSACTIONS_TOPIC);
        byte[] journal = logOf(Broker.TRANSACTIONS_TOPIC);
        byte[] orders = logOf("orders");
        IOException refused = assertThrows(IncompatibleDirectoryException.class, rig::restart);
        assertTrue(refused.getMessage().contains(Broker.TRANSACTIONS_TOPIC + "-0"), refused.getMessage());
        assertTrue(refused.getMessage().contains(TopicName.METADATA + "-0"), refused.getMessage());
        assertArrayEquals(journal, logOf(Broker.TRANSACTIONS_TOPIC));
        assertArrayEquals(orders, logOf("orders"));
    }

    @Test
    void topicThatTheMetadataLostIsNotMadeAnewOverItsRecords() throws IOException {
        rig.topics("orders");
        commit("orders", "kept");
        rig.close();
        damageMetadata("orders");
        byte[] orders = logOf("orders");
        rig.restart();
        assertFalse(rig.broker().hasTopic("orders"));
        IOException refused = assertThrows(IncompatibleDirectoryException.class, () -> rig.topics("orders"));
        assertTrue(refused.getMessage().contains("orders-0"), refused.getMessage());
        assertFalse(rig.broker().hasTopic("orders"));
        assertArrayEquals(orders, logOf("orders"));
        Files.move(rig.directory().resolve("orders-0"), root.resolve("given up"));
        rig.topics("orders");
        assertEquals(List.of(), rig.committed("orders"));
    }

    @Test
    void directoryOfATopicThatNeverGotARecordIsNotInTheWay() throws IOException {
        rig.topics("orders");
        rig.close();
        damageMetadata("orders");
        rig.restart();
        assertFalse(rig.broker().hasTopic("orders"));
        rig.topics("orders");
        assertEquals(List.of(), rig.committed("orders"));
    }

    @Test
    void creationAndDeletionAreOnTheMediumWhenTheyReturn() throws IOException {
        rig.topics("before");
        long before = rig.disk.forcesOf(TopicName.METADATA);
        rig.topics("orders");
        assertEquals(before + 1, rig.disk.forcesOf(TopicName.METADATA));
        rig.broker().deleteTopic("orders");
        assertEquals(before + 2, rig.disk.forcesOf(TopicName.METADATA));
    }

    @Test
    void directoryThatCanNotBeMadeMakesNoTopic() throws IOException {
        rig.disk.fill("orders-1");
        IOException failure = assertThrows(IOException.class,
                () -> rig.broker().createTopic("orders", 2, BrokerRig.SMALL));
        assertTrue(failure.getMessage().contains("orders-1"), failure.getMessage());
        assertFalse(rig.broker().hasTopic("orders"));
        rig.crash();
        assertFalse(rig.broker().hasTopic("orders"));
        rig.disk.heal();
        rig.broker().createTopic("orders", 2, BrokerRig.SMALL);
        commit("orders", "x");
        rig.crash();
        assertEquals(List.of("x"), rig.committed("orders"));
    }

    @Test
    void recordThatCanNotBeWrittenMakesNoTopic() throws IOException {
        rig.disk.fill(TopicName.METADATA);
        int made = 0;
        try {
            while (made < 1000) {
                rig.broker().createTopic("topic" + made, 1, Map.of(TopicConfig.SEGMENT_BYTES, " ".repeat(8000)
                        + 65536));
                made++;
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("disk full"), e.getMessage());
        }
        assertTrue(made < 1000);
        assertFalse(rig.broker().hasTopic("topic" + made));
        assertFalse(Files.exists(rig.directory().resolve("topic" + made + "-0")));
        rig.disk.heal();
        rig.crash();
        assertEquals(made + 2, rig.broker().topics().size());
    }

    @Test
    void failedOpeningGivesTheLockBack() throws IOException {
        rig.topics("orders");
        Path directory = rig.directory();
        rig.close();
        Path log = directory.resolve(Broker.OFFSETS_TOPIC + "-0");
        Path aside = root.resolve("aside");
        Files.move(log, aside);
        Files.writeString(log, "in the way");
        BrokerContext context = new BrokerContext(rig.disk, rig.clock, UUID::randomUUID);
        assertThrows(IOException.class, () -> Broker.open(directory, context));
        Files.delete(log);
        Files.move(aside, log);
        rig.restart();
        assertTrue(rig.broker().hasTopic("orders"));
    }

    @Test
    void secondOpenerIsRefusedAndHarmsNothing() throws IOException {
        rig.topics("orders");
        BrokerContext context = new BrokerContext(rig.disk, rig.clock, UUID::randomUUID);
        assertThrows(DirectoryInUseException.class, () -> Broker.open(rig.directory(), context));
        commit("orders", "x");
        assertEquals(List.of("x"), rig.committed("orders"));
    }

    @Test
    void openingOnAFullDiskSaysSoAndLosesNothing() throws IOException {
        rig.broker().createTopic("orders", 1, Map.of());
        Instance instance = Instance.open(rig, "t").begin();
        // Exactly as many as fit: what comes next is the marker, and that doesn't.
        rig.disk.fill("orders-0");
        int length = 512;
        while (length >= 0) {
            length = instance.append("orders", 0, "y".repeat(length)) >= 0 ? length : length - 1;
        }
        Path open = rig.photograph("open");
        rig.disk.fill(Path.of("orders-0", "0").toString());
        IOException failure = assertThrows(IOException.class, () -> rig.crashTo(open));
        assertTrue(failure.getMessage().contains("disk full"), failure.getMessage());
        rig.disk.heal();
        rig.restart();
        assertTrue(rig.nothingIsOpen());
        assertEquals(List.of(), rig.committed("orders"));
    }

    @Test
    void internalTopicsAreTheseThreeAndStay() throws IOException {
        assertThrows(InvalidTopicException.class, () -> rig.broker().deleteTopic(Broker.OFFSETS_TOPIC));
        assertThrows(InvalidTopicException.class, () -> rig.broker().deleteTopic(Broker.TRANSACTIONS_TOPIC));
        assertThrows(InvalidTopicException.class, () -> rig.broker().createTopic(TopicName.METADATA, 1, Map.of()));
        assertThrows(TopicExistsException.class, () -> rig.broker().createTopic(Broker.OFFSETS_TOPIC, 1, Map.of()));
        rig.topics("__mine");
        assertFalse(rig.broker().topic("__mine").isInternal());
        rig.broker().deleteTopic("__mine");
    }

    @Test
    void namesCountsAndConfigurationsAreCheckedBeforeAnythingIsMade() {
        Broker broker = rig.broker();
        for (String name : List.of("", ".", "..", "a/b", "a b", "\u00e4", "x".repeat(250))) {
            assertThrows(InvalidTopicException.class, () -> broker.createTopic(name, 1, Map.of()), name);
        }
        assertThrows(InvalidTopicException.class, () -> broker.createTopic("a", 0, Map.of()));
        assertThrows(InvalidTopicException.class, () -> broker.createTopic("a", Broker.MAX_PARTITIONS - 1, Map.of()));
        assertThrows(InvalidTopicException.class, () -> broker.createTopic("a", 1, Map.of("flush.ms", "1")));
        assertThrows(InvalidTopicException.class, () -> broker.createTopic("a", 1, Map.of("segment.bytes", "x")));
        assertThrows(InvalidTopicException.class, () -> broker.createTopic("a", 1, Map.of("segment.bytes", "1")));
        assertEquals(2, broker.topics().size());
    }

    @Test
    void cleanCloseLeavesNothingToMend() throws IOException {
        rig.topics("orders");
        commit("orders", "x");
        rig.restart();
        assertEquals(new RecoveryReport(0, 0, 0), rig.broker().recovery());
        Partition journal = rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0);
        assertEquals(3, journal.readableOffset());
        assertEquals(List.of("x"), rig.committed("orders"));
    }
}
