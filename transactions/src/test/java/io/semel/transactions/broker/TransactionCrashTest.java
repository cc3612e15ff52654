package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.Refusal;
import io.semel.transactions.records.TransactionHome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The process dies at every step between begin and COMPLETE (failure row 2): all or nothing, and nothing hangs (T1,
 * T8).
 */
class TransactionCrashTest {
    private static final List<String> BRANCHES = List.of("a", "b", Broker.OFFSETS_TOPIC);

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

    private Instance transaction(String value, long offset) {
        Instance instance = Instance.open(rig, "t");
        write(instance, value, offset);
        return instance;
    }

    private static void write(Instance instance, String value, long offset) {
        instance.begin().put("a", value).put("b", value);
        assertEquals(GroupError.NONE, instance.commitOffset("g", offset));
    }

    private void assertVisible(List<String> values, long offset) {
        assertTrue(rig.nothingIsOpen());
        assertEquals(values, rig.committed("a"));
        assertEquals(values, rig.committed("b"));
        assertEquals(offset, rig.offsetOf("g"));
    }

    /** Decides with the markers of these topics held up; returns what lets them go. */
    private Runnable endButBar(Instance instance, List<String> barred, boolean commit) {
        List<Runnable> release = new ArrayList<>();
        // The first look at the clock comes after the branches were collected and before the decision is journaled.
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(instance.session.producerId(), barred)));
        assertEquals(barred.isEmpty() ? Progress.DONE : Progress.PENDING, commit ? instance.commit() : instance
                .abort());
        return release.get(0);
    }

    @Test
    void undecidedIsAbortedAfterACrash() throws IOException {
        transaction("x", 5);
        rig.crash();
        assertVisible(List.of(), -1);
        assertEquals(new RecoveryReport(0, 3, 0), rig.broker().recovery());
    }

    @Test
    void crashBeforeTheDecisionIsJournaledAborts() throws IOException {
        Instance instance = transaction("x", 5);
        List<Path> moment = new ArrayList<>();
        rig.clock.atNextLook(() -> moment.add(rig.photograph("before-decision")));
        assertEquals(Progress.DONE, instance.commit());
        rig.crashTo(moment.get(0));
        assertVisible(List.of(), -1);
    }

    @Test
    void decidedIsCarriedOutWhicheverMarkersAreMissing() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int missing = 0; missing < 1 << BRANCHES.size(); missing++) {
            Instance instance = transaction("x" + missing, missing);
            List<String> barred = subset(missing);
            Runnable release = endButBar(instance, barred, true);
            expected.add("x" + missing);
            Path moment = rig.photograph("missing-" + missing);
            release.run();
            rig.crashTo(moment);
            assertVisible(expected, missing);
            assertEquals(new RecoveryReport(barred.isEmpty() ? 0 : 1, 0, 0), rig.broker().recovery());
        }
    }

    @Test
    void decidedAbortIsCarriedOutWhicheverMarkersAreMissing() throws IOException {
        for (int missing = 0; missing < 1 << BRANCHES.size(); missing++) {
            Instance instance = transaction("x" + missing, missing);
            Runnable release = endButBar(instance, subset(missing), false);
            Path moment = rig.photograph("missing-" + missing);
            release.run();
            rig.crashTo(moment);
            assertVisible(List.of(), -1);
        }
    }

    private static List<String> subset(int bits) {
        List<String> chosen = new ArrayList<>();
        for (int index = 0; index < BRANCHES.size(); index++) {
            if ((bits >> index & 1) != 0) {
                chosen.add(BRANCHES.get(index));
            }
        }
        return chosen;
    }

    @Test
    void noMarkerStandsBeforeTheDecisionIsJournaled() {
        Instance instance = transaction("x", 5);
        Partition journal = rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0);
        long before = journal.readableOffset();
        List<Long> journaled = new ArrayList<>();
        watch(4, () -> {
            journaled.add(journal.readableOffset() - before);
            boolean isMarked = rig.broker().partition("a", 0).readableOffset() > 1;
            assertTrue(!isMarked || journal.readableOffset() > before);
        });
        assertEquals(Progress.DONE, instance.commit());
        rig.clock.atNextLook(() -> {
        });
        assertEquals(List.of(0L, 0L, 1L), journaled);
        assertVisible(List.of("x"), 5);
    }

    /** Runs the check at each of the next looks at the clock. */
    private void watch(int looks, Runnable check) {
        rig.clock.atNextLook(() -> {
            check.run();
            if (looks > 1) {
                watch(looks - 1, check);
            }
        });
    }

    @Test
    void decisionWithoutCompletionDoesNotEndALaterTransactionOfTheSameEpoch() throws IOException {
        Instance instance = transaction("first", 1);
        assertEquals(Progress.DONE, instance.commit());
        write(instance, "second", 2);
        rig.crash();
        assertVisible(List.of("first"), 1);
    }

    @Test
    void decisionOnADeletedTopicDoesNotEndATransactionInItsSuccessor() throws IOException {
        Instance instance = Instance.open(rig, "t").begin().put("a", "first");
        assertEquals(Progress.DONE, instance.commit());
        rig.broker().deleteTopic("a");
        rig.topics("a");
        instance.begin().put("a", "second");
        rig.crash();
        assertTrue(rig.nothingIsOpen());
        assertEquals(List.of(), rig.committed("a"));
    }

    @Test
    void completionSparesTheNextRecoveryItsWork() throws IOException {
        Instance instance = transaction("x", 5);
        assertEquals(Progress.DONE, instance.commit());
        long before = rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).readableOffset();
        rig.pass(1000);
        assertEquals(before + 1, rig.broker().partition(Broker.TRANSACTIONS_TOPIC, 0).readableOffset());
        rig.crash();
        assertVisible(List.of("x"), 5);
        rig.restart();
        assertEquals(new RecoveryReport(0, 0, 0), rig.broker().recovery());
        assertVisible(List.of("x"), 5);
    }

    @Test
    void recoveringTwiceIsRecoveringOnce() throws IOException {
        Instance instance = transaction("x", 5);
        Runnable release = endButBar(instance, List.of("b"), true);
        Path moment = rig.photograph("decided");
        release.run();
        rig.crashTo(moment);
        long end = rig.broker().partition("b", 0).readableOffset();
        rig.crash();
        assertEquals(end, rig.broker().partition("b", 0).readableOffset());
        assertEquals(new RecoveryReport(0, 0, 0), rig.broker().recovery());
        assertVisible(List.of("x"), 5);
    }

    @Test
    void identityThatWasJournaledAndNotAnsweredIsNeverHandedOutAgain() throws IOException {
        short first = Instance.open(rig, "t").session.epoch();
        // Journaled by this step; the crash comes before anybody is told.
        Initialization second = rig.broker().transactions().initialize("t", Instance.TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        assertEquals(Progress.DONE, second.step());
        rig.crash();
        assertEquals(first + 2, Instance.open(rig, "t").session.epoch());
    }

    @Test
    void crashWhileTakingOverAbortsWhatTheOlderInstanceLeftOpen() throws IOException {
        transaction("old", 5);
        long producerId = rig.broker().partition("a", 0).producers().iterator().next().identity().producerId();
        List<Runnable> release = new ArrayList<>();
        Initialization second = rig.broker().transactions().initialize("t", Instance.TIMEOUT_MS,
                TransactionHome.EMBEDDED);
        // One look for the reason of the fence, the next one for the decision, when the branches are known.
        rig.clock.atNextLook(() -> rig.clock.atNextLook(
                () -> release.add(rig.barMarkers(producerId, List.of("b")))));
        assertEquals(Progress.PENDING, second.step());
        Path moment = rig.photograph("fencing");
        release.forEach(Runnable::run);
        assertEquals(Progress.DONE, second.step());
        assertEquals(2, second.session().epoch());
        rig.crashTo(moment);
        assertVisible(List.of(), -1);
        assertEquals(new RecoveryReport(1, 0, 0), rig.broker().recovery());
        assertEquals(2, Instance.open(rig, "t").session.epoch());
    }

    @Test
    void retiredProducerIdStaysDeadAfterARestart() throws IOException {
        Instance old = transaction("x", 5);
        assertEquals(Progress.DONE, old.commit());
        long retired = old.session.producerId();
        Instance newest = old;
        while (newest.session.producerId() == retired) {
            newest = Instance.open(rig, "t");
            assertTrue(newest.session.producerId() != retired || newest.session.epoch() <= Short.MAX_VALUE - 1);
        }
        assertEquals(0, newest.session.epoch());
        assertEquals(Refusal.UNKNOWN_PRODUCER, old.append("a", 0, "late"));
        assertEquals(Progress.FENCED, old.session.begin());
        rig.crash();
        assertEquals(null, rig.broker().partition("a", 0).openWriter(retired));
        Instance after = Instance.open(rig, "t");
        assertEquals(newest.session.producerId(), after.session.producerId());
        assertEquals(1, after.session.epoch());
        assertNotEquals(retired, Instance.open(rig, "another").session.producerId());
        assertVisible(List.of("x"), 5);
    }
}
