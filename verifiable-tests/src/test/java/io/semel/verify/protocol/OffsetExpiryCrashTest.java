package io.semel.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetRetention;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.records.TransactionHome;
import io.semel.verify.disk.CrashMode;
import io.semel.verify.disk.CrashedException;
import io.semel.verify.disk.MetadataOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** L4, row 11: while the offsets of a group expire, the storage call after each number of calls is the last one. */
class OffsetExpiryCrashTest {
    private static final String IDLE = "idle";
    private static final String HELD = "held";
    private static final int PARTITIONS = 3;
    private static final OffsetRetention TIMES = OffsetRetention.DEFAULT;

    /** Each keeps other pages of what was not forced. */
    private static final int DISKS = 3;

    private boolean isThere;

    @ParameterizedTest
    @EnumSource(CrashMode.class)
    void aCrashAtAnyStorageCallLeavesTheGroupWithAllItHadOrNothingAndWhatIsStagedAlways(CrashMode mode)
            throws IOException {
        int call = 0;
        int there = 0;
        while (dies(mode, call / DISKS, call % DISKS)) {
            call++;
            there += isThere ? 1 : 0;
        }
        // A deletion is appended before it is forced: a kill at the force takes nothing away, a power failure may.
        assertEquals(mode == CrashMode.POWER, there > 0, "there after " + there + " of " + call);
        assertTrue(there < call, "there after " + there + " of " + call);
    }

    /** Whether the calls were enough for a crash. */
    private boolean dies(CrashMode mode, int call, int diskSeed) throws IOException {
        World world = new World(new Setting(Durability.POWER, MetadataOrder.AT_ONCE, diskSeed, false, false),
                Verdicts.STRICT);
        world.create();
        comeAndGo(world);
        commit(world, HELD, 1);
        prepare(world);
        world.crashAfter(call);
        fallSilent(world);
        if (!world.isDead()) {
            return false;
        }
        world.crash(mode);
        world.open();
        isThere = offsets(world, IDLE).size() == PARTITIONS;
        if (!isThere) {
            assertEquals(List.of(), offsets(world, IDLE));
        }
        assertEquals(List.of(1L), offsets(world, HELD));
        fallSilent(world);
        world.open();
        assertEquals(List.of(), offsets(world, IDLE));
        assertEquals(List.of(HELD), world.broker().groups().list().stream().map(each -> each.groupId()).toList());
        assertEquals(List.of(1L), offsets(world, HELD));
        assertEquals(Progress.DONE, step(world, world.broker().transactions().operator().commit("t")
                .orElseThrow()::step));
        assertEquals(List.of(2L), offsets(world, HELD));
        return true;
    }

    private interface Stepped {
        Progress step();
    }

    private static Progress step(World world, Stepped stepped) {
        Progress progress = stepped.step();
        for (int round = 0; round < 10 && progress == Progress.PENDING; round++) {
            work(world);
            progress = stepped.step();
        }
        return progress;
    }

    private static void work(World world) {
        world.pass(World.TICK_MS);
        world.broker().doWork();
        world.partition(World.OFFSETS).helpMakeSafe(Durability.POWER);
        world.broker().flush();
        world.broker().doWork();
    }

    /** A member, so that the group itself is on record. */
    private static void comeAndGo(World world) {
        List<JoinResult> joined = new ArrayList<>();
        world.broker().groups().join(IDLE, new JoinRequest("", null, "client", "host", 10_000, 10_000, "consumer", List
                .of(new JoinRequest.Protocol("range", new byte[0])), JoinRequest.FirstJoin.ADMIT), world.time(),
                joined::add);
        work(world);
        assertEquals(GroupError.NONE, joined.get(0).error());
        assertEquals(GroupError.NONE, world.broker().groups().leave(IDLE, joined.get(0).memberId(), null, world
                .time()));
        commit(world, IDLE, PARTITIONS);
    }

    private static void commit(World world, String group, int partitions) {
        List<GroupError> answers = new ArrayList<>();
        world.broker().groups().commit(new CommitRequest(group, Membership.NOBODY, upTo(partitions, 1)), world.time(),
                answers::add);
        work(world);
        assertEquals(List.of(GroupError.NONE), answers);
    }

    private static List<OffsetToCommit> upTo(int partitions, long offset) {
        List<OffsetToCommit> offsets = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            offsets.add(OffsetToCommit.of("in", partition, offset));
        }
        return offsets;
    }

    private static void prepare(World world) {
        Initialization initialization = world.broker().transactions().initialize("t", 60_000, TransactionHome.EMBEDDED);
        assertEquals(Progress.DONE, step(world, initialization::step));
        TransactionSession session = initialization.session();
        assertEquals(Progress.DONE, session.begin());
        session.touch(world.partition(World.OFFSETS));
        List<GroupError> answers = new ArrayList<>();
        world.broker().groups().commitInTransaction(session.producerId(), session.epoch(), new CommitRequest(HELD,
                Membership.NOBODY, upTo(1, 2)), world.time(), answers::add);
        assertEquals(List.of(GroupError.NONE), answers);
        assertEquals(Progress.DONE, step(world, session::prepare));
    }

    /**
     * Nobody comes for longer than anything is kept. Who is dead looks no more: what it appends a kill would not take
     * away.
     */
    private static void fallSilent(World world) {
        try {
            work(world);
            world.pass(TIMES.ms());
            for (int look = 0; look < 3 && !world.isDead(); look++) {
                world.pass(TIMES.checkIntervalMs());
                work(world);
            }
            if (!world.isDead()) {
                world.close();
            }
        } catch (CrashedException | IOException e) {
            assertTrue(world.isDead(), e::toString);
        }
    }

    private static List<Long> offsets(World world, String group) {
        List<FetchResult> answers = new ArrayList<>();
        world.broker().groups().fetchAll(group, Stability.ANY, answers::add);
        work(world);
        return answers.get(0).offsets().stream().map(each -> each.committed().offset()).toList();
    }
}
