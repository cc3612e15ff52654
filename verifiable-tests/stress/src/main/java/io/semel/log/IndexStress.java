package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Who sees the count of an index sees the entries below it, also while it grows. */
@JCStressTest
@Outcome(id = "found", expect = Expect.ACCEPTABLE, desc = "At every look")
@Outcome(expect = Expect.FORBIDDEN, desc = "The count was seen before the entry")
@State
public class IndexStress {
    private static final int STEP_BYTES = 100;

    private final OffsetIndex index = new OffsetIndex();

    @Actor
    public void advancer() {
        for (int entry = 1; entry <= Loops.STEPS; entry++) {
            index.add(entry, entry * STEP_BYTES);
        }
    }

    @Actor
    public void reader(L_Result result) {
        String seen = "found";
        int count = 0;
        while (count < Loops.STEPS) {
            count = index.count();
            if (index.floorPosition(count) != count * STEP_BYTES) {
                seen = "missed";
            }
        }
        result.r1 = seen;
    }
}
