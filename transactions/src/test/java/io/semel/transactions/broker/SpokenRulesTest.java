package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.transactions.coordinator.EndAnswer;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.RemoteTransaction;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.partition.Partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** No message says by which rules a producer speaks before its first of a transaction does; then those hold (T6, T7). */
class SpokenRulesTest {
    private static final TransactionRules NEWER = TransactionRules.NEW_EPOCH_AT_EVERY_END;
    private static final TransactionRules OLDER = TransactionRules.ONE_EPOCH;

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

    private static ProducerIdAndEpoch after(ProducerIdAndEpoch instance) {
        return new ProducerIdAndEpoch(instance.producerId(), (short) (instance.epoch() + 1));
    }

    private RemoteTransaction door(TransactionRules spoken) {
        return rig.broker().transactions().remote("t", spoken).orElseThrow();
    }

    private Partition a() {
        return rig.broker().partition("a", 0);
    }

    private long journalEnd() {
        return rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).readableOffset();
    }

    @Test
    void whateverItWasTakenForItIsHeldToWhatItSpeaks() throws IOException {
        for (boolean crashes : List.of(false, true)) {
            RemoteProducer newer = RemoteProducer.open(rig, "t", NEWER, OLDER).put("a", "x" + crashes);
            ProducerIdAndEpoch first = newer.self();
            if (crashes) {
                rig.crash();
            }
            assertEquals(new EndAnswer(Progress.DONE, after(first)), newer.commit());
            RemoteProducer older = RemoteProducer.open(rig, "t", OLDER, NEWER);
            ProducerIdAndEpoch self = older.self();
            assertEquals(Progress.DONE, older.door().join(self, a()));
            if (crashes) {
                rig.crash();
            }
            assertEquals(new EndAnswer(Progress.DONE, self), older.commit());
        }
        assertEquals(List.of("xfalse", "xtrue"), rig.committed("a"));
    }

    @Test
    void aWrongGuessCostsItsFirstTransactionARecordAndNoLaterOne() {
        RemoteProducer producer = RemoteProducer.open(rig, "t", NEWER, OLDER);
        long before = journalEnd();
        producer.put("a", "1").put("b", "1");
        assertEquals(before + 1, journalEnd());
        producer.commit();
        assertEquals(before + 2, journalEnd());
        producer.put("a", "2").put("b", "2").commit();
        assertEquals(before + 3, journalEnd());
    }

    /** Else who times out after a restart would be told that it is fenced for good, and not that it may abort. */
    @Test
    void aRestartGoesByTheRulesThatWereSpoken() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t", NEWER, OLDER).put("a", "x");
        ProducerIdAndEpoch slow = producer.self();
        rig.crash();
        rig.pass(Instance.TIMEOUT_MS + 100);
        assertTrue(rig.nothingIsOpen());
        assertEquals(new EndAnswer(Progress.INVALID_STATE, slow), producer.door().commit(slow));
        assertEquals(new EndAnswer(Progress.DONE, after(slow)), producer.abort());
        producer.put("a", "y").commit();
        assertEquals(List.of("y"), rig.committed("a"));
    }

    /** In POWER a join by rules that are not on record yet waits until they are, on the medium. */
    @Test
    void inPowerTheFirstJoinIsAnsweredWhenItsRulesAreOnTheMedium() throws IOException {
        try (BrokerRig power = new BrokerRig(root.resolve("power"), Durability.POWER).topics("a")) {
            RemoteProducer producer = RemoteProducer.open(power, "t", NEWER, OLDER);
            Partition a = power.broker().partition("a", 0);
            assertEquals(Progress.PENDING, producer.door().join(producer.self(), a));
            assertEquals(Progress.PENDING, producer.door().join(producer.self(), a));
            power.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).log().tryForce();
            assertEquals(Progress.DONE, producer.door().join(producer.self(), a));
        }
    }

    @Test
    void aTransactionIsEndedByTheRulesByWhichItBegan() {
        for (TransactionRules spoken : TransactionRules.values()) {
            TransactionRules other = spoken == NEWER ? OLDER : NEWER;
            RemoteProducer producer = RemoteProducer.open(rig, "t", spoken);
            ProducerIdAndEpoch self = producer.self();
            assertEquals(Progress.DONE, producer.door().join(self, a()));
            assertEquals(Progress.INVALID_STATE, door(other).join(self, a()));
            assertEquals(Progress.INVALID_STATE, door(other).commit(self).progress());
            assertEquals(Progress.INVALID_STATE, door(other).abort(self).progress());
            producer.put("a", spoken.name());
            assertEquals(Progress.DONE, producer.commit().progress());
        }
        assertEquals(2, rig.committed("a").size());
    }

    @Test
    void fromOneTransactionToTheNextAProducerMayChangeItsRules() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t", OLDER).put("a", "1");
        ProducerIdAndEpoch self = producer.self();
        assertEquals(new EndAnswer(Progress.DONE, self), producer.commit());
        assertEquals(Progress.DONE, door(NEWER).join(self, a()));
        rig.crash();
        assertEquals(new EndAnswer(Progress.DONE, after(self)), door(NEWER).commit(self));
        assertEquals(Progress.DONE, door(OLDER).join(after(self), a()));
        rig.crash();
        assertEquals(new EndAnswer(Progress.DONE, after(self)), door(OLDER).commit(after(self)));
    }

    /**
     * Of an instance that speaks by the older rules the epoch is not the end of the one before: who had that must not be
     * told that what it had open is committed (T6).
     */
    @Test
    void anEndOfTheInstanceBeforeIsNotAnsweredByTheCommitOfThisOne() throws IOException {
        RemoteProducer zombie = RemoteProducer.open(rig, "t", NEWER);
        for (TransactionRules guessed : TransactionRules.values()) {
            ProducerIdAndEpoch old = zombie.self();
            RemoteProducer next = RemoteProducer.open(rig, "t", OLDER, guessed);
            assertEquals(after(old), next.self());
            next.put("a", "x");
            assertEquals(Progress.DONE, next.commit().progress());
            for (int life = 0; life < 2; life++) {
                assertEquals(Progress.FENCED, zombie.door().commit(old).progress());
                assertEquals(Progress.INVALID_STATE, door(NEWER).commit(next.self()).progress());
                assertEquals(Progress.FENCED, zombie.door().commit(old).progress());
                rig.crash();
            }
            zombie = RemoteProducer.open(rig, "t", NEWER);
        }
    }

    @Test
    void anEndOfNothingByTheOlderRulesIsNotAnsweredByTheEndOfAnEpoch() {
        RemoteProducer producer = RemoteProducer.open(rig, "t", NEWER).put("a", "x");
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(Progress.INVALID_STATE, door(OLDER).commit(producer.self()).progress());
        assertEquals(Progress.INVALID_STATE, door(OLDER).abort(producer.self()).progress());
    }

    @Test
    void noMessageSpeaksForAProducerOfThisProcess() {
        Instance embedded = Instance.open(rig, "t").begin().put("a", "x");
        ProducerIdAndEpoch self = new ProducerIdAndEpoch(embedded.session.producerId(), embedded.session.epoch());
        for (TransactionRules spoken : TransactionRules.values()) {
            assertEquals(Progress.FENCED, door(spoken).join(self, a()));
            assertEquals(Progress.FENCED, door(spoken).commit(self).progress());
            assertEquals(Progress.FENCED, door(spoken).abort(self).progress());
        }
        assertEquals(Progress.DONE, embedded.session.commit());
        assertEquals(List.of("x"), rig.committed("a"));
    }
}
