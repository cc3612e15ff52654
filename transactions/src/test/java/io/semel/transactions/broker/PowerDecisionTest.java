package io.semel.transactions.broker;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

    private static void commit(Instance instance) {
        Progress progress = instance.session.commit();
        for (int round = 0; round < 3 && progress == Progress.PENDING; round++) {
            instance.session.helpAcknowledge();
            progress = instance.session.commit();
        }
        assertEquals(Progress.DONE, progress);
    }
}
