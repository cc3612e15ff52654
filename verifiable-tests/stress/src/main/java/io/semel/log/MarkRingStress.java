package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two first claims make one ring: no mark is lost with a ring that was replaced. */
@JCStressTest
@Outcome(id = "64, 128", expect = Expect.ACCEPTABLE, desc = "Both marks stand")
@Outcome(expect = Expect.FORBIDDEN, desc = "A mark was lost")
@State
public class MarkRingStress {
    private final PublicationMarks marks = new PublicationMarks(2);

    @Actor
    public void first() {
        marks.prepare();
        marks.publishVolatile(0, 64);
    }

    @Actor
    public void second() {
        marks.prepare();
        marks.publishVolatile(64, 128);
    }

    @Arbiter
    public void arbiter(JJ_Result result) {
        result.r1 = marks.endAtAcquire(0);
        result.r2 = marks.endAtVolatile(64);
    }
}
