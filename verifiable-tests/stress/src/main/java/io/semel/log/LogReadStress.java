package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JL_Result;

/** Who sees a whole log past a batch reads its bytes, and what the fold made of it. */
@JCStressTest
@Outcome(id = "0, whole", expect = Expect.ACCEPTABLE, desc = "The frontier had not moved")
@Outcome(id = "1, whole", expect = Expect.ACCEPTABLE, desc = "The batch is there")
@Outcome(expect = Expect.FORBIDDEN, desc = "The frontier was seen before the batch or its fold")
@State
public class LogReadStress {
    private final SmallLog log = SmallLog.open();

    @Actor
    public void appender() {
        log.append(SmallLog.ONE_RECORD);
    }

    @Actor
    public void reader(JL_Result result) {
        long frontier = log.log.frontierOffset();
        result.r1 = frontier;
        result.r2 = log.folded < frontier ? "not folded" : frontier == 0 ? "whole" : log.describeContent();
    }
}
