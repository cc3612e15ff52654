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
    private final byte[] bytes = new byte[128];

    public MarkStress() {
        marks.prepare();
    }

    @Actor
    public void publisher() {
        bytes[0] = 1;
        bytes[63] = 1;
        marks.publishVolatile(0, 64);
        // The next batch: were the mark plain, the compiler might merge it with these stores.
        bytes[64] = 1;
    }

    @Actor
    public void advancer(JL_Result result) {
        int before = bytes[0] + bytes[63];
        long end = marks.endAtAcquire(0);
        int after = bytes[0] + bytes[63];
        result.r1 = end;
        // A compiler may look at the bytes late while nothing is published; both answers are fine then.
        result.r2 = after == 2 && before <= after ? "filled" : end == 0 ? "empty" : "torn";
    }
}
