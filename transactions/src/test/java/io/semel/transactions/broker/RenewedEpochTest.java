package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** KIP-360: who holds an epoch may ask for the next one in its place, and nobody else is let in by that (T6, T7). */
class RenewedEpochTest {
    @TempDir
    Path root;
    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a", "b");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Initialization renew(ProducerIdAndEpoch holder, TransactionRules rules) {
        return rig.broker().transactions().renew("t", InstanceRequest.remote(Instance.TIMEOUT_MS, rules), holder);
    }

    private ProducerIdAndEpoch renewed(ProducerIdAndEpoch holder, TransactionRules rules) {
        Initialization renewing = renew(holder, rules);
        Progress progress = renewing.step();
        for (int round = 0; round < 3 && progress == Progress.PENDING; round++) {
            rig.pass(0);
            progress = renewing.step();
        }
        assertEquals(Progress.DONE, progress);
        return renewing.producer();
    }

    private void assertFenced(ProducerIdAndEpoch stale, TransactionRules rules) {
        assertEquals(Progress.FENCED, renew(stale, rules).step());
    }

    @Test
    void theHolderGetsTheNextEpochAndItsOpenTransactionIsAborted() {
        for (TransactionRules rules : TransactionRules.values()) {
            RemoteProducer producer = RemoteProducer.open(rig, "t", rules).put("a", "x");
            ProducerIdAndEpoch holder = producer.self();
            ProducerIdAndEpoch next = renewed(holder, rules);
            assertEquals(holder.producerId(), next.producerId());
            assertTrue(next.epoch() > holder.epoch());
            assertTrue(rig.nothingIsOpen());
            assertEquals(Refusal.FENCED, producer.append(holder, "a", 1, "late"));
            producer.become(next);
            producer.put("b", rules.name());
            assertEquals(Progress.DONE, producer.commit().progress());
        }
        assertEquals(List.of(), rig.committed("a"));
        assertEquals(2, rig.committed("b").size());
    }

    @Test
    void whoAsksAgainBecauseTheAnswerWasLostIsAnsweredAlike() throws IOException {
        for (TransactionRules rules : TransactionRules.values()) {
            ProducerIdAndEpoch holder = RemoteProducer.open(rig, "t", rules).self();
            ProducerIdAndEpoch next = renewed(holder, rules);
            assertEquals(holder.epoch() + 1, next.epoch());
            assertEquals(next, renewed(holder, rules));
            rig.crash();
            assertEquals(next, renewed(holder, rules));
            rig.restart();
            assertEquals(next, renewed(holder, rules));
            ProducerIdAndEpoch third = renewed(next, rules);
            assertEquals(next.epoch() + 1, third.epoch());
            assertFenced(holder, rules);
        }
    }

    /** T7: a message of the epoch before, that comes late, does nothing to who goes on in the next. */
    @Test
    void aLateOneDoesNotDisturbWhoHasGoneOn() throws IOException {
        for (TransactionRules rules : TransactionRules.values()) {
            RemoteProducer producer = RemoteProducer.open(rig, "t", rules);
            ProducerIdAndEpoch holder = producer.self();
            producer.become(renewed(holder, rules));
            String value = rules.name();
            producer.put("a", value);
            assertFenced(holder, rules);
            rig.crash();
            assertFenced(holder, rules);
            assertEquals(Progress.DONE, producer.commit().progress());
            assertFenced(holder, rules);
            assertTrue(rig.committed("a").contains(value));
        }
    }

    @Test
    void whoIsStaleIsFenced() {
        for (TransactionRules rules : TransactionRules.values()) {
            ProducerIdAndEpoch older = RemoteProducer.open(rig, "t", rules).self();
            RemoteProducer younger = RemoteProducer.open(rig, "t", rules).put("a", rules.name());
            assertFenced(older, rules);
            assertFenced(new ProducerIdAndEpoch(older.producerId(), (short) (older.epoch() + 2)), rules);
            assertFenced(new ProducerIdAndEpoch(older.producerId() + 500, younger.self().epoch()), rules);
            assertEquals(Progress.DONE, younger.commit().progress(), "it was not disturbed");
        }
    }

    /** KIP-588: nobody took its place, so it may come back. */
    @Test
    void whoTimedOutMayComeBackUntilSomebodyElseDoes() {
        for (TransactionRules rules : TransactionRules.values()) {
            RemoteProducer producer = RemoteProducer.open(rig, "t", rules).put("a", "x");
            ProducerIdAndEpoch slow = producer.self();
            rig.pass(Instance.TIMEOUT_MS + 100);
            assertTrue(rig.nothingIsOpen());
            ProducerIdAndEpoch next = renewed(slow, rules);
            assertTrue(next.epoch() > slow.epoch());
            producer.become(next);
            producer.put("b", rules.name());
            rig.pass(Instance.TIMEOUT_MS + 100);
            RemoteProducer.open(rig, "t", rules);
            assertFenced(next, rules);
            assertFenced(slow, rules);
        }
    }

    /** The answer to an end names the next epoch; who did not hear it is told the same, whichever way it asks. */
    @Test
    void whoDidNotHearOfTheEndIsToldTheEpochThatItGave() {
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "x");
        ProducerIdAndEpoch holder = producer.self();
        ProducerIdAndEpoch next = producer.door().commit(holder).next();
        assertEquals(next, renewed(holder, TransactionRules.NEW_EPOCH_AT_EVERY_END));
        assertEquals(List.of("x"), rig.committed("a"));
        producer.become(next);
        producer.put("a", "y");
        assertFenced(holder, TransactionRules.NEW_EPOCH_AT_EVERY_END);
        assertEquals(Progress.DONE, producer.commit().progress());
    }

    @Test
    void anIdThatNobodyKnowsIsNew() {
        ProducerIdAndEpoch stranger = new ProducerIdAndEpoch(4_711, (short) 3);
        ProducerIdAndEpoch given = renewed(stranger, TransactionRules.NEW_EPOCH_AT_EVERY_END);
        assertEquals(0, given.epoch());
        assertNotEquals(stranger.producerId(), given.producerId());
        assertEquals(given, renewed(stranger, TransactionRules.NEW_EPOCH_AT_EVERY_END), "the answer was lost");
    }

    /** I5. */
    @Test
    void theLastEpochIsFollowedByAnotherProducerIdAndAnsweredAlike() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH);
        ProducerIdAndEpoch self = producer.self();
        while (self.epoch() < Short.MAX_VALUE - 1) {
            self = renewed(self, TransactionRules.ONE_EPOCH);
        }
        ProducerIdAndEpoch other = renewed(self, TransactionRules.ONE_EPOCH);
        assertNotEquals(self.producerId(), other.producerId());
        assertEquals(0, other.epoch());
        assertEquals(other, renewed(self, TransactionRules.ONE_EPOCH));
        rig.crash();
        assertEquals(other, renewed(self, TransactionRules.ONE_EPOCH));
        assertEquals(Refusal.UNKNOWN_PRODUCER, producer.append(self, "a", 0, "late"));
    }
}
