package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import io.semel.log.batch.ControlType;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Expiry against a model that keeps every commit and asks of each whether anybody still has a use for it. */
class OffsetExpiryModelTest {

    private static final int PARTITIONS = 2;
    private static final long PRODUCER = 7;
    private static final long KEPT_MS = 40_000;
    private static final long LOOK_MS = GroupRig.SESSION_MS;
    private static final long NONE = CommittedOffset.NO_OFFSET;

    private record Commit(long offset, long atMs, int number) {
    }

    private final GroupRig rig = new GroupRig(GroupRig.LIMITS, new OffsetRetention(KEPT_MS, LOOK_MS));
    /** By partition; what holds, and what is staged. */
    private final Map<Integer, Commit> committed = new HashMap<>();
    private final Map<Integer, Commit> staged = new HashMap<>();
    /** The generation on record, 0 for none. */
    private int generation;
    private Membership member = Membership.NOBODY;
    /** It went with a process: nobody said goodbye. */
    private boolean isOrphaned;
    private long emptySinceMs;
    private boolean isFirstLookDue = true;
    private int number;

    @Property(tries = 3_000)
    void whatIsThereIsWhatTheModelKeepsLiveAndReplayed(
            @ForAll @Size(max = 60) List<@IntRange(max = 999) Integer> steps) {
        OffsetExpiryModelTest life = new OffsetExpiryModelTest();
        for (int step : steps) {
            life.take(step);
            life.requireTheModel(life.rig.log.fold);
            life.requireTheModel(life.rig.log.replay());
        }
    }

    private void take(int step) {
        int partition = step / 20 % PARTITIONS;
        switch (step % 20) {
            case 0, 1, 2 -> commit(partition);
            case 3, 4 -> stage(partition);
            case 5 -> end(ControlType.COMMIT);
            case 6 -> end(ControlType.ABORT);
            case 7, 8 -> join();
            case 9, 10 -> leave();
            case 11 -> restart();
            case 12 -> delete();
            default -> pass();
        }
    }

    private void commit(int partition) {
        number++;
        Answer<GroupError> answer = new Answer<>();
        rig.coordinator.commit(request(partition), rig.nowMs, answer);
        assertEquals(GroupError.NONE, answer.get());
        committed.put(partition, new Commit(number, rig.nowMs, number));
    }

    private void stage(int partition) {
        number++;
        Answer<GroupError> answer = new Answer<>();
        rig.coordinator.commitInTransaction(PRODUCER, (short) 0, request(partition), rig.nowMs, answer);
        assertEquals(GroupError.NONE, answer.get());
        staged.put(partition, new Commit(number, rig.nowMs, number));
    }

    private CommitRequest request(int partition) {
        return new CommitRequest(GroupRig.GROUP, member, List.of(OffsetToCommit.of("t", partition, number)));
    }

    private void end(ControlType type) {
        rig.log.end(type, PRODUCER);
        if (type == ControlType.COMMIT) {
            staged.forEach((partition, commit) -> committed.merge(partition, commit,
                    (before, after) -> before.number() > after.number() ? before : after));
        }
        staged.clear();
        committed.values().removeIf(each -> each.offset() == NONE);
    }

    private void join() {
        if (member == Membership.NOBODY) {
            member = rig.stable();
            generation++;
            isOrphaned = false;
        }
    }

    private void leave() {
        if (member != Membership.NOBODY) {
            rig.leave(member.memberId());
            member = Membership.NOBODY;
            emptySinceMs = rig.nowMs;
        }
    }

    private void restart() {
        rig.restart();
        isOrphaned |= member != Membership.NOBODY;
        member = Membership.NOBODY;
        isFirstLookDue = true;
    }

    private void delete() {
        rig.coordinator.deleteGroup(GroupRig.GROUP, rig.nowMs, answer -> {
            if (answer == GroupError.NONE) {
                number++;
                // A deletion beats what was staged before it.
                staged.replaceAll((partition, commit) -> new Commit(NONE, 0, number));
                committed.clear();
                generation = 0;
                isOrphaned = false;
            }
        });
    }

    /** A look, and whoever has a seat beats in time for it. */
    private void pass() {
        rig.nowMs += LOOK_MS / 2;
        rig.heartbeat(member);
        rig.nowMs += LOOK_MS / 2;
        rig.work();
        if (isFirstLookDue) {
            isFirstLookDue = false;
        } else {
            look();
        }
    }

    private void look() {
        if (member != Membership.NOBODY) {
            return;
        }
        if (isOrphaned) {
            isOrphaned = false;
            emptySinceMs = rig.nowMs;
            return;
        }
        long sinceMs = generation == 0 ? 0 : emptySinceMs;
        committed.entrySet().removeIf(each -> !staged.containsKey(each.getKey())
                && rig.nowMs - Math.max(sinceMs, each.getValue().atMs()) >= KEPT_MS);
        if (committed.isEmpty() && staged.isEmpty() && rig.nowMs - sinceMs >= KEPT_MS) {
            generation = 0;
        }
    }

    private void requireTheModel(CommittedOffsets fold) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Commit kept = committed.get(partition);
            assertEquals(kept == null ? NONE : kept.offset(), fold.committed(GroupRig.GROUP, "t", partition).offset());
            assertEquals(staged.containsKey(partition), fold.isPending(GroupRig.GROUP, "t", partition));
        }
        assertEquals(generation, fold.lastGeneration(GroupRig.GROUP));
        List<String> known = new ArrayList<>();
        if (generation > 0 || !committed.isEmpty() || !staged.isEmpty()) {
            known.add(GroupRig.GROUP);
        }
        assertEquals(known, fold.groupIds());
    }
}
