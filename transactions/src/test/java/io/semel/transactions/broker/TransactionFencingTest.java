package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.idempotence.ProducerState;
import io.semel.log.Append;
import io.semel.log.Claim;
import io.semel.log.DirectClaim;
import io.semel.log.Log;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Older instances, timeouts and what goes missing meanwhile: T6, T7, T8, I4. */
class TransactionFencingTest {
    private static final long HOUR_MS = 3_600_000;

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

    private static void assertFenced(Instance zombie) {
        assertEquals(Refusal.FENCED, zombie.append("a", 0, "zombie"));
        assertEquals(Refusal.FENCED, zombie.append("b", 0, "zombie"));
        assertEquals(GroupError.INVALID_PRODUCER_EPOCH, zombie.commitOffset("g", 99));
        assertEquals(Progress.FENCED, zombie.commit());
        assertEquals(Progress.FENCED, zombie.abort());
        assertEquals(Progress.FENCED, zombie.session.begin());
        assertTrue(zombie.session.fencedBecause().contains("t"), zombie.session.fencedBecause());
    }

    @Test
    void newerInstanceAbortsWhatTheOlderOneLeftOpenAndFencesIt() {
        Instance old = Instance.open(rig, "t").begin().put("a", "old");
        assertEquals(GroupError.NONE, old.commitOffset("g", 7));
        Instance young = Instance.open(rig, "t");
        assertTrue(rig.nothingIsOpen());
        assertFenced(old);
        young.begin().put("a", "young");
        assertEquals(Progress.DONE, young.commit());
        assertFenced(old);
        assertEquals(List.of("young"), rig.committed("a"));
        assertEquals(-1, rig.offsetOf("g"));
    }

