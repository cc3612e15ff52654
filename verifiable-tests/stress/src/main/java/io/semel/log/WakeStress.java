package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JI_Result;

/** A waiter that lists itself and then looks either sees the frontier or is woken. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Saw it, and is woken for nothing")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Saw it, and stays listed")
@Outcome(expect = Expect.FORBIDDEN, desc = "Neither saw the frontier nor was woken: it sleeps for ever")
@State
public class WakeStress {
    private final PaddedLong baton = new PaddedLong(1);
    private final PaddedLong frontier = new PaddedLong(0);
    private final TailWaiters waiters = new TailWaiters();
    private int woken;
    private final TailWaiter.Registration waiter = new TailWaiter.Registration(() -> woken++);

    @Actor
    public void advancer() {
        frontier.setRelease(1);
        baton.setVolatile(0);
        waiters.wakeAll();
    }

    @Actor
    public void waiter(JI_Result result) {
        waiters.add(waiter);
        result.r1 = frontier.getAcquire();
    }

    @Arbiter
    public void arbiter(JI_Result result) {
        result.r2 = woken;
    }
}
