package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.ProducerIdAndEpoch;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionOperator;
import io.semel.transactions.coordinator.TransactionRules;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.partition.VerificationGuard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * By the older rules an epoch can't tell what is late: the coordinator's word does, before a batch is written (T7, T8).
 */
class VerifiedBatchTest {
    @TempDir
    Path root;
    private BrokerRig rig;
    private RemoteProducer producer;
    private ProducerIdAndEpoch self;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a", "b");
        producer = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH);
        self = producer.self();
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Partition partition(String topic) {
        return rig.broker().partition(topic, 0);
    }

    private VerificationGuard verify(String topic) {
        return producer.door().verify(self, partition(topic));
    }

    private void join(String topic) {
        assertEquals(Progress.DONE, producer.door().join(self, partition(topic)));
    }

    private long append(VerificationGuard guard, String topic, int sequence, String value) {
        return producer.appendAs(self, guard, topic, sequence, value);
    }

    @Test
    void aBatchIsTakenWhileItsTransactionIsUnderWayInItsPartition() {
        assertEquals(Refusal.NO_TRANSACTION, append(verify("a"), "a", 0, "early"));
        join("a");
        assertTrue(append(verify("a"), "a", 0, "x") >= 0);
        assertEquals(Refusal.NO_TRANSACTION, append(verify("b"), "b", 0, "never added"));
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(self, producer.self(), "the epoch stays");
        assertEquals(List.of("x"), rig.committed("a"));
    }

    @Test
    void aBatchThatComesWhenItsTransactionHasEndedOpensNone() {
        join("a");
        VerificationGuard guard = verify("a");
        assertTrue(append(guard, "a", 0, "x") >= 0);
        assertEquals(Progress.DONE, producer.commit().progress());
        for (VerificationGuard late : List.of(guard, verify("a"))) {
            assertEquals(Refusal.NO_TRANSACTION, append(late, "a", 1, "late"));
            assertTrue(append(late, "a", 0, "x") >= 0, "what was written is answered again (I3)");
        }
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void theGuardOfOneTransactionIsNoneOfTheNext() {
        join("a");
        VerificationGuard guard = verify("a");
        assertEquals(Progress.DONE, producer.commit().progress());
        join("a");
        assertEquals(Refusal.NO_TRANSACTION, append(guard, "a", 0, "late"));
        assertTrue(append(verify("a"), "a", 0, "y") >= 0);
        assertEquals(Progress.DONE, producer.abort().progress());
    }

    @Test
    void anOffsetsCommitIsVerifiedToo() {
        join(Broker.OFFSETS_TOPIC);
        VerificationGuard guard = verify(Broker.OFFSETS_TOPIC);
        assertEquals(GroupError.NONE, producer.stageAs(self, guard, "g", 7));
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(GroupError.INVALID_TXN_STATE, producer.stageAs(self, guard, "g", 8));
        assertEquals(7, rig.offsetOf("g"));
        assertTrue(rig.nothingIsOpen());
    }

    /** The race that the guard is for: between the look and the claim the transaction ends. */
    @Test
    void aBatchLandsBeforeTheEndLooksAndIsPartOfItOrIsRefused() {
        join("a");
        join("b");
        VerificationGuard guard = verify("b");
        assertTrue(append(verify("a"), "a", 0, "x") >= 0);
        List<Long> codes = new ArrayList<>();
        // The end looks at the clock when the branches are known, before it journals.
        rig.clock.atNextLook(() -> codes.add(append(guard, "b", 0, "behind the back")));
        assertEquals(Progress.DONE, producer.commit().progress());
        assertEquals(List.of(Refusal.NO_TRANSACTION), codes);
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void endsAndVerifiedBatchesOfManyThreadsLeaveNothingOpen() throws InterruptedException {
        int rounds = 2_000;
        List<Throwable> failures = new ArrayList<>();
        Thread sender = new Thread(() -> {
            RemoteProducer other = producer.another();
            int sequence = 0;
            // Fewer batches than a segment or two hold, whoever is faster.
            while (sequence < 1_000 && !Thread.currentThread().isInterrupted()) {
                VerificationGuard guard = other.door().verify(self, partition("a"));
                long code = other.appendAs(self, guard, "a", sequence, "v" + sequence);
                sequence += code >= 0 ? 1 : 0;
            }
        });
        sender.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
        sender.start();
        for (int round = 0; round < rounds; round++) {
            untilDone(() -> producer.door().join(self, partition("a")));
            untilDone(() -> producer.door().commit(self).progress());
        }
        sender.interrupt();
        sender.join();
        assertEquals(List.of(), failures);
        assertTrue(rig.nothingIsOpen());
        assertEquals(rig.read("a", Isolation.READ_UNCOMMITTED), rig.committed("a"));
    }

    private static void untilDone(Supplier<Progress> step) {
        Progress progress = step.get();
        while (progress == Progress.PENDING) {
            Thread.onSpinWait();
            progress = step.get();
        }
        assertEquals(Progress.DONE, progress);
    }

    private void openOneThatNobodyEnds() {
        join("a");
        assertEquals(Progress.DONE, producer.commit().progress());
        assertTrue(append(VerificationGuard.NOT_NEEDED, "a", 0, "unverified") >= 0);
        assertFalse(rig.nothingIsOpen());
    }

    @Test
    void aTakeOverAbortsWhatAnUnverifiedBatchOpened() {
        openOneThatNobodyEnds();
        RemoteProducer younger = RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH);
        assertTrue(rig.nothingIsOpen());
        assertEquals(List.of(), rig.committed("a"));
        assertEquals(Refusal.FENCED, append(VerificationGuard.NOT_NEEDED, "a", 1, "zombie"));
        assertEquals(self.producerId(), younger.self().producerId());
        assertTrue(younger.self().epoch() > self.epoch());
    }

    @Test
    void aTakeOverLeavesNoMomentInWhichSuchABatchLandsBehindItsBack() {
        List<Long> codes = new ArrayList<>();
        // The take-over looks at the clock to say when, before it closes the epoch; then to journal.
        rig.clock.atNextLook(() -> {
            codes.add(append(VerificationGuard.NOT_NEEDED, "a", 0, "unverified"));
            rig.clock.atNextLook(() -> codes.add(append(VerificationGuard.NOT_NEEDED, "b", 0, "unverified")));
        });
        RemoteProducer.open(rig, "t", TransactionRules.ONE_EPOCH);
        assertTrue(codes.get(0) >= 0);
        assertEquals(Refusal.FENCED, codes.get(1));
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void anOperatorAbortsWhatAnUnverifiedBatchOpened() {
        openOneThatNobodyEnds();
        TransactionOperator.Abortion abortion = rig.broker().transactions().operator().abort("t").orElseThrow();
        assertEquals(Progress.DONE, abortion.step());
        assertTrue(rig.nothingIsOpen());
        assertEquals(Refusal.FENCED, append(VerificationGuard.NOT_NEEDED, "a", 1, "late"));
    }
}
