package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/** Two threads append to a whole log: offsets and bytes are dense, and both batches are readable and folded once. */
@JCStressTest
@Outcome(id = "0, 1, 3, whole", expect = Expect.ACCEPTABLE, desc = "The shorter batch was first")
@Outcome(id = "2, 0, 3, whole", expect = Expect.ACCEPTABLE, desc = "The longer batch was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "Overlap, gap, a batch left behind or folded twice")
@State
public class LogAppendStress {
    private final SmallLog log = SmallLog.open();

    @Actor
    public void shorter(LLLL_Result result) {
        result.r1 = log.append(SmallLog.ONE_RECORD);
    }

    @Actor
    public void longer(LLLL_Result result) {
        result.r2 = log.append(SmallLog.TWO_RECORDS);
    }

    @Arbiter
    public void arbiter(LLLL_Result result) {
        result.r3 = log.log.frontierOffset();
        result.r4 = log.folded == 2 ? log.describeContent() : "folded " + log.folded + " times";
    }
}
