package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Waiters that come while the list is taken are woken then or stand on the next list; nobody is lost. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Each woken once")
@Outcome(expect = Expect.FORBIDDEN, desc = "A waiter was lost, or woken twice")
@State
public class WaiterListStress {
    private final TailWaiters waiters = new TailWaiters();
    private int firstWoken;
    private int secondWoken;
    private final TailWaiter.Registration first = new TailWaiter.Registration(() -> firstWoken++);
    private final TailWaiter.Registration second = new TailWaiter.Registration(() -> secondWoken++);

    @Actor
    public void first() {
        waiters.add(first);
    }

    @Actor
    public void second() {
        waiters.add(second);
        waiters.wakeAll();
    }

    @Arbiter
    public void arbiter(II_Result result) {
        waiters.wakeAll();
        result.r1 = firstWoken;
        result.r2 = secondWoken;
    }
}
