package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JL_Result;

/** Who reads a mark sees the bytes that were stored before it. */
@JCStressTest
@Outcome(id = "0, empty", expect = Expect.ACCEPTABLE, desc = "Not published")
@Outcome(id = "0, filled", expect = Expect.ACCEPTABLE, desc = "Stored, and not published yet")
@Outcome(id = "64, filled", expect = Expect.ACCEPTABLE, desc = "Published")
@Outcome(expect = Expect.FORBIDDEN, desc = "The mark was seen before the bytes")
@State
public class MarkStress {
    private final PublicationMarks marks = new PublicationMarks(2);
    private long seed;
    private long content;

    public MarkStress() {
        marks.prepare();
    }

    @Actor
    public void publisher() {
        content = 1;
        marks.publishVolatile(0, 64);
        // Whatever comes next: were the mark plain, a compiler might drop the first store for this one.
        content = Slowly.oddOf(seed);
    }

    @Actor
    public void advancer(JL_Result result) {
        // Read early: were the mark read plainly, a compiler might answer the second read with the first.
        long before = content;
        long end = marks.endAtAcquire(0);
        long after = content;
        result.r1 = end;
        result.r2 = before == 0 && after == 0 ? "empty" : "filled";
    }
}
