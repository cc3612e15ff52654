package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.semel.log.IncompatibleDirectoryException;
import io.semel.log.memory.Limits;
import io.semel.log.memory.OpenRefusedException;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.PartitionId;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A partition whose files are damaged by hand, or whose disk fails, takes itself out of service, and nothing else. */
@Timeout(60)
class OfflinePartitionTest {
    private static final PartitionId A = new PartitionId("a", 0);

    @TempDir
    Path root;
    private BrokerRig rig;
    /** What stood in the segment of a-0 before it was damaged. */
    private byte[] whole;

    /** A checkpoint covers what stands in each: that some of it is missing later is no torn tail. */
    @BeforeEach
    void writeAndClose() throws IOException {
        rig = new BrokerRig(root).topics("a", "b");
        Instance.open(rig, "t").begin().put("a", "a1").put("b", "b1").commit();
        rig.restart();
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Path segmentOfA() {
        return rig.directory().resolve("a-0").resolve("00000000000000000000.log");
    }

    private void openDamaged(Path photograph) throws IOException {
        Path segment = photograph.resolve("a-0").resolve("00000000000000000000.log");
        whole = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(whole, 40));
        rig.crashTo(photograph);
    }

    private void openMended() throws IOException {
        Files.write(segmentOfA(), whole);
        rig.restart();
    }

    @Test
    void theDirectoryOpensWithoutItAndSaysWhy() throws IOException {
        openDamaged(rig.photograph("damaged"));
        PartitionOfflineException refused = assertThrows(PartitionOfflineException.class,
                () -> rig.broker().partition("a", 0));
        for (String part : List.of("a-0", "00000000000000000000.log", "position", "offset", "backup")) {
            assertTrue(refused.getMessage().contains(part), refused::getMessage);
        }
        assertNull(rig.broker().findPartition(A));
        assertEquals(1, rig.broker().topic("a").partitionCount());
        assertEquals(List.of(A), rig.broker().recovery().offline().stream().map(OfflinePartition::id).toList());
        assertEquals(List.of("b1"), rig.committed("b"));
        Instance.open(rig, "t").begin().put("b", "b2").commit();
        assertEquals(List.of("b1", "b2"), rig.committed("b"));
    }

    @Test
    void itsFilesStayAsTheyAreAndMendedItIsBackWithAllOfIt() throws IOException {
        openDamaged(rig.photograph("damaged"));
        rig.pass(100_000);
        rig.broker().clean();
        rig.restart();
        assertEquals(1, rig.broker().recovery().offline().size());
        assertEquals(40, Files.size(segmentOfA()));
        openMended();
        assertEquals(List.of(), rig.broker().recovery().offline());
        assertEquals(List.of("a1"), rig.committed("a"));
    }

    /** Commits over both, in a moment in which a-0 takes no marker, and is killed. */
    private Path decidedWithoutMarkerInA() {
        Instance instance = Instance.open(rig, "t").begin().put("a", "a2").put("b", "b2");
        AtomicReference<Runnable> letIn = new AtomicReference<>();
        // The first look is the journal's, when everything is decided already.
        rig.clock.atNextLook(() -> letIn.set(rig.barMarkers(instance.session.producerId(), List.of("a"))));
        assertEquals(Progress.PENDING, instance.commit());
        Path photograph = rig.photograph("decided");
        letIn.get().run();
        return photograph;
    }

    /** T8, T1: the other partitions' markers are in place at once, and this one's is not lost. */
    @Test
    void itsMarkerWaitsForTheOpeningThatBringsItBack() throws IOException {
        openDamaged(decidedWithoutMarkerInA());
        assertEquals(1, rig.broker().recovery().waitingTransactions());
        assertEquals(List.of("b1", "b2"), rig.committed("b"));
        rig.pass(100_000);
        rig.restart();
        assertEquals(1, rig.broker().recovery().waitingTransactions());
        openMended();
        assertEquals(0, rig.broker().recovery().waitingTransactions());
        assertEquals(1, rig.broker().recovery().decidedTransactions());
        assertEquals(List.of("a1", "a2"), rig.committed("a"));
        assertTrue(rig.nothingIsOpen());
        Instance.open(rig, "t").begin().put("a", "a3").commit();
        assertEquals(List.of("a1", "a2", "a3"), rig.committed("a"));
    }

    /**
     * T1: a later record of the id would take the decision's place in the journal, and with it the marker that is
     * missing.
     */
    @Test
    void untilThenNobodyTakesTheTransactionalIdOverAndOthersWork() throws IOException {
        openDamaged(decidedWithoutMarkerInA());
        Initialization initialization = Instance.initialize(rig, "t");
        assertEquals(Progress.UNAVAILABLE, initialization.step());
        assertEquals("a-0", initialization.awaitedOffline());
        Instance.open(rig, "other").begin().put("b", "b3").commit();
        assertEquals(List.of("b1", "b2", "b3"), rig.committed("b"));
        openMended();
        assertEquals(List.of("a1", "a2"), rig.committed("a"));
    }

