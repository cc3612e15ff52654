package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A waiter that is woken can list itself again at once. */
@JCStressTest
@Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "Not woken yet")
@Outcome(id = "true, 2", expect = Expect.ACCEPTABLE, desc = "Listed again, and woken again")
@Outcome(expect = Expect.FORBIDDEN, desc = "It listed itself in vain")
@State
public class WaitAgainStress {
    private final TailWaiters waiters = new TailWaiters();
    private volatile int woken;
    private final TailWaiter.Registration waiter = new TailWaiter.Registration(() -> woken = woken + 1);

    public WaitAgainStress() {
        waiters.add(waiter);
    }

    @Actor
    public void advancer() {
        waiters.wakeAll();
    }

    @Actor
    public void waiter(ZI_Result result) {
        if (woken == 1) {
            result.r1 = true;
            waiters.add(waiter);
        }
    }

    @Arbiter
    public void arbiter(ZI_Result result) {
        waiters.wakeAll();
        result.r2 = woken;
    }
}