    @Test
    void ownerFencedBetweenTouchAndAppendIsRefused() {
        Instance old = Instance.open(rig, "t").begin();
        PartitionWriter writer = old.session.touch(rig.broker().partition("a", 0));
        ByteBuffer batch = old.encode(0, "late");
        Instance.open(rig, "t");
        assertEquals(Refusal.FENCED, writer.append(batch));
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void batchThatLandsWhileTheEpochIsRaisedIsAborted() {
        Instance old = Instance.open(rig, "t").begin();
        old.put("a", "first");
        List<Long> codes = new ArrayList<>();
        // The coordinator looks at the clock to say when it fenced, just before it raises the epoch.
        rig.clock.atNextLook(() -> codes.add(old.append("b", 0, "in the last moment")));
        Instance.open(rig, "t");
        assertTrue(codes.get(0) >= 0);
        assertTrue(rig.nothingIsOpen());
        assertEquals(List.of(), rig.committed("b"));
    }

    @Test
    void nothingLandsBehindTheBackOfTheOneWhoAborts() throws InterruptedException {
        Instance old = Instance.open(rig, "t").begin().put("b", "open");
        ProducerState inB = rig.broker().partition("b", 0).producer(old.session.producerId());
        inB.pen().take();
        Initialization young = rig.broker().transactions().initialize("t", Instance.TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        Thread taking = new Thread(young::step);
        taking.start();
        // Partition a was looked at and b waits for its pen: with the epoch raised first, that shows at once.
        for (int turns = 0; turns < 200_000 && inB.identity().epoch() == old.session.epoch(); turns++) {
            Thread.yield();
        }
        assertEquals(Refusal.FENCED, old.append("a", 0, "behind the back"));
        inB.pen().release();
        taking.join();
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void ofTwoInitializationsAtOnceTheLaterOneHolds() {
        TransactionCoordinator coordinator = rig.broker().transactions();
        Instance old = Instance.open(rig, "t").begin().put("a", "old");
        Initialization first = coordinator.initialize("t", Instance.TIMEOUT_MS, TransactionHome.EMBEDDED);
        Initialization second = coordinator.initialize("t", Instance.TIMEOUT_MS, TransactionHome.EMBEDDED);
        Runnable release = rig.barMarkers(old.session.producerId(), List.of());
        assertEquals(Progress.DONE, first.step());
        assertEquals(Progress.DONE, second.step());
        release.run();
        assertEquals(Progress.FENCED, first.step());
        assertFenced(new Instance(rig, first.session()));
        new Instance(rig, second.session()).begin().put("a", "second");
        assertEquals(Progress.DONE, second.session().commit());
        assertEquals(List.of("second"), rig.committed("a"));
    }

    @Test
    void decidedCommitIsFinishedBeforeANewerInstanceTakesOver() {
        Instance old = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        List<Runnable> release = new ArrayList<>();
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(old.session.producerId(), List.of("b"))));
        assertEquals(Progress.PENDING, old.commit());
        Initialization second = rig.broker().transactions().initialize("t", Instance.TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        assertEquals(Progress.PENDING, second.step());
        release.get(0).run();
        assertEquals(Progress.DONE, second.step());
        assertEquals(List.of("x"), rig.committed("a"));
        assertEquals(List.of("x"), rig.committed("b"));
        assertEquals(Progress.FENCED, old.commit());
    }

    @Test
    void timeoutAbortsAndFencesTheOwner() {
        Instance slow = Instance.open(rig, "t").begin().put("a", "slow");
        rig.pass(Instance.TIMEOUT_MS);
        assertEquals(false, rig.nothingIsOpen());
        rig.pass(100);
        assertTrue(rig.nothingIsOpen());
        assertFenced(slow);
        assertEquals(List.of(), rig.committed("a"));
        Instance again = Instance.open(rig, "t").begin().put("a", "again");
        assertEquals(Progress.DONE, again.commit());
        assertEquals(List.of("again"), rig.committed("a"));
    }

    @Test
    void whoTimedOutIsToldSoThoughNewerInstancesCameSince() {
        Instance slow = Instance.open(rig, "t").begin().put("a", "slow");
        rig.pass(Instance.TIMEOUT_MS + 100);
        Instance again = Instance.open(rig, "t");
        Instance.open(rig, "t");
        assertTrue(slow.session.fencedBecause().contains("transaction.timeout.ms"), slow.session::fencedBecause);
        assertTrue(again.session.fencedBecause().contains("a newer instance"), again.session::fencedBecause);
    }

    @Test
    void commitThatWasDecidedDoesNotTimeOut() {
        Instance slow = Instance.open(rig, "t").begin().put("a", "slow");
        List<Runnable> release = new ArrayList<>();
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(slow.session.producerId(), List.of("a"))));
        assertEquals(Progress.PENDING, slow.commit());
        rig.pass(Instance.TIMEOUT_MS * 2);
        release.get(0).run();
        // The owner never comes back; a sweep carries the decision out.
        rig.pass(100);
        assertEquals(List.of("slow"), rig.committed("a"));
        assertEquals(Progress.DONE, slow.commit());
    }

    @Test
    void idlingForWeeksBetweenTransactionsIsNoReasonToDie() {
        Instance idle = Instance.open(rig, "t").begin().put("a", "1");
        assertEquals(Progress.DONE, idle.commit());
        rig.pass(30L * 24 * 3600 * 1000);
        idle.begin().put("a", "2");
        assertEquals(Progress.DONE, idle.commit());
        assertEquals(List.of("1", "2"), rig.committed("a"));
    }

    @Test
    void clockThatIsSetBackKeepsNoTransactionBeyondItsTimeout() {
        Instance slow = Instance.open(rig, "t").begin().put("a", "slow");
        rig.pass(1000);
        rig.clock.set(-HOUR_MS);
        rig.pass(Instance.TIMEOUT_MS - 1000);
        assertFalse(rig.nothingIsOpen());
        rig.pass(100);
        assertTrue(rig.nothingIsOpen());
        assertFenced(slow);
    }

    @Test
    void clockThatIsSetAheadAbortsNoTransaction() {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x");
        rig.clock.set(HOUR_MS);
        rig.pass(Instance.TIMEOUT_MS);
        assertEquals(Progress.DONE, instance.commit());
        rig.clock.set(HOUR_MS);
        instance.begin().put("a", "y");
        rig.clock.set(-2 * HOUR_MS);
        rig.pass(100);
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(List.of("x", "y"), rig.committed("a"));
    }

