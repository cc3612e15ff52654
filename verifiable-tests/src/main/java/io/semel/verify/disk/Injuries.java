package io.semel.verify.disk;

import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** Plans what goes wrong with a disk until the next crash. Thread rule: one thread. */
final class Injuries {
    /** A crash is planned within this many calls; a life that makes fewer dies between two of them. */
    static final int MAX_CALLS_TO_CRASH = 90;

    /** As many as a run of a compaction makes from its first byte to its last, and those of the flusher in between. */
    private static final int MAX_CALLS_OF_A_COMPACTION = 30;

    private static final int MAX_CALLS_TO_FAILURE = 60;
    private static final int MAX_FORCES_TO_FAILURE = 12;

    /** From a single file to several segments. */
    private static final int MAX_ROOM_BYTES = 6 * (64 << 10);

    private final SplittableRandom random;
    private final Journal journal;
    private boolean plans;

    Injuries(SplittableRandom random, Journal journal) {
        this.random = random;
        this.journal = journal;
    }

    /** Returns whether a call may fail, or not find room, without a crash. */
    boolean plan(SimulatedDisk disk) {
        plans = true;
        int drawn = random.nextInt(100);
        if (drawn < 40) {
            plan("crash planned in call", disk.calls() + random.nextInt(MAX_CALLS_TO_CRASH), disk::crashAtCall);
        } else if (drawn >= 90) {
            plan("room in bytes", random.nextInt(MAX_ROOM_BYTES), disk::limitTo);
        } else if (drawn >= 80) {
            boolean forgets = random.nextBoolean();
            plan(forgets ? "fails and forgets, force" : "fails, force", disk.forces() + random.nextInt(
                    MAX_FORCES_TO_FAILURE), force -> disk.endForces(force, 1, forgets
                            ? ForceOutcome.FAILS_AND_FORGETS
                            : ForceOutcome.FAILS));
        } else if (drawn >= 70) {
            long calls = random.nextBoolean() ? 1 : Long.MAX_VALUE;
            plan(calls == 1 ? "fails, call" : "all fail from call", disk.calls() + random.nextInt(MAX_CALLS_TO_FAILURE),
                    call -> disk.failCalls(call, calls));
        }
        return drawn >= 70;
    }

    /**
     * Now and then the last call is one of the compaction that goes on now, in a life whose faults are planned here.
     */
    void planWithinCompaction(SimulatedDisk disk) {
        if (plans && random.nextInt(16) == 0) {
            plan("crash planned in call", disk.calls() + random.nextInt(MAX_CALLS_OF_A_COMPACTION), disk::crashAtCall);
        }
    }

    private void plan(String what, long number, LongConsumer fault) {
        journal.note(what, number);
        fault.accept(number);
    }
}
