package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JL_Result;

/**
 * Who sees the frontier past a batch sees what the fold made of it, also when the fold of the next batch stores to the same
 * field soon after: a compiler that nothing forbids it drops the first store for the second.
 */
@JCStressTest
@Outcome(id = "0, folded", expect = Expect.ACCEPTABLE, desc = "The frontier had not moved")
@Outcome(id = "1, folded", expect = Expect.ACCEPTABLE, desc = "One batch")
@Outcome(id = "2, folded", expect = Expect.ACCEPTABLE, desc = "Both batches")
@Outcome(expect = Expect.FORBIDDEN, desc = "The frontier was seen before what the fold made of the batch")
@State
public class FoldOrderStress {
    private final PaddedLong frontier = new PaddedLong(0);
    private long seed;
    private long folded;

    @Actor
    public void advancer() {
        folded = 1;
        frontier.setRelease(1);
        folded = Slowly.oddOf(seed);
        frontier.setRelease(2);
    }

    @Actor
    public void reader(JL_Result result) {
        // Read early: were the frontier read plainly, a compiler might answer the second read with the first.
        long before = folded;
        long reached = frontier.getAcquire();
        long after = folded;
        result.r1 = reached;
        result.r2 = before == 0 && after == 0 && reached > 0 ? "not folded" : "folded";
    }
}
