package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two claims at once get bytes and offsets that touch and never overlap. */
@JCStressTest
@Outcome(id = "0:68 0+1, 68:136 1+2", expect = Expect.ACCEPTABLE, desc = "The shorter batch was first")
@Outcome(id = "136:68 2+1, 0:136 0+2", expect = Expect.ACCEPTABLE, desc = "The longer batch was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "Claims overlap, or leave a gap")
@State
public class SegmentClaimStress {
    private final Segment segment = Segments.open();

    @Actor
    public void shorter(LL_Result result) {
        result.r1 = Segments.claim(segment, 1, 68);
    }

    @Actor
    public void longer(LL_Result result) {
        result.r2 = Segments.claim(segment, 2, 136);
    }
}