    @Test
    void whatWasUndecidedInItIsAbortedWhenItIsBack() throws IOException {
        Instance.open(rig, "t").begin().put("a", "a2").put("b", "b2");
        openDamaged(rig.photograph("undecided"));
        assertEquals(1, rig.broker().recovery().abortedBranches());
        Instance.open(rig, "t").begin().put("b", "b3").commit();
        openMended();
        assertEquals(1, rig.broker().recovery().abortedBranches());
        assertEquals(List.of("a1"), rig.committed("a"));
        assertEquals(List.of("a1", "a2"), rig.read("a", Isolation.READ_UNCOMMITTED));
        assertEquals(List.of("b1", "b3"), rig.committed("b"));
    }

    @Test
    void itsTopicCanBeDeletedAndNobodyWaitsForItsMarkerThen() throws IOException {
        openDamaged(decidedWithoutMarkerInA());
        rig.broker().deleteTopic("a");
        assertFalse(Files.exists(rig.directory().resolve("a-0")));
        Instance.open(rig, "t").begin().put("b", "b3").commit();
        assertEquals(List.of("b1", "b2", "b3"), rig.committed("b"));
        rig.topics("a");
        Instance.open(rig, "t").begin().put("a", "anew").commit();
        rig.restart();
        assertEquals(List.of("anew"), rig.committed("a"));
        assertEquals(List.of(), rig.broker().recovery().offline());
    }

    @Test
    void theOthersOfItsTopicKeepTheirNumbersAndCanBeConfigured() throws IOException {
        rig.broker().createTopic("c", 3, BrokerRig.SMALL);
        Instance.open(rig, "t").begin().commit();
        rig.restart();
        Path photograph = rig.photograph("damaged");
        Files.createFile(photograph.resolve("c-1").resolve("not-a-segment.log"));
        rig.crashTo(photograph);
        Topic topic = rig.broker().topic("c");
        assertEquals(3, topic.partitionCount());
        assertEquals(List.of(0, 2), topic.partitions().stream().map(each -> each.id().partition()).toList());
        assertEquals(2, rig.broker().partition("c", 2).id().partition());
        assertThrows(PartitionOfflineException.class, () -> rig.broker().partition("c", 1));
        assertThrows(UnknownTopicException.class, () -> rig.broker().partition("c", 3));
        rig.broker().configureTopic("c", Map.of(TopicConfig.RETENTION_MS, "1000"));
        assertTrue(rig.broker().topic("c").isOffline(1));
        Files.delete(rig.directory().resolve("c-1").resolve("not-a-segment.log"));
        rig.restart();
        assertEquals(3, rig.broker().topic("c").partitions().size());
    }

    private static IOException inputOutputError() {
        return new IOException("Input/output error (made up)");
    }

    /** Whatever of it can't be read: its label, its directory, a checkpoint, a segment. */
    @ParameterizedTest
    @ValueSource(strings = {"/a-0", "/a-0/partition.metadata", "/a-0/checkpoint-a", "/a-0/leader-epoch-checkpoint",
        "/a-0/00000000000000000000.log"})
    void whereTheDiskFailsUnderItItAloneIsOfflineAndSaysWhy(String part) throws IOException {
        rig.close();
        rig.disk.fail(part, OfflinePartitionTest::inputOutputError);
        rig.restart();
        PartitionOfflineException refused = assertThrows(PartitionOfflineException.class,
                () -> rig.broker().partition("a", 0));
        for (String told : List.of("a-0", rig.directory().toString(), "Input/output error", "heck the disk",
                "open the directory again")) {
            assertTrue(refused.getMessage().contains(told), refused::getMessage);
        }
        Instance.open(rig, "t").begin().put("b", "b2").commit();
        assertEquals(List.of("b1", "b2"), rig.committed("b"));
        rig.disk.heal();
        rig.restart();
        assertEquals(List.of(), rig.broker().recovery().offline());
        assertEquals(List.of("a1"), rig.committed("a"));
    }

    private Path labelOfA() {
        return rig.directory().resolve("a-0").resolve("partition.metadata");
    }

    private void openWithUnreadableLabel() throws IOException {
        rig.close();
        rig.disk.fail("/a-0/partition.metadata", OfflinePartitionTest::inputOutputError);
        rig.restart();
    }

