package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** In POWER a decision waits for the medium, and a later one for the markers of the one before (T1). */
class PowerDecisionTest {
    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new BrokerRig(root, Durability.POWER).topics("a");
        rig.broker().createTopic("process", 1, Map.of(TopicConfig.DURABILITY, "process"));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private Log log(String topic) {
        return rig.broker().partition(topic, 0).log();
    }

    private Instance open(String transactionalId) {
        return Instance.open(rig, transactionalId);
    }

    @Test
    void nothingIsDecidedBeforeAllThatItDecidesIsOnTheMedium() {
        Instance instance = open("t");
        Log journal = log(Broker.TRANSACTIONS_TOPIC);
        long before = journal.claimedOffset();
        instance.begin().put("a", "x").put("process", "x");
        assertEquals(Progress.PENDING, instance.session.commit());
        assertEquals(before, journal.claimedOffset());
        log("a").tryForce();
        assertEquals(Progress.PENDING, instance.session.commit());
        assertEquals(before, journal.claimedOffset(), "a partition in PROCESS must be forced too");
        log("process").tryForce();
        assertEquals(Progress.PENDING, instance.session.commit());
        assertEquals(before + 1, journal.claimedOffset());
        assertEquals(1, log("a").claimedOffset(), "no marker before the decision is on the medium");
        journal.tryForce();
        assertEquals(Progress.DONE, instance.session.commit());
        assertEquals(2, log("a").claimedOffset());
    }

    @Test
    void theOwnerCanForceWhatItWaitsFor() {
        Instance instance = open("t");
        instance.begin().put("a", "x").put("process", "x");
        assertEquals(Progress.PENDING, instance.session.commit());
        instance.session.helpAcknowledge();
        assertEquals(Progress.PENDING, instance.session.commit());
        instance.session.helpAcknowledge();
        assertEquals(Progress.DONE, instance.session.commit());
    }

    @Test
    void theNextDecisionWaitsForTheMarkersOfTheOneBefore() {
        Instance instance = open("t");
        commit(instance.begin().put("a", "x"));
        Partition first = rig.broker().partition("a", 0);
        assertTrue(first.log().durableOffset() < first.log().frontierOffset(), "the marker is not forced yet");
        instance.begin().put("process", "y");
        log("process").tryForce();
        Log journal = log(Broker.TRANSACTIONS_TOPIC);
        long before = journal.claimedOffset();
        assertEquals(Progress.PENDING, instance.session.commit());
        assertEquals(before, journal.claimedOffset());
        first.log().tryForce();
        assertEquals(Progress.PENDING, instance.session.commit());
        assertEquals(before + 1, journal.claimedOffset());
    }

    @Test
    void neitherCompletionNorATakeOverForgetsADecisionWhoseMarkersAreNotOnTheMedium() {
        Instance instance = open("t");
        commit(instance.begin().put("a", "x"));
        Log journal = log(Broker.TRANSACTIONS_TOPIC);
        long before = journal.claimedOffset();
        assertEquals(0, rig.broker().transactions().journalCompletions());
        assertEquals(Progress.PENDING, Instance.initialize(rig, "t").step());
        assertEquals(before, journal.claimedOffset());
        log("a").tryForce();
        assertEquals(1, rig.broker().transactions().journalCompletions());
        assertEquals(before + 1, journal.claimedOffset());
    }

    @Test
    void aDecisionWhoseMarkerNeverGetsToTheMediumIsNeverForgotten() throws IOException {
        Instance instance = open("t");
        commit(instance.begin().put("a", "x").put("process", "x"));
        rig.disk.refuseForces("/a-0/");
        log("a").tryForce();
        assertNotNull(log("a").failure());
        long journaled = log(Broker.TRANSACTIONS_TOPIC).claimedOffset();
        rig.broker().transactions().journalCompletions();
        assertEquals(journaled, log(Broker.TRANSACTIONS_TOPIC).claimedOffset(),
                "T1: only the decision can put it back");
        Path rebooted = rig.photograph("rebooted/life-0");
        dropAllBehindTheFirstBatch(rebooted.resolve("a-0").resolve("00000000000000000000.log"));
        try (BrokerRig after = new BrokerRig(rebooted.getParent(), Durability.POWER)) {
            assertEquals(List.of("x"), after.committed("process"));
            assertEquals(List.of("x"), after.committed("a"), "T1: the other half of an acknowledged commit");
        }
    }

    /** As a power loss does with what was not forced. */
    private static void dropAllBehindTheFirstBatch(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int firstEnd = RecordBatchLayout.sizeInBytes(ByteBuffer.wrap(bytes), 0);
        Arrays.fill(bytes, firstEnd, bytes.length, (byte) 0);
        Files.write(segment, bytes);
    }

    @Test
    void aMarkerThatRecoveryFoundIsNotYetOnTheMedium() throws IOException {
        commit(open("t").begin().put("a", "x").put("process", "x"));
        rig.crash();
        Log journal = log(Broker.TRANSACTIONS_TOPIC);
        long journaled = journal.claimedOffset();
        assertTrue(log("process").durableOffset() < log("process").frontierOffset(),
                "what a kill leaves is not forced");
        assertEquals(0, rig.broker().transactions().journalCompletions());
        assertEquals(Progress.PENDING, Instance.initialize(rig, "t").step());
        assertEquals(journaled, journal.claimedOffset(), "T1: power may take the marker yet");
        log("process").tryForce();
        assertEquals(1, rig.broker().transactions().journalCompletions());
    }

    private static void commit(Instance instance) {
        Progress progress = instance.session.commit();
        for (int round = 0; round < 3 && progress == Progress.PENDING; round++) {
            instance.session.helpAcknowledge();
            progress = instance.session.commit();
        }
        assertEquals(Progress.DONE, progress);
    }
}
