package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Closing meets an append: it was acknowledged before the close ended, or it was refused. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Appended, and the close waited for it")
@Outcome(id = "-4, 0", expect = Expect.ACCEPTABLE, desc = "Closed")
@Outcome(expect = Expect.FORBIDDEN, desc = "An append that the closed log does not hold")
@State
public class LogCloseStress {
    private final SmallLog log = SmallLog.open();

    @Actor
    public void appender(JJ_Result result) {
        result.r1 = log.append(SmallLog.ONE_RECORD);
    }

    @Actor
    public void closer() {
        log.close();
    }

    @Arbiter
    public void arbiter(JJ_Result result) {
        result.r2 = log.log.frontierOffset();
    }
}
