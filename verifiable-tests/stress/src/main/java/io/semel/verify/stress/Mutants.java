package io.semel.verify.stress;

import java.util.List;

import static io.semel.verify.stress.Mutant.caught;
import static io.semel.verify.stress.Mutant.hidden;

/** Every memory order and atomic step that the log's lock-free part relies on, each weakened. Stateless. */
public final class Mutants {
    public static final List<Mutant> ALL = List.of(
            // PaddedLong
            caught("PaddedLong.setVolatile is a release",
                    "VALUE.setVolatile(this, newValue);", "VALUE.setRelease(this, newValue);",
                    "WakeStress", "BatonStress"),
            caught("PaddedLong.setRelease is plain",
                    "    void setRelease(long newValue) {\n        VALUE.setRelease(this, newValue);",
                    "    void setRelease(long newValue) {\n        value = newValue;",
                    "FoldOrderStress"),
            caught("PaddedLong.getAcquire is plain",
                    "return (long) VALUE.getAcquire(this);", "return value;",
                    "FrontierSeenStress", "FoldOrderStress"),
            caught("PaddedLong.compareAndSet is two steps",
                    "return VALUE.compareAndSet(this, expected, newValue);",
                    "if (value != expected) {\nreturn false;\n}\nvalue = newValue;\nreturn true;",
                    "SegmentClaimStress"),
            caught("PaddedLong.compareAndSet is plain",
                    "return VALUE.compareAndSet(this, expected, newValue);",
                    "return VALUE.weakCompareAndSetPlain(this, expected, newValue);",
                    "BatonGuardStress"),

            // PublicationMarks
            caught("PublicationMarks.publishVolatile is plain",
                    "MARK.setVolatile(marks, indexOf(position), end);", "MARK.set(marks, indexOf(position), end);",
                    "MarkStress", "FrontierStress", "LogReadStress"),
            hidden("PublicationMarks.publishVolatile is a release",
                    "MARK.setVolatile(marks, indexOf(position), end);",
                    "MARK.setRelease(marks, indexOf(position), end);",
                    "the publisher's next step is the baton's compare-and-set, which is a full fence on x86"),
            caught("PublicationMarks.endAtAcquire is plain",
                    "(long) MARK.getAcquire(ring, indexOf(position))", "(long) MARK.get(ring, indexOf(position))",
                    "MarkStress"),
            hidden("PublicationMarks.endAtVolatile is an acquire",
                    "(long) MARK.getVolatile(ring, indexOf(position))",
                    "(long) MARK.getAcquire(ring, indexOf(position))",
                    "on x86 the fence belongs to the volatile store before it, the baton's"),
            caught("PublicationMarks.marks is plain",
                    "private volatile long[] marks;", "private long[] marks;",
                    "MarkSeenStress"),
            caught("PublicationMarks.prepare replaces a ring",
                    "RING.compareAndSet(this, null, new long[mask + 1]);", "marks = new long[mask + 1];",
                    "MarkRingStress"),

            // Frontier
            caught("Frontier.advance does not look again",
                    "if (marks.endAtVolatile(passed) <= passed || !tryHold()) {", "if (passed >= 0) {",
                    "LogAppendStress"),
            caught("Frontier.applyPublished moves before the fold",
                    "        fold.apply(applying, at);",
                    "        offset.setRelease(applying.nextOffset());\n        fold.apply(applying, at);",
                    "LogReadStress"),
            caught("Frontier.advance takes no baton",
                    "return baton.compareAndSet(FREE, HELD);",
                    "return baton.compareAndSet(FREE, HELD) || offset.getPlain() >= 0;",
                    "LogAppendStress"),

            // OffsetIndex
            caught("OffsetIndex.add counts an entry before it is there",
                    "        current[index] = ((long) relativeOffset << 32) | position;\n        count = index + 1;",
                    "        count = index + 1;\n        current[index] = ((long) relativeOffset << 32) | position;",
                    "IndexStress"),
            caught("OffsetIndex.count is plain",
                    "private volatile int count;", "private int count;",
                    "IndexStress"),
            hidden("OffsetIndex.entries is plain",
                    "private volatile long[] entries", "private long[] entries",
                    "a reader reads the count first, and x86 keeps the copied entries and the array in order"),

            // TailWaiters
            hidden("TailWaiters.add has no fence",
                    "        VarHandle.fullFence();", "",
                    "the push before it is a compare-and-set, which is a full fence on x86"),
            caught("TailWaiters.add pushes in two steps",
                    "while (!head.compareAndSet(current, registration));",
                    "while (head.get() != current);\n        head.set(registration);",
                    "WaiterListStress"),
            caught("TailWaiters.wakeAll takes the list in two steps",
                    "TailWaiter.Registration each = head.getAndSet(null);",
                    "TailWaiter.Registration each = head.get();\n        head.set(null);",
                    "WaiterListStress"),
            caught("TailWaiters.wakeAll wakes before it unlists",
                    "            each.listed.set(false);\n            wake(each.waiter);",
                    "            wake(each.waiter);\n            each.listed.set(false);",
                    "WaitAgainStress"),

            // Segment
            caught("Segment.seal writes without comparing",
                    "while (!ClaimWord.isSealed(word) && !claims.compareAndSet(word, ClaimWord.sealed(word))) {",
                    "while (!ClaimWord.isSealed(word)) {\nclaims.setVolatile(ClaimWord.sealed(word));",
                    "SegmentSealStress"),
            hidden("Segment.allocated is plain",
                    "ALLOCATED.setRelease(this, end);", "ALLOCATED.set(this, end);",
                    "the stores before it are a loop and a call, which no compiler moves a store across, nor does x86"),

            // Region
            caught("Region.release decrements in two steps",
                    "int before = (int) LEASES.getAndAdd(this, -1);",
                    "int before = leases;\n        leases = before - 1;",
                    "RegionReleaseStress", "RegionLeaseStress"),
            caught("Region.tryLease increments in two steps",
                    "int witness = (int) LEASES.compareAndExchange(this, current, current + 1);",
                    "int witness = current;\n            leases = current + 1;",
                    "RegionLeaseStress"),
            caught("Region.tryLease does not ask whether the last lease is gone",
                    "while (current > 0) {", "while (current >= 0) {",
                    "RegionLeaseStress"),
            hidden("Region.release is an acquire alone",
                    "int before = (int) LEASES.getAndAdd(this, -1);",
                    "int before = (int) LEASES.getAndAddAcquire(this, -1);",
                    "a locked add is a full fence on x86"));

    private Mutants() {
    }
}
