package io.semel.verify.protocol;

import java.util.HashSet;
import java.util.Set;

/**
 * One transaction: what its owner and the coordinator may have decided, and what the first marker said that was seen.
 */
final class Txn {
    enum Fate {
        UNKNOWN, COMMITTED, ABORTED
    }

    private final int number;
    private final Client owner;
    private final long beganMs;
    private final int timeoutMs;
    /** The partitions in which it has records. */
    private final Set<PartitionAudit> branches = new HashSet<>();
    private Fate fate = Fate.UNKNOWN;
    private boolean timedOut;
    /** Its owner asked for a commit and was not told that it is fenced. */
    boolean mayCommit;
    /** Its owner asked for an abort, or it timed out, was taken over, or its process died. */
    boolean mayAbort;

    Txn(int number, Client owner, long beganMs, int timeoutMs) {
        this.number = number;
        this.owner = owner;
        this.beganMs = beganMs;
        this.timeoutMs = timeoutMs;
    }

    Client owner() {
        return owner;
    }

    Fate fate() {
        return fate;
    }

    Set<PartitionAudit> branches() {
        return branches;
    }

    boolean isOverdue(long nowMs) {
        return nowMs - beganMs > timeoutMs;
    }

    /** The coordinator may abort it now; true the first time. */
    boolean timesOut() {
        boolean isFirst = !timedOut;
        timedOut = true;
        mayAbort = true;
        return isFirst;
    }

    /** T1: one end everywhere, and one that somebody may have chosen. */
    void end(Fate as, String seenIn) {
        boolean allowed = as == Fate.COMMITTED ? mayCommit : mayAbort;
        Auditor.require(allowed, "T1", () -> this + " is " + as + " in " + seenIn + ", and nobody asked for that");
        Auditor.require(fate == Fate.UNKNOWN || fate == as, "T1", () -> this + " is " + as + " in " + seenIn
                + " and was told or seen to be " + fate);
        fate = as;
    }

    @Override
    public String toString() {
        return "transaction " + number + " of " + owner;
    }
}
