package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Who sees the frontier past a batch sees what the fold made of it, batch after batch.
 *
 * <p>A loop, because that is where a compiler shows that nothing held it: it keeps the fold's blind stores for the
 * loop's end and leaves the frontier's, which are read again, where they are.
 */
@JCStressTest
@Outcome(id = "folded", expect = Expect.ACCEPTABLE, desc = "At every look")
@Outcome(expect = Expect.FORBIDDEN, desc = "The frontier was seen before what the fold made of the batch")
@State
public class FoldOrderStress {
    private final PaddedLong frontier = new PaddedLong(0);
    private long folded;

    @Actor
    public void advancer() {
        for (int batch = 1; batch <= Loops.STEPS; batch++) {
            folded = batch;
            frontier.setRelease(frontier.getPlain() + 1);
        }
    }

    @Actor
    public void reader(L_Result result) {
        String seen = "folded";
        long reached = 0;
        while (reached < Loops.STEPS) {
            reached = frontier.getAcquire();
            if (folded < reached) {
                seen = "not folded";
            }
        }
        result.r1 = seen;
    }
}
