package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LJJ_Result;

/** Sealing meets a claim: what was claimed lies below the end, and what came after the seal was refused. */
@JCStressTest
@Outcome(id = "0:68 0+1, 68, 1", expect = Expect.ACCEPTABLE, desc = "The claim was first, and counts")
@Outcome(id = "sealed, 0, 0", expect = Expect.ACCEPTABLE, desc = "The seal was first, and nothing is claimed")
@Outcome(expect = Expect.FORBIDDEN, desc = "A claim after the seal, or one that the end does not count")
@State
public class SegmentSealStress {
    private final Segment segment = Segments.open();

    @Actor
    public void appender(LJJ_Result result) {
        result.r1 = Segments.claim(segment, 1, 68);
    }

    @Actor
    public void sealer(LJJ_Result result) {
        segment.seal();
        result.r2 = segment.endPosition();
    }

    @Arbiter
    public void arbiter(LJJ_Result result) {
        result.r3 = segment.claimedOffset();
    }
}
