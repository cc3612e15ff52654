package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/**
 * Who waits for a mark, as a closing log does, sees it in the end: also in a ring that was not there at the first look.
 */
@JCStressTest(Mode.Termination)
@Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "Seen")
@Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "The waiter never looks again")
@State
public class MarkSeenStress {
    private final PublicationMarks marks = new PublicationMarks(2);

    @Actor
    public void waiter() {
        while (!marks.isPrepared()) {
            // Bare, without a barrier of the loop's own: the ring's must do.
        }
        while (marks.endAtAcquire(0) == 0) {
            // And here the mark's.
        }
    }

    @Signal
    public void publisher() {
        marks.prepare();
        marks.publishVolatile(0, 64);
    }
}
