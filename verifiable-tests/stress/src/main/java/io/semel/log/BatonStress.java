package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two publishers meet at the baton: who finds it held is never left behind, and each batch is folded once. */
@JCStressTest
@Outcome(id = "128, 2", expect = Expect.ACCEPTABLE, desc = "Both batches are behind the frontier")
@Outcome(expect = Expect.FORBIDDEN, desc = "A published batch was left behind, or folded twice")
@State
public class BatonStress {
    private final Relay relay = new Relay(4);

    @Actor
    public void first() {
        relay.publish(0, 64);
    }

    @Actor
    public void second() {
        relay.publish(64, 128);
    }

    @Arbiter
    public void arbiter(JJ_Result result) {
        result.r1 = relay.frontierAcquire();
        result.r2 = relay.folded;
    }
}
