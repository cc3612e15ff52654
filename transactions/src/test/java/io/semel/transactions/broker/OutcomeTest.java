package io.semel.transactions.broker;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Outcome;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.coordinator.TransactionView;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an owner knows of its transaction, step by step of a slow medium: a force here is a test's own line. */
class OutcomeTest {
    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new BrokerRig(root, Durability.POWER).topics("a");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private void force(String topic) {
        rig.broker().partition(topic, 0).log().tryForce();
    }

    /** Begun, written, and its commit decided; the decision is claimed and not on the medium. */
    private Instance decided() {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x");
        assertEquals(Outcome.UNDECIDED, instance.session.outcome());
        assertEquals(Progress.PENDING, instance.commit());
        assertEquals(Outcome.UNDECIDED, instance.session.outcome());
        force("a");
        assertEquals(Progress.PENDING, instance.commit());
        return instance;
    }

    @Test
    void aCommitIsUnknownUntilItsDecisionIsAcknowledgedAndCommittedFromThenOn() {
        Instance instance = decided();
        assertEquals(Outcome.UNKNOWN, instance.session.outcome());
        force(Broker.TRANSACTIONS_TOPIC);
        assertEquals(Outcome.COMMITTED, instance.session.outcome(), "its markers are still missing");
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(Outcome.COMMITTED, instance.session.outcome());
        instance.begin();
        assertEquals(Outcome.UNDECIDED, instance.session.outcome());
    }

    /** T1, T6: who takes over carries the decision out before he raises the epoch. */
    @Test
    void whoWasFencedAfterItsCommitWasDecidedKnowsThatItIsCommitted() {
        Instance older = decided();
        Initialization newer = Instance.initialize(rig, "t");
        assertEquals(Progress.PENDING, newer.step());
        force(Broker.TRANSACTIONS_TOPIC);
        Progress progress = newer.step();
        while (progress == Progress.PENDING) {
            rig.pass(1);
            progress = newer.step();
        }
        assertEquals(Progress.DONE, progress);
        assertEquals(Progress.FENCED, older.commit());
        assertEquals(Outcome.COMMITTED, older.session.outcome());
        assertEquals(List.of("x"), rig.committed("a"));
    }

    @Test
    void whoWasFencedBeforeKnowsThatItIsAborted() {
        Instance older = Instance.open(rig, "t").begin().put("a", "x");
        assertEquals(Progress.PENDING, older.commit());
        Instance.open(rig, "t");
        assertEquals(Progress.FENCED, older.commit());
        assertEquals(Outcome.ABORTED, older.session.outcome());
        assertEquals(List.of(), rig.committed("a"));
    }

    @Test
    void whatTimedOutIsAborted() {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x");
        rig.pass(Instance.TIMEOUT_MS + 100);
        assertEquals(Outcome.ABORTED, instance.session.outcome());
    }

    private TransactionOperator.Abortion abortion() {
        return rig.broker().transactions().operator().abort("t").orElseThrow();
    }

    @Test
    void anOperatorTakesNoDecidedCommitBack() {
        Instance instance = decided();
        assertEquals(Progress.INVALID_STATE, abortion().step());
        force(Broker.TRANSACTIONS_TOPIC);
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(Progress.INVALID_STATE, abortion().step());
        assertEquals(List.of("x"), rig.committed("a"));
    }

    @Test
    void anOperatorsAbortFencesAtOnceAndIsDoneOnceItIsMarked() {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x");
        TransactionOperator.Abortion abortion = abortion();
        assertEquals(Progress.PENDING, abortion.step());
        assertTrue(instance.append("a", 0, "late") < 0);
        assertTrue(instance.session.fencedBecause().contains("operator"), instance.session::fencedBecause);
        assertEquals(1, branches(instance).size(), "not marked before the decision is on the medium");
        Progress progress = abortion.step();
        while (progress == Progress.PENDING) {
            rig.pass(1);
            progress = abortion.step();
        }
        assertEquals(Progress.DONE, progress);
        assertEquals(Outcome.ABORTED, instance.session.outcome());
        assertEquals(List.of(), branches(instance));
        assertTrue(rig.nothingIsOpen());
    }

    private List<TransactionView.Branch> branches(Instance instance) {
        return rig.broker().transactions().operator().branches(instance.session.producerId());
    }

    @Test
    void nobodyElsesIdCanBeAborted() {
        Instance.open(rig, "t");
        assertTrue(rig.broker().transactions().operator().abort("u").isEmpty());
        assertTrue(rig.broker().transactions().operator().find("u").isEmpty());
        assertEquals(Progress.INVALID_STATE, abortion().step());
    }
}
