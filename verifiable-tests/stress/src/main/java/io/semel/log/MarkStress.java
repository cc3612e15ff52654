package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Who reads a mark sees the bytes that were stored before it, lap after lap. */
@JCStressTest
@Outcome(id = "filled", expect = Expect.ACCEPTABLE, desc = "At every look")
@Outcome(expect = Expect.FORBIDDEN, desc = "The mark was seen before the bytes")
@State
public class MarkStress {
    private static final int CELL_BYTES = 64;

    private final PublicationMarks marks = new PublicationMarks(1);
    /** The end of what is filled: stands for the bytes. */
    private long filled;

    public MarkStress() {
        marks.prepare();
    }

    @Actor
    public void publisher() {
        for (long position = 0; position < Loops.STEPS * CELL_BYTES; position += CELL_BYTES) {
            filled = position + CELL_BYTES;
            marks.publishVolatile(position, position + CELL_BYTES);
        }
    }

    @Actor
    public void advancer(L_Result result) {
        String seen = "filled";
        long end = 0;
        while (end < Loops.STEPS * CELL_BYTES) {
            end = marks.endAtAcquire(0);
            if (filled < end) {
                seen = "empty";
            }
        }
        result.r1 = seen;
    }
}
