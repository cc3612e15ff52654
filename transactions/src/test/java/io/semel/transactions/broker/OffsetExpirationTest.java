package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.GroupState;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Committed offsets after a week, over the real log: beside transactions of every state, across crashes. */
class OffsetExpirationTest {
    private static final long HOUR_MS = 3_600_000;
    private static final int WEEK_HOURS = 7 * 24;

    @TempDir
    private Path root;

    private BrokerRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new BrokerRig(root).topics("a");
        rig.pass(0);
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private void passHours(int hours) {
        for (int hour = 0; hour < hours; hour++) {
            rig.pass(HOUR_MS);
        }
    }

    private void commit(String group, long offset) {
        List<GroupError> answers = new ArrayList<>();
        rig.broker().groups().commit(new CommitRequest(group, Membership.NOBODY, List.of(OffsetToCommit.of("in", 0,
                offset))), rig.clock.time(), answers::add);
        assertEquals(List.of(GroupError.NONE), answers);
    }

    private Initialization keeping() {
        Initialization initialization = rig.broker().transactions().initialize("t", InstanceRequest.embedded(
                Instance.TIMEOUT_MS).keepingPrepared());
        assertEquals(Progress.DONE, initialization.step());
        return initialization;
    }

    @Test
    void anOffsetExpiresAfterAWeekAndStaysForgotten() throws IOException {
        commit("g", 5);
        passHours(WEEK_HOURS - 1);
        assertEquals(5, rig.offsetOf("g"));
        rig.crash();
        assertEquals(5, rig.offsetOf("g"));
        passHours(2);
        assertEquals(-1, rig.offsetOf("g"));
        for (int life = 0; life < 2; life++) {
            assertEquals(GroupState.DEAD, rig.broker().groups().describe("g").state());
            assertEquals(List.of(), rig.broker().groups().list());
            rig.crash();
        }
        rig.restart();
        assertEquals(-1, rig.offsetOf("g"));
        commit("g", 3);
        rig.crash();
        assertEquals(3, rig.offsetOf("g"));
    }

    @Test
    void aCrashBeforeTheDeletionFindsItAndTheNextLooksDeleteIt() throws IOException {
        commit("g", 5);
        passHours(WEEK_HOURS - 1);
        Path before = rig.photograph("before");
        passHours(1);
        assertEquals(-1, rig.offsetOf("g"));
        rig.crashTo(before);
        assertEquals(5, rig.offsetOf("g"));
        rig.pass(0);
        rig.pass(HOUR_MS);
        assertEquals(-1, rig.offsetOf("g"));
    }

    /** Row 11, KAFKA-5247: three weeks, a restart and a crash in each. */
    @Test
    void whatAPreparedTransactionHoldsOutlivesAnyTimeWhicheverWayItEnds() throws IOException {
        for (boolean commits : List.of(true, false)) {
            commit("g", 5);
            Instance instance = Instance.open(rig, "t").begin().put("a", "x");
            assertEquals(GroupError.NONE, instance.commitOffset("g", 9));
            assertEquals(Progress.DONE, instance.session.prepare());
            for (int week = 0; week < 3; week++) {
                passHours(WEEK_HOURS);
                rig.crash();
                passHours(WEEK_HOURS);
                rig.restart();
                assertEquals(5, rig.offsetOf("g"));
            }
            Initialization owner = keeping();
            assertEquals(Progress.DONE, commits ? owner.session().commit() : owner.session().abort());
            assertEquals(commits ? 9 : 5, rig.offsetOf("g"));
            rig.crash();
            assertEquals(commits ? 9 : 5, rig.offsetOf("g"));
        }
    }

    @Test
    void whatIsDecidedAndLacksItsMarkerStays() throws IOException {
        commit("g", 5);
        Instance instance = Instance.open(rig, "t").begin().put("a", "x");
        assertEquals(GroupError.NONE, instance.commitOffset("g", 9));
        List<Runnable> release = new ArrayList<>();
        // The first look at the clock comes after the branches were collected and before the decision is journaled.
        rig.clock.atNextLook(() -> release.add(rig.barMarkers(instance.session.producerId(), List.of(
                Broker.OFFSETS_TOPIC))));
        assertEquals(Progress.PENDING, instance.commit());
        passHours(2 * WEEK_HOURS);
        assertEquals(5, rig.offsetOf("g"));
        release.get(0).run();
        rig.pass(10);
        assertEquals(9, rig.offsetOf("g"));
        rig.crash();
        assertEquals(9, rig.offsetOf("g"));
    }

    @Test
    void anAbortByTimeoutLeavesTheOlderOffsetToItsOwnAge() {
        passHours(1);
        commit("g", 5);
        passHours(WEEK_HOURS - 1);
        assertEquals(GroupError.NONE, Instance.open(rig, "t").begin().put("a", "x").commitOffset("g", 9));
        rig.pass(Instance.TIMEOUT_MS);
        assertEquals(5, rig.offsetOf("g"));
        passHours(2);
        assertEquals(-1, rig.offsetOf("g"));
    }

    @Test
    void aShorterTimeHoldsForWhatIsThere() throws IOException {
        commit("g", 5);
        rig.close();
        try (Broker broker = Broker.open(rig.directory(), new BrokerContext(rig.disk, rig.clock,
                UUID::randomUUID).withExpirations(Expirations.of(Map.of("offsets.retention.minutes",
                        "1", "offsets.retention.check.interval.ms", "1000"))))) {
            for (int look = 0; look < 60; look++) {
                assertFalse(broker.groups().list().isEmpty(), "after " + look + " s");
                rig.clock.advance(1_000);
                broker.doWork();
            }
            assertEquals(List.of(), broker.groups().list());
        }
        rig.restart();
    }
}
