package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Who sees the count of a time index sees the entries below it, also while it grows. */
@JCStressTest
@Outcome(id = "found", expect = Expect.ACCEPTABLE, desc = "At every look")
@Outcome(expect = Expect.FORBIDDEN, desc = "The count was seen before the entry")
@State
public class TimeIndexStress {
    private final TimeIndex index = new TimeIndex();

    @Actor
    public void advancer() {
        for (int entry = 1; entry <= Loops.STEPS; entry++) {
            index.add(entry, entry);
        }
    }

    @Actor
    public void reader(L_Result result) {
        String seen = "found";
        int count = 0;
        while (count < Loops.STEPS) {
            count = index.count();
            // Also before there is one: a plain count alone might be read once and for ever.
            int last = Math.max(0, count - 1);
            boolean whole = index.relativeOffset(last) == count && index.timestamp(last) == count;
            if (count > 0 && !whole) {
                seen = "missed";
            }
        }
        result.r1 = seen;
    }
}