    private void assertDeletedWithoutItsDirectory(String why) throws IOException {
        byte[] before = Files.readAllBytes(segmentOfA());
        String said = assertThrows(IncompatibleDirectoryException.class, () -> rig.broker().deleteTopic("a"))
                .getMessage();
        for (String told : List.of("topic a is deleted", labelOfA().getParent().toString(), "left as it is", why)) {
            assertTrue(said.contains(told), said);
        }
        assertThrows(UnknownTopicException.class, () -> rig.broker().topic("a"));
        assertArrayEquals(before, Files.readAllBytes(segmentOfA()));
        assertEquals(List.of("b1"), rig.committed("b"));
    }

    @Test
    void whoseLabelCanBeReadAgainGoesWithItsTopic() throws IOException {
        openWithUnreadableLabel();
        rig.disk.heal();
        rig.broker().deleteTopic("a");
        assertFalse(Files.exists(labelOfA().getParent()));
    }

    @Test
    void whoseLabelCantBeReadStaysWhenItsTopicGoesUntilItCan() throws IOException {
        openWithUnreadableLabel();
        assertDeletedWithoutItsDirectory("Input/output error");
        rig.restart();
        assertTrue(Files.exists(segmentOfA()));
        rig.disk.heal();
        rig.restart();
        assertFalse(Files.exists(labelOfA().getParent()));
    }

    /** Somebody moved directories while the disk failed: the records are another topic's, or nobody knows whose. */
    @ParameterizedTest
    @ValueSource(strings = {"another's", "missing"})
    void whatIsNotLabelledAsItsTopicsStaysWhenThatGoes(String label) throws IOException {
        openWithUnreadableLabel();
        rig.disk.heal();
        Files.delete(labelOfA());
        if (label.equals("another's")) {
            Files.copy(rig.directory().resolve("b-0").resolve("partition.metadata"), labelOfA());
        }
        assertDeletedWithoutItsDirectory("belongs to another topic");
        rig.restart();
        assertTrue(Files.exists(segmentOfA()));
    }

    @Test
    void whatIsGoneIsNotMissedWhenItsTopicGoes() throws IOException {
        openWithUnreadableLabel();
        rig.disk.delete(labelOfA().getParent());
        rig.broker().deleteTopic("a");
        assertThrows(UnknownTopicException.class, () -> rig.broker().topic("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"__semel_metadata", "__transaction_state", "__consumer_offsets"})
    void whereItFailsUnderATopicOfTheBrokersOwnNothingOpens(String topic) throws IOException {
        rig.close();
        rig.disk.fail(topic, OfflinePartitionTest::inputOutputError);
        IOException refused = assertThrows(IOException.class, rig::restart);
        assertTrue(refused.getMessage().contains("Input/output error"), refused::getMessage);
        rig.disk.heal();
        rig.restart();
        assertEquals(List.of("a1"), rig.committed("a"));
    }

    /**
     * Which partitions it strikes is chance, and it passes: half of a directory until the next opening would help
     * nobody.
     */
    @Test
    void aProcessOutOfDescriptorsOpensNothingAndLosesNothing() throws IOException {
        rig.close();
        BrokerContext context = new BrokerContext(rig.disk, rig.clock, UUID::randomUUID).withLimits(Limits.DEFAULT
                .withOpenFiles(3));
        String said = assertThrows(OpenRefusedException.class, () -> Broker.open(rig.directory(), context))
                .getMessage();
        assertTrue(said.contains("Limits.openFiles") && said.contains("ulimit -n"), said);
        rig.restart();
        assertEquals(List.of("a1"), rig.committed("a"));
        assertEquals(List.of("b1"), rig.committed("b"));
    }

    /** L1: after a crash every partition has something to write, be it the first step of its recovery or the last. */
    @ParameterizedTest
    @ValueSource(strings = {"life-", "__semel_metadata", "__transaction_state", "__consumer_offsets", "/a-0",
        "/a-0/leader-epoch-checkpoint"})
    void aFullDiskOpensNothingSaysWhatIsMissingWhereAndLosesNothing(String part) throws IOException {
        Instance.open(rig, "t").begin().put("a", "a2").put("b", "b2").commit();
        Path killed = rig.photograph("killed");
        rig.disk.fill(part);
        String said = assertThrows(IOException.class, () -> rig.crashTo(killed)).getMessage();
        for (String told : List.of("disk full", part, "bytes", "left", "free some", "nothing that was acknowledged")) {
            assertTrue(said.contains(told), said);
        }
        rig.disk.heal();
        rig.restart();
        assertEquals(List.of("a1", "a2"), rig.committed("a"));
        assertEquals(List.of("b1", "b2"), rig.committed("b"));
        assertEquals(List.of(), rig.broker().recovery().offline());
    }
}