    @Test
    void endingTwiceSucceedsAndEndingOtherwiseIsRefused() {
        Instance instance = Instance.open(rig, "t");
        assertEquals(Progress.INVALID_STATE, instance.commit());
        instance.begin().put("a", "x");
        assertEquals(Progress.INVALID_STATE, instance.session.begin());
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(Progress.INVALID_STATE, instance.abort());
        assertEquals(Progress.DONE, instance.begin().abort());
        assertEquals(Progress.DONE, instance.abort());
        assertEquals(Progress.INVALID_STATE, instance.commit());
    }

    @Test
    void emptyTransactionAndPartitionsTouchedInVainEndWithoutARecord() {
        Instance instance = Instance.open(rig, "t").begin();
        long before = rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).readableOffset();
        instance.session.touch(rig.broker().partition("a", 0));
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(before, rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).readableOffset());
        assertEquals(0, rig.broker().partition("a", 0).readableOffset());
    }

    @Test
    void sequencesGoOnAfterAnAbort() {
        Instance instance = Instance.open(rig, "t").begin().put("a", "aborted");
        assertEquals(Progress.DONE, instance.abort());
        instance.begin().put("a", "kept");
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(List.of("kept"), rig.committed("a"));
    }

    @Test
    void commitGoesOnWithoutATopicThatWasDeletedMeanwhile() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        rig.broker().deleteTopic("a");
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(List.of("x"), rig.committed("b"));
        instance.begin().put("b", "y");
        assertEquals(Progress.DONE, instance.commit());
        rig.crash();
        assertEquals(List.of("x", "y"), rig.committed("b"));
    }

    @Test
    void topicDeletedBetweenDecisionAndMarkerDoesNotHoldTheTransactionUp() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        List<Runnable> release = new ArrayList<>();
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(instance.session.producerId(), List.of("a", "b"))));
        assertEquals(Progress.PENDING, instance.commit());
        Path decided = rig.photograph("decided");
        rig.broker().deleteTopic("a");
        release.get(0).run();
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(List.of("x"), rig.committed("b"));
        rig.crashTo(decided);
        rig.broker().deleteTopic("a");
        rig.crash();
        assertEquals(List.of("x"), rig.committed("b"));
    }

    /** Its frontier never moves again, and it has no failure. */
    @Test
    void topicDeletedWhileItsMarkerStandsBehindADirectClaimDoesNotHoldTheTransactionUp() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        new DirectClaim(rig.broker().partition("a", 0).log()).tryClaim(null, 100, 0);
        assertEquals(Progress.PENDING, instance.commit());
        rig.broker().deleteTopic("a");
        assertEquals(Progress.DONE, instance.commit(), "T8: nobody waits for a marker in a topic that is gone");
        assertEquals(List.of("x"), rig.committed("b"));
        assertEquals(Progress.DONE, Instance.open(rig, "t").begin().put("b", "y").commit());
    }

    /** Nor whoever has the topic's name by then. */
    @Test
    void topicThatFailedAndWasDeletedAndMadeAgainDoesNotHoldTheTransactionUp() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        List<Runnable> release = new ArrayList<>();
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(instance.session.producerId(), List.of("a"))));
        assertEquals(Progress.PENDING, instance.commit());
        release.get(0).run();
        Log log = rig.broker().partition("a", 0).log();
        Claim torn = new Claim();
        log.tryClaim(torn, 1, 100);
        assertThrows(IndexOutOfBoundsException.class, () -> log.fillAndPublish(torn, ByteBuffer.allocate(0), 0));
        assertEquals(Progress.UNAVAILABLE, instance.commit());
        rig.broker().deleteTopic("a");
        rig.topics("a");
        assertEquals(Progress.DONE, instance.commit(), "T8: nobody waits for a marker in a topic that is gone");
        assertEquals(List.of("x"), rig.committed("b"));
        assertEquals(Progress.DONE, Instance.open(rig, "t").begin().put("a", "anew").commit());
        assertEquals(List.of("anew"), rig.committed("a"));
    }

    @Test
    void timeoutWorksWhenATopicOfTheTransactionWasDeletedAndMadeAgain() throws IOException {
        Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        rig.broker().deleteTopic("a");
        rig.topics("a");
        rig.pass(Instance.TIMEOUT_MS + 100);
        assertTrue(rig.nothingIsOpen());
        assertEquals(List.of(), rig.committed("a"));
    }

    @Test
    void partitionThatTakesNoMarkerDoesNotHoldUpTheOthers() {
        Instance instance = Instance.open(rig, "t").begin().put("a", "x").put("b", "x");
        List<Runnable> release = new ArrayList<>();
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(instance.session.producerId(), List.of("a"))));
        assertEquals(Progress.PENDING, instance.commit());
        Partition held = rig.broker().partition("a", 0);
        assertTrue(held.stableOffset() < held.readableOffset());
        assertEquals(List.of("x"), rig.committed("b"));
        release.get(0).run();
        assertEquals(Progress.DONE, instance.commit());
    }

    @Test
    void journalWithoutRoomKeepsTheCommitPendingAndThenGoesOn() throws IOException {
        Instance instance = Instance.open(rig, "t");
        rig.disk.fill(Broker.TRANSACTIONS_TOPIC);
        List<String> expected = new ArrayList<>();
        Progress progress = Progress.DONE;
        for (int number = 0; progress == Progress.DONE; number++) {
            instance.begin().put("a", "x" + number);
            progress = instance.commit();
            if (progress == Progress.DONE) {
                expected.add("x" + number);
            }
        }
        assertEquals(Progress.PENDING, progress);
        assertEquals(expected, rig.committed("a"));
        Path stuck = rig.photograph("stuck");
        assertEquals(Progress.PENDING, instance.commit());
        rig.disk.heal();
        rig.pass(100);
        assertEquals(Progress.DONE, instance.commit());
        assertEquals(expected.size() + 1, rig.committed("a").size());
        rig.crashTo(stuck);
        assertEquals(expected, rig.committed("a"));
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void partitionWithoutRoomForTheMarkerKeepsTheCommitPendingAndThenGoesOn() throws IOException {
        Instance instance = Instance.open(rig, "t");
        rig.broker().createTopic("big", 1, java.util.Map.of());
        rig.disk.fill("big-0");
        instance.begin().put("b", "x").put("big", "x");
        long code = 0;
        // Smaller and smaller batches, until not even a marker fits.
        for (int length = 512; length >= 0; length = code >= 0 ? length : length - 1) {
            code = instance.append("big", 0, "y".repeat(length / 2));
        }
        assertEquals(Append.DISK_FULL, code);
        assertEquals(Progress.PENDING, instance.commit());
        assertEquals(List.of("x"), rig.committed("b"));
        assertEquals(List.of(), rig.committed("big"));
        Path stuck = rig.photograph("stuck");
        rig.disk.heal();
        rig.pass(100);
        assertEquals(Progress.DONE, instance.commit());
        int committed = rig.committed("big").size();
        rig.crashTo(stuck);
        assertEquals(committed, rig.committed("big").size());
        assertTrue(rig.nothingIsOpen());
    }

    @Test
    void nameLengthAndTimeoutAreCheckedAtTheDoor() {
        TransactionCoordinator coordinator = rig.broker().transactions();
        assertThrows(IllegalArgumentException.class, () -> coordinator.initialize("", 1, TransactionHome.EMBEDDED));
        assertThrows(IllegalArgumentException.class,
                () -> coordinator.initialize("x".repeat(8_001), 1, TransactionHome.EMBEDDED));
        assertThrows(IllegalArgumentException.class, () -> coordinator.initialize("t", 0, TransactionHome.EMBEDDED));
        assertThrows(IllegalArgumentException.class,
                () -> coordinator.initialize("t", TransactionCoordinator.MAX_TIMEOUT_MS + 1, TransactionHome.EMBEDDED));
        assertEquals(Progress.DONE, coordinator.initialize("\u20ac".repeat(8_000), 1, TransactionHome.EMBEDDED).step());
    }
}
