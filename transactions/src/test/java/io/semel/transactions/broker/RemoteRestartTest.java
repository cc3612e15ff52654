package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

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
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.transactions.records.TransactionStatus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A restart of ours is none of a remote producer's business: it goes on with what it has open (T1, T7, T8). */
class RemoteRestartTest {
    private static final long OUTLIVES_A_SWEEP_MS = 1100;
    private static final Runnable NOTHING = () -> {
    };

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

    private interface Restart {
        void of(BrokerRig rig) throws IOException;
    }

    private static final List<Restart> ALL_KEPT = List.of(BrokerRig::crash, BrokerRig::restart, rig -> {
        // Closed, and the machine is down for a while.
        rig.disk.reboot();
        rig.restart();
    });

    private static TransactionStatus statusOf(BrokerRig rig, String transactionalId) {
        return rig.broker().transactions().operator().find(transactionalId).orElseThrow().status();
    }

    @Test
    void itAddsAndCommitsAfterEveryRestartThatKeepsAll() throws IOException {
        List<String> expected = new ArrayList<>();
        for (Restart restart : ALL_KEPT) {
            String id = "t" + expected.size();
            RemoteProducer producer = RemoteProducer.open(rig, id);
            ProducerIdAndEpoch self = producer.self();
            producer.put("a", id + " 1").put("b", id + " 1");
            assertEquals(GroupError.NONE, producer.stage(self, "g", expected.size()));
            restart.of(rig);
            assertEquals(TransactionStatus.ONGOING, statusOf(rig, id));
            assertEquals(new RecoveryReport(0, 0, 0), rig.broker().recovery());
            producer.put("a", id + " 2");
            EndAnswer answer = producer.commit();
            assertEquals(new EndAnswer(Progress.DONE, new ProducerIdAndEpoch(self.producerId(), (short) (self.epoch()
                    + 1))), answer);
            assertEquals(answer, producer.door().commit(self), "asked again");
            assertEquals(expected.size(), rig.offsetOf("g"));
            expected.addAll(List.of(id + " 1", id + " 2"));
            assertEquals(expected, rig.committed("a"));
            assertTrue(rig.nothingIsOpen());
            assertEquals(Refusal.FENCED, producer.append(self, "a", 2, "late"));
        }
    }

