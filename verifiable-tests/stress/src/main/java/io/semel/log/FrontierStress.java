package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JL_Result;

/** Who sees the frontier past a batch sees its bytes, and what the fold made of it. */
@JCStressTest
@Outcome(id = "0, whole", expect = Expect.ACCEPTABLE, desc = "The frontier had not moved")
@Outcome(id = "64, whole", expect = Expect.ACCEPTABLE, desc = "One batch")
@Outcome(id = "128, whole", expect = Expect.ACCEPTABLE, desc = "Both batches")
@Outcome(expect = Expect.FORBIDDEN, desc = "The frontier was seen without the batch behind it")
@State
public class FrontierStress {
    private final Relay relay = new Relay(4);

    @Actor
    public void appender() {
        relay.fill(0);
        relay.publish(0, 64);
        relay.fill(64);
        relay.publish(64, 128);
    }

    @Actor
    public void reader(JL_Result result) {
        // Read early: were the frontier read plainly, a compiler might answer the later reads with these.
        long before = relay.folded + relay.content(0) + relay.content(64);
        long frontier = relay.frontierAcquire();
        long folded = relay.folded;
        boolean filled = frontier < 64 || relay.content(0) == Relay.FILLED;
        filled &= frontier < 128 || relay.content(64) == Relay.FILLED;
        result.r1 = frontier;
        result.r2 = before < 0 || !filled ? "torn" : folded * 64 < frontier ? "not folded" : "whole";
    }
}
