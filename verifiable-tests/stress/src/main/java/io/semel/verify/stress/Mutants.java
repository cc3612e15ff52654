package io.semel.verify.stress;

import java.util.List;

import static io.semel.verify.stress.Mutant.caught;
import static io.semel.verify.stress.Mutant.hidden;

/** Every memory order and atomic step that the log's lock-free part relies on, each weakened. Stateless. */
public final class Mutants {
    private static final String ATOMICS_ARE_FENCES =
            "the compiler puts barriers for all memory around every atomic update, "
                    + "whatever its mode, and x86 locks it, which is a full fence";

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
                    "FrontierSeenStress"),
            caught("PaddedLong.compareAndSet is two steps",
                    "return VALUE.compareAndSet(this, expected, newValue);",
                    "if (value != expected) {\nreturn false;\n}\nvalue = newValue;\nreturn true;",
                    "ClaimInterleavings", "SegmentClaimStress"),
            hidden("PaddedLong.compareAndSet is plain",
                    "return VALUE.compareAndSet(this, expected, newValue);",
                    "return VALUE.weakCompareAndSetPlain(this, expected, newValue);",
                    ATOMICS_ARE_FENCES),

            // PublicationMarks
            hidden("PublicationMarks.publishVolatile is plain",
                    "MARK.setVolatile(marks, indexOf(position), end);", "MARK.set(marks, indexOf(position), end);",
                    "the ring's volatile read just before it is a barrier for all stores to the compiler, and the "
                            + "publisher's next step is the baton's compare-and-set"),
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
                    "MarkRingInterleavings"),

            // Frontier
            caught("Frontier.advance does not look again",
                    "if (marks.endAtVolatile(passed) <= passed || !tryHold()) {", "if (passed >= 0) {",
                    "FrontierInterleavings"),
            caught("Frontier.applyPublished moves before the fold",
                    "        fold.apply(applying, at);",
                    "        offset.setRelease(applying.nextOffset());\n        fold.apply(applying, at);",
                    "FrontierInterleavings"),
            hidden("Frontier.advance frees the baton with a release",
                    "            baton.setVolatile(FREE);\n            // The frontier as",
                    "            baton.setRelease(FREE);\n            // The frontier as",
                    "a whole frontier is too heavy to race often enough; BatonStress races the same steps, as Relay takes them"),
            caught("Frontier.advance takes no baton",
                    "return baton.compareAndSet(FREE, HELD);",
                    "return baton.compareAndSet(FREE, HELD) || offset.getPlain() >= 0;",
                    "FrontierInterleavings"),

            // OffsetIndex, TimeIndex
            caught("OffsetIndex.add counts an entry before it is there",
                    "        current[index] = ((long) relativeOffset << 32) | position;\n        count = index + 1;",
                    "        count = index + 1;\n        current[index] = ((long) relativeOffset << 32) | position;",
                    "IndexInterleavings", "IndexStress"),
            caught("OffsetIndex.count is plain",
                    "private volatile int count;", "private int count;",
                    "IndexStress"),
            hidden("IndexWords.words is plain",
                    "private volatile long[] words", "private long[] words",
                    "the copy is a call, which the compiler moves no store across; a reader reads the count first"),

            caught("TimeIndex.count is plain",
                    "private volatile int count;", "private int count;",
                    "TimeIndexStress"),
            caught("TimeIndex.add counts an entry before it is there",
                    "        current[2 * index] = timestamp;\n        current[2 * index + 1] = relativeOffset;\n"
                            + "        count = index + 1;",
                    "        count = index + 1;\n        current[2 * index] = timestamp;\n"
                            + "        current[2 * index + 1] = relativeOffset;",
                    "TimeIndexStress"),

            // TailWaiters
            hidden("TailWaiters.add has no fence",
                    "        VarHandle.fullFence();", "",
                    ATOMICS_ARE_FENCES),
            hidden("TailWaiters.wakeAll looks plainly",
                    "if (head.get() == null) {", "if (head.getPlain() == null) {",
                    "the baton's volatile store before it is a full fence on x86, and to the compiler"),
            caught("TailWaiters.add pushes in two steps",
                    "while (!head.compareAndSet(current, registration));",
                    "while (head.get() != current);\n        head.set(registration);",
                    "WaiterInterleavings", "WaiterListStress"),
            caught("TailWaiters.wakeAll takes the list in two steps",
                    "TailWaiter.Registration each = head.getAndSet(null);",
                    "TailWaiter.Registration each = head.get();\n        head.set(null);",
                    "WaiterInterleavings", "WaiterListStress"),
            caught("TailWaiters.wakeAll wakes before it unlists",
                    "            each.listed.set(false);\n            wake(each.waiter);",
                    "            wake(each.waiter);\n            each.listed.set(false);",
                    "WaiterInterleavings", "WaitAgainStress"),

            // Segment
            caught("Segment.seal writes without comparing",
                    "while (!ClaimWord.isSealed(word) && !claims.compareAndSet(word, ClaimWord.sealed(word))) {",
                    "while (!ClaimWord.isSealed(word)) {\nclaims.setVolatile(ClaimWord.sealed(word));",
                    "ClaimInterleavings", "SegmentSealStress"),
            hidden("Segment.allocated is plain",
                    "ALLOCATED.setRelease(this, end);", "ALLOCATED.set(this, end);",
                    "the stores before it are a loop and a call, which no compiler moves a store across, nor does x86"),

            hidden("Segment.endPosition is plain",
                    "private volatile long endPosition = OPEN_END;", "private long endPosition = OPEN_END;",
                    "it is stored after the seal's compare-and-set, and before calls that make the next segment"),

            // Region
            caught("Region.release decrements in two steps",
                    "int before = (int) LEASES.getAndAdd(this, -1);",
                    "int before = leases;\n        leases = before - 1;",
                    "RegionInterleavings", "RegionReleaseStress", "RegionLeaseStress"),
            caught("Region.tryLease increments in two steps",
                    "int witness = (int) LEASES.compareAndExchange(this, current, current + 1);",
                    "int witness = current;\n            leases = current + 1;",
                    "RegionInterleavings", "RegionLeaseStress"),
            caught("Region.tryLease does not ask whether the last lease is gone",
                    "while (current > 0) {", "while (current >= 0) {",
                    "RegionInterleavings", "RegionLeaseStress"),
            hidden("Region.release is an acquire alone",
                    "int before = (int) LEASES.getAndAdd(this, -1);",
                    "int before = (int) LEASES.getAndAddAcquire(this, -1);",
                    ATOMICS_ARE_FENCES),
            hidden("Region.tryLease is plain",
                    "(int) LEASES.compareAndExchange(this, current, current + 1)",
                    "LEASES.weakCompareAndSetPlain(this, current, current + 1) ? current : leases",
                    ATOMICS_ARE_FENCES));

    private Mutants() {
    }
}