    @Test
    void aRetryOfWhatWasWrittenBeforeIsAnsweredWithItsOffset() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "1");
        rig.crash();
        assertEquals(0, producer.append(producer.self(), "a", 0, "1"));
        assertEquals(Refusal.GAP, producer.append(producer.self(), "a", 2, "3"));
        producer.put("a", "2");
        assertEquals(Progress.DONE, producer.abort().progress());
        assertEquals(List.of(), rig.committed("a"));
        assertTrue(rig.nothingIsOpen());
    }

    /** T8: what counts is when it began, whoever was open since. */
    @Test
    void itsTimeCountsOnAcrossRestarts() throws IOException {
        for (TransactionRules rules : TransactionRules.values()) {
            RemoteProducer producer = RemoteProducer.open(rig, "t" + rules, rules).put("a", "x");
            rig.pass(Instance.TIMEOUT_MS / 2);
            rig.crash();
            rig.pass(Instance.TIMEOUT_MS / 2 - 100);
            rig.restart();
            rig.pass(50);
            assertFalse(rig.nothingIsOpen());
            rig.pass(100);
            assertTrue(rig.nothingIsOpen());
            assertEquals(Refusal.FENCED, producer.append(producer.self(), "a", 1, "late"));
        }
    }

    /** T8: nobody lives for ever by restarts, not even who is younger than the first record of it each time. */
    @Test
    void whoIsRestartedAgainAndAgainTimesOutAllTheSame() throws IOException {
        RemoteProducer.open(rig, "t").put("a", "x");
        int restarts = 0;
        while (!rig.nothingIsOpen()) {
            rig.crash();
            rig.pass(Instance.TIMEOUT_MS / 20);
            restarts++;
            assertTrue(restarts <= 22);
        }
        assertTrue(restarts >= 20);
    }

    @Test
    void aNewerInstanceAnOperatorAndATimeOutEndIt() throws IOException {
        List<Runnable> ends = List.of(
                () -> RemoteProducer.open(rig, "t"),
                () -> assertEquals(Progress.DONE, rig.broker().transactions().operator().abort("t").orElseThrow()
                        .step()),
                () -> rig.pass(Instance.TIMEOUT_MS + 100));
        for (Runnable end : ends) {
            RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "x").put("b", "x");
            rig.crash();
            end.run();
            assertTrue(rig.nothingIsOpen());
            assertEquals(Refusal.FENCED, producer.append(producer.self(), "a", 1, "late"));
            assertFalse(producer.door().commit(producer.self()).progress() == Progress.DONE);
            rig.crash();
            assertEquals(Refusal.FENCED, producer.append(producer.self(), "a", 1, "late"));
            assertEquals(List.of(), rig.committed("a"));
        }
    }

    @Test
    void whatIsOpenHasNotExpired() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "x");
        rig.crash();
        rig.pass(Instance.TIMEOUT_MS - 1000);
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(List.of("x"), rig.committed("a"));
    }

    /** By the older rules what was added and not written to yet is on record. */
    @Test
    void whatWasJoinedBeforeIsVerifiedAfter() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH);
        ProducerIdAndEpoch self = producer.self();
        Partition a = rig.broker().partition("a", 0);
        assertEquals(Progress.DONE, producer.door().join(self, List.of(a, rig.broker().partition("b", 0))));
        rig.crash();
        RemoteTransaction door = producer.door();
        VerificationGuard guard = door.verify(self, rig.broker().partition("b", 0));
        assertTrue(producer.appendAs(self, guard, "b", 0, "x") >= 0);
        VerificationGuard never = door.verify(self, rig.broker().partition(Broker.OFFSETS_TOPIC, 0));
        assertEquals(GroupError.INVALID_TXN_STATE, producer.stageAs(self, never, "g", 1));
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(Refusal.NO_TRANSACTION, producer.appendAs(self, guard, "b", 1, "late"));
        assertEquals(List.of("x"), rig.committed("b"));
        rig.crash();
        assertTrue(rig.nothingIsOpen());
        assertEquals(Progress.DONE, producer.door().commit(self).progress(), "again");
    }

    /** Failure row 4, over a restart: partitions added without data. */
    @Test
    void whatNothingWasWrittenToEndsEitherWayAndIsNotOpenAfterwards() throws IOException {
        for (boolean commits : List.of(true, false)) {
            RemoteProducer producer = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH);
            assertEquals(Progress.DONE, producer.door().join(producer.self(), rig.broker().partition("a", 0)));
            rig.crash();
            assertEquals(Progress.DONE, (commits ? producer.commit() : producer.abort()).progress());
            rig.crash();
            rig.pass(Instance.TIMEOUT_MS + 100);
            assertEquals(Progress.DONE, producer.door().join(producer.self(), rig.broker().partition("a", 0)),
                    "nobody timed it out");
            producer.abort();
        }
    }

    @Test
    void aTopicThatIsDeletedMeanwhileHoldsNobodyUp() throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, "t").put("a", "x").put("b", "x");
        rig.pass(2000);
        rig.broker().deleteTopic("a");
        rig.topics("a");
        rig.crash();
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(List.of("x"), rig.committed("b"));
        assertTrue(rig.nothingIsOpen());
    }

    /** What comes next is one step of the producer's; it is asked again as long as nobody answered. */
    private interface Step extends UnaryOperator<ProducerIdAndEpoch> {
    }

    /** T1, T8: wherever it dies, who asks again is answered, and all of it becomes visible, once. */
    @Test
    void aTransactionGoesOnWhicheverStepTheCrashInterrupts() throws IOException {
        List<String> expected = new ArrayList<>();
        List<String> expectedInB = new ArrayList<>();
        for (TransactionRules rules : TransactionRules.values()) {
            for (TransactionRules guessed : TransactionRules.values()) {
                boolean finished = false;
                for (int look = 0; !finished; look++) {
                    String id = rules + "-" + guessed.ordinal() + "-" + look;
                    finished = !isCrashedAt(look, id, rules, guessed);
                    expected.addAll(List.of(id + " 1", id + " 2", id + " 3"));
                    assertEquals(expected, rig.committed("a"), id);
                    expectedInB.add(id + " 1");
                    assertEquals(expectedInB, rig.committed("b"), id);
                    assertEquals(look, rig.offsetOf("g-" + rules), id);
                    assertTrue(rig.nothingIsOpen(), id);
                    assertTrue(look < 200);
                }
            }
        }
    }

    private boolean isCrashedAt(int look, String id, TransactionRules rules, TransactionRules guessed)
            throws IOException {
        RemoteProducer producer = RemoteProducer.open(rig, id, rules, guessed);
        List<Path> moment = new ArrayList<>();
        photographAt(look, id, moment);
        ProducerIdAndEpoch self = producer.self();
        boolean crashed = false;
        for (Step step : script(producer, id, look, rules)) {
            ProducerIdAndEpoch next = step.apply(self);
            if (!crashed && !moment.isEmpty()) {
                crashed = true;
                rig.crashTo(moment.get(0));
                next = step.apply(self);
            }
            self = next;
        }
        rig.clock.atNextLook(NOTHING);
        return crashed;
    }

    private void photographAt(int looks, String name, List<Path> moment) {
        rig.clock.atNextLook(() -> {
            if (looks == 0) {
                moment.add(rig.photograph(name));
            } else {
                photographAt(looks - 1, name, moment);
            }
        });
    }

    private List<Step> script(RemoteProducer producer, String id, int offset, TransactionRules rules) {
        int next = rules == TransactionRules.ONE_EPOCH ? 2 : 0;
        return List.of(
                joining("a", producer), appending("a", 0, id + " 1", producer),
                joining("b", producer), appending("b", 0, id + " 1", producer),
                joining(Broker.OFFSETS_TOPIC, producer), self -> {
                    joiningByTheNewerRules(Broker.OFFSETS_TOPIC, producer, self);
                    assertEquals(GroupError.NONE, producer.stageAs(self, producer.door().verify(self, rig.broker()
                            .partition(Broker.OFFSETS_TOPIC, 0)), "g-" + rules, offset));
                    return self;
                }, self -> {
                    rig.pass(OUTLIVES_A_SWEEP_MS);
                    return self;
                }, joining("a", producer), appending("a", 1, id + " 2", producer), self -> committed(producer, self),
                joining("a", producer), appending("a", next, id + " 3", producer), self -> committed(producer, self));
    }

    private Step joining(String topic, RemoteProducer producer) {
        return self -> {
            assertEquals(Progress.DONE, producer.door().join(self, rig.broker().partition(topic, 0)));
            return self;
        };
    }

    /** As an edge does: by the newer rules each batch joins its partition. */
    private Step appending(String topic, int sequence, String value, RemoteProducer producer) {
        return self -> {
            joiningByTheNewerRules(topic, producer, self);
            VerificationGuard guard = producer.door().verify(self, rig.broker().partition(topic, 0));
            long code = producer.appendAs(self, guard, topic, sequence, value);
            assertTrue(code >= 0, () -> value + ": " + Refusal.describe(code));
            return self;
        };
    }

    private void joiningByTheNewerRules(String topic, RemoteProducer producer, ProducerIdAndEpoch self) {
        if (producer.transactionalId().startsWith(TransactionRules.NEW_EPOCH_AT_EVERY_END.name())) {
            producer.door().join(self, rig.broker().partition(topic, 0));
        }
    }

    private ProducerIdAndEpoch committed(RemoteProducer producer, ProducerIdAndEpoch self) {
        EndAnswer answer = producer.door().commit(self);
        assertEquals(Progress.DONE, answer.progress());
        return answer.next();
    }

    /** In POWER what was acknowledged is there, whatever the machine does. */
    @Test
    void inPowerItGoesOnAfterAPowerLoss() throws IOException {
        try (BrokerRig power = new BrokerRig(root.resolve("power"), Durability.POWER).topics("a", "b")) {
            RemoteProducer producer = RemoteProducer.open(power, "t").put("a", "1").put("b", "1");
            power.losePower(Map.of());
            producer.put("a", "2");
            EndAnswer answer = producer.door().commit(producer.self());
            for (int round = 0; round < 5 && answer.progress() == Progress.PENDING; round++) {
                power.pass(0);
                answer = producer.door().commit(producer.self());
            }
            assertEquals(Progress.DONE, answer.progress());
            power.pass(0);
            assertEquals(List.of("1", "2"), power.committed("a"));
            assertEquals(List.of("1"), power.committed("b"));
        }
    }
}
