package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.RemoteTransaction;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.Refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Who held on to a transactional id that was forgotten meanwhile, or that never came to be, does no harm with it (I4,
 * T6).
 */
class ForgottenIdTest {
    private static final long LONG_MS = 3_600_000;

    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private TransactionOperator operator() {
        return rig.broker().transactions().operator();
    }

    private void forget(String transactionalId) {
        rig.pass(Expirations.DEFAULT.transactionalIdMs() + LONG_MS);
        for (int round = 0; round < 10 && operator().find(transactionalId).isPresent(); round++) {
            rig.pass(Expirations.DEFAULT.transactionalIdMs() / 5);
        }
        assertTrue(operator().find(transactionalId).isEmpty());
    }

    /** A server that keeps what it was given for an id must ask for it anew; what it kept lets nobody in. */
    @Test
    void aDoorFromBeforeLetsNobodyIn() {
        RemoteProducer older = RemoteProducer.open(rig, "t");
        ProducerIdAndEpoch first = older.self();
        RemoteTransaction door = older.put("a", "x").door();
        assertEquals(Progress.DONE, older.commit().progress());
        forget("t");
        assertTrue(rig.broker().transactions().remote("t", TransactionRules.NEW_EPOCH_AT_EVERY_END).isEmpty());
        RemoteProducer younger = RemoteProducer.open(rig, "t").put("a", "y");
        Partition a = rig.broker().partition("a", 0);
        for (ProducerIdAndEpoch sender : List.of(first, older.self(), younger.self())) {
            assertEquals(Progress.FENCED, door.join(sender, a));
            assertEquals(Progress.FENCED, door.commit(sender).progress());
            assertEquals(Progress.FENCED, door.abort(sender).progress());
        }
        assertEquals(Refusal.NO_TRANSACTION, younger.appendAs(younger.self(), door.verify(younger.self(), a), "a", 1,
                "z"));
        assertEquals(Progress.DONE, younger.commit().progress());
        assertEquals(List.of("x", "y"), rig.committed("a"));
    }

    @Test
    void whoWasFencedDoesNotComeBackWhenItsSuccessorExpires() {
        Instance fenced = Instance.open(rig, "t");
        Instance successor = Instance.open(rig, "t");
        forget("t");
        assertTrue(successor.session.isExpired());
        assertFalse(fenced.session.isExpired(), "else it would take the id back");
        assertEquals(Progress.FENCED, fenced.session.begin());
        assertEquals(Progress.DONE, Instance.open(rig, "t").session.begin());
    }

    @Test
    void anIdWhoseFirstInstanceNeverCameHasNothingToAbort() {
        rig.broker().transactions().initialize("t", InstanceRequest.embedded(Instance.TIMEOUT_MS));
        assertEquals(Progress.INVALID_STATE, operator().abort("t").orElseThrow().step());
        assertEquals(Progress.INVALID_STATE, operator().commit("t").orElseThrow().step());
    }
}
