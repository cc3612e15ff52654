package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/** Who sees the count of an index sees the entries below it, also while it grows. */
@JCStressTest
@Outcome(id = "15, found", expect = Expect.ACCEPTABLE, desc = "Before")
@Outcome(id = "16, found", expect = Expect.ACCEPTABLE, desc = "The array is full")
@Outcome(id = "17, found", expect = Expect.ACCEPTABLE, desc = "It has grown")
@Outcome(expect = Expect.FORBIDDEN, desc = "The count was seen before the entry")
@State
public class IndexStress {
    private static final int PREFILLED = 15;
    private static final int STEP_BYTES = 100;

    private final OffsetIndex index = new OffsetIndex();

    public IndexStress() {
        for (int entry = 1; entry <= PREFILLED; entry++) {
            index.add(entry, entry * STEP_BYTES);
        }
    }

    @Actor
    public void advancer() {
        index.add(PREFILLED + 1, (PREFILLED + 1) * STEP_BYTES);
        index.add(PREFILLED + 2, (PREFILLED + 2) * STEP_BYTES);
    }

    @Actor
    public void reader(IL_Result result) {
        int count = index.count();
        result.r1 = count;
        result.r2 = index.floorPosition(count) == count * STEP_BYTES ? "found" : "missed";
    }
}
