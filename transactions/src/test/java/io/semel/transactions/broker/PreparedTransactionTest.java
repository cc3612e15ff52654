package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.transactions.coordinator.EndAnswer;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.Outcome;
import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.RemoteTransaction;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.coordinator.TransactionView;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionStatus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** KIP-939: what is prepared ends by a decision alone, and either decision can always be carried out (T1, T8). */
class PreparedTransactionTest {
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

    private static Instance prepared(BrokerRig rig) {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        assertEquals(GroupError.NONE, instance.commitOffset("g", 5));
        assertEquals(Progress.DONE, instance.session.prepare());
        return instance;
    }

    private Initialization keeping(InstanceRequest request) {
        Initialization initialization = rig.broker().transactions().initialize("t", request.keepingPrepared());
        assertEquals(Progress.DONE, initialization.step());
        return initialization;
    }

    private Initialization keeping() {
        return keeping(InstanceRequest.embedded(Instance.TIMEOUT_MS));
    }

    private TransactionView view() {
        return rig.broker().transactions().operator().find("t").orElseThrow();
    }

    private void assertVisible(boolean isCommitted) {
        List<String> values = isCommitted ? List.of("x") : List.of();
        assertEquals(values, rig.committed("a"));
        assertEquals(values, rig.committed("b"));
        assertEquals(isCommitted ? 5 : -1, rig.offsetOf("g"));
        assertTrue(rig.nothingIsOpen());
    }

    private void assertWaits() {
        assertEquals(TransactionStatus.PREPARED, view().status());
        assertEquals(List.of(), rig.committed("a"));
        assertFalse(rig.nothingIsOpen());
    }

    @Test
    void noTimeoutAndNoCrashEndsIt() throws IOException {
        Instance instance = prepared(rig);
        rig.pass(Instance.TIMEOUT_MS * 10L);
        assertWaits();
        assertEquals(Progress.INVALID_STATE, instance.session.begin());
        assertEquals(Outcome.UNDECIDED, instance.session.outcome());
        assertEquals(Progress.DONE, instance.session.prepare(), "again");
        for (int life = 0; life < 3; life++) {
            rig.crash();
            rig.pass(Instance.TIMEOUT_MS * 10L);
            assertWaits();
            assertEquals(new RecoveryReport(0, 0, 0), rig.broker().recovery());
        }
        assertEquals(Progress.DONE, keeping().session().commit());
        assertVisible(true);
    }

    @Test
    void itsOwnerEndsItEitherWayAndGoesOn() {
        for (boolean commits : List.of(false, true)) {
            Instance instance = prepared(rig);
            assertEquals(Progress.DONE, commits ? instance.commit() : instance.abort());
            assertEquals(Progress.DONE, commits ? instance.commit() : instance.abort(), "again");
            assertEquals(Progress.INVALID_STATE, commits ? instance.abort() : instance.commit());
            assertEquals(commits ? Outcome.COMMITTED : Outcome.ABORTED, instance.session.outcome());
            assertVisible(commits);
            assertEquals(Progress.DONE, instance.begin().abort());
        }
    }

    @Test
    void whoComesBackIsToldWhatIsPreparedAndDecidesIt() throws IOException {
        for (boolean commits : List.of(false, true)) {
            Instance older = prepared(rig);
            ProducerIdAndEpoch preparer = new ProducerIdAndEpoch(older.session.producerId(), older.session.epoch());
            Initialization first = keeping();
            assertEquals(Optional.of(preparer), first.prepared());
            rig.crash();
            Initialization second = keeping();
            assertEquals(Optional.of(preparer), second.prepared(), "whoever came back meanwhile");
            assertEquals(preparer.epoch() + 2, second.session().epoch());
            assertEquals(Progress.INVALID_STATE, second.session().begin());
            assertEquals(Progress.DONE, commits ? second.session().commit() : second.session().abort());
            assertEquals(Optional.empty(), second.prepared());
            assertVisible(commits);
            rig.crash();
            assertVisible(commits);
        }
    }

