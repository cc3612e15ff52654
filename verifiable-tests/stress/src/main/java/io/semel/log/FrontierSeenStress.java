package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** Who polls a frontier sees it move in the end. */
@JCStressTest(Mode.Termination)
@Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "Seen")
@Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "The reader never looks again")
@State
public class FrontierSeenStress {
    private final PaddedLong frontier = new PaddedLong(0);

    @Actor
    public void reader() {
        while (frontier.getAcquire() == 0) {
            // Bare, without a barrier of the loop's own: the frontier's must do.
        }
    }

    @Signal
    public void advancer() {
        frontier.setRelease(64);
    }
}