    @Test
    void comingBackFencesTheOneBefore() {
        Instance older = prepared(rig);
        Initialization newer = keeping();
        assertEquals(Progress.FENCED, older.commit());
        assertEquals(Progress.FENCED, older.abort());
        assertEquals(Progress.FENCED, older.session.prepare());
        assertEquals(Outcome.UNKNOWN, older.session.outcome(), "somebody else decides");
        assertEquals(Refusal.FENCED, older.append("a", 0, "late"));
        assertEquals(Progress.DONE, newer.session().commit());
        assertVisible(true);
    }

    @Test
    void whoDoesNotKeepItAbortsIt() throws IOException {
        prepared(rig);
        rig.crash();
        Instance.open(rig, "t");
        assertVisible(false);
        rig.crash();
        assertVisible(false);
    }

    @Test
    void whoKeepsWhatNobodyPreparedFindsNothing() {
        Instance older = Instance.open(rig, "t").begin().put("a", "x");
        Initialization newer = keeping();
        assertEquals(Optional.empty(), newer.prepared());
        assertEquals(Progress.FENCED, older.commit());
        assertTrue(rig.nothingIsOpen());
        assertEquals(Progress.DONE, newer.session().begin());
    }

    @Test
    void anOperatorDecidesForAnOwnerWhoDoesNotComeBack() throws IOException {
        for (boolean commits : List.of(false, true)) {
            Instance owner = prepared(rig);
            assertEquals(Progress.DONE, end(commits));
            assertVisible(commits);
            assertEquals(commits ? Progress.DONE : Progress.FENCED, owner.commit());
            assertEquals(Progress.INVALID_STATE, end(true));
            rig.crash();
            assertVisible(commits);
        }
    }

    private Progress end(boolean commits) {
        TransactionOperator operator = rig.broker().transactions().operator();
        return commits ? operator.commit("t").orElseThrow().step() : operator.abort("t").orElseThrow().step();
    }

    @Test
    void anOperatorCommitsNothingThatIsNotPrepared() {
        Instance.open(rig, "t").begin().put("a", "x");
        assertEquals(Progress.INVALID_STATE, end(true));
        assertTrue(rig.broker().transactions().operator().commit("nobody").isEmpty());
    }

    /** T1: an answered prepare survives, an unanswered one does or does not, and there is never half of it. */
    @Test
    void itIsPreparedOrNotAtAllWhicheverStepIsTheLast() throws IOException {
        boolean finished = false;
        int survived = 0;
        for (int look = 0; !finished; look++) {
            List<Path> moment = new ArrayList<>();
            photographAt(look, "look-" + look, moment);
            Instance instance = Instance.open(rig, "t").begin().put("a", "x" + look).put("b", "x" + look);
            Progress prepared = instance.session.prepare();
            rig.clock.atNextLook(NOTHING);
            assertEquals(Progress.DONE, prepared);
            finished = moment.isEmpty();
            if (!finished) {
                rig.crashTo(moment.get(0));
                Optional<ProducerIdAndEpoch> kept = keeping().prepared();
                assertEquals(kept.isEmpty(), rig.nothingIsOpen());
                survived += kept.isPresent() ? 1 : 0;
            }
            assertTrue(look < 30);
        }
        assertEquals(0, survived, "the last look is for the record itself");
    }

    @Test
    void aDecisionOverItIsCarriedOutWhichMarkersEverAreMissing() throws IOException {
        for (boolean commits : List.of(false, true)) {
            Instance instance = prepared(rig);
            List<Runnable> release = new ArrayList<>();
            rig.clock.atNextLook(() -> release.add(rig.barMarkers(instance.session.producerId(), List.of("b"))));
            assertEquals(Progress.PENDING, commits ? instance.commit() : instance.abort());
            Path moment = rig.photograph("decided-" + commits);
            release.get(0).run();
            rig.crashTo(moment);
            assertVisible(commits);
            assertEquals(new RecoveryReport(1, 0, 0), rig.broker().recovery());
        }
    }

    @Test
    void whatWroteNothingIsPreparedToo() throws IOException {
        assertEquals(Progress.DONE, Instance.open(rig, "t").begin().session.prepare());
        rig.crash();
        Initialization back = keeping();
        assertTrue(back.prepared().isPresent());
        assertEquals(Progress.DONE, back.session().commit());
        rig.crash();
        assertEquals(Optional.empty(), keeping().prepared());
    }

    @Test
    void aTopicThatIsDeletedMeanwhileHoldsNobodyUp() throws IOException {
        prepared(rig);
        rig.broker().deleteTopic("a");
        rig.crash();
        assertEquals(Progress.DONE, keeping().session().commit());
        assertEquals(List.of("x"), rig.committed("b"));
        assertTrue(rig.nothingIsOpen());
    }

    /** T1: a record that is written now would not name the part that is out of service. */
    @Test
    void aPartThatIsOfflineHoldsTheCommitUpUntilTheNextOpening() throws IOException {
        prepared(rig);
        rig.close();
        rig.disk.fail("/a-0/00000000000000000000.log", () -> new IOException("Input/output error"));
        rig.restart();
        assertEquals(Progress.UNAVAILABLE, end(true));
        assertEquals(Progress.UNAVAILABLE, rig.broker().transactions().initialize("t", InstanceRequest.embedded(
                Instance.TIMEOUT_MS).keepingPrepared()).step());
        rig.disk.heal();
        rig.restart();
        assertEquals(Progress.DONE, keeping().session().commit());
        assertVisible(true);
    }

    @Test
    void aPartThatIsOfflineAndThenDeletedHoldsNobodyUp() throws IOException {
        prepared(rig);
        rig.close();
        rig.disk.fail("/a-0/00000000000000000000.log", () -> new IOException("Input/output error"));
        rig.restart();
        assertEquals(Progress.UNAVAILABLE, end(true));
        rig.broker().deleteTopic("a");
        assertEquals(Progress.DONE, end(true));
        assertEquals(List.of("x"), rig.committed("b"));
        assertEquals(5, rig.offsetOf("g"));
    }

    /** By KIP-890's rules the end of what is prepared ends its epoch, as any other. */
    @Test
    void aRemoteOwnerThatComesBackEndsItUnderItsNewEpoch() throws IOException {
        prepared(rig);
        rig.crash();
        ProducerIdAndEpoch self = keeping(InstanceRequest.remote(Instance.TIMEOUT_MS,
                TransactionRules.NEW_EPOCH_AT_EVERY_END)).producer();
        rig.crash();
        RemoteTransaction door = rig.broker().transactions().remote("t", TransactionRules.NEW_EPOCH_AT_EVERY_END)
                .orElseThrow();
        assertEquals(Progress.INVALID_STATE, door.join(self, rig.broker().partition("a", 0)));
        EndAnswer answer = door.commit(self);
        assertEquals(new EndAnswer(Progress.DONE, new ProducerIdAndEpoch(self.producerId(), (short) (self.epoch()
                + 1))),
                answer);
        assertEquals(answer, door.commit(self));
        assertEquals(Progress.INVALID_STATE, door.abort(self).progress());
        assertVisible(true);
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

    @Test
    void inPowerItIsAnsweredOnceItsDataAndItsRecordAreOnTheMedium() throws IOException {
        try (BrokerRig power = new BrokerRig(root.resolve("power"), Durability.POWER).topics("a")) {
            Instance instance = Instance.open(power, "t").begin().put("a", "x");
            assertEquals(Progress.PENDING, instance.session.prepare());
            assertEquals(TransactionStatus.ONGOING, power.broker().transactions().operator().find("t").orElseThrow()
                    .status());
            power.broker().partition("a", 0).log().tryForce();
            assertEquals(Progress.PENDING, instance.session.prepare());
            power.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).log().tryForce();
            assertEquals(Progress.DONE, instance.session.prepare());
        }
    }
}
