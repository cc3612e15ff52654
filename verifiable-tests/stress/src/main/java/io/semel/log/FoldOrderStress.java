package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JL_Result;

/** The fold runs ahead of the frontier and never behind it, also over batches that wait for the baton together. */
@JCStressTest
@Outcome(id = "0, whole", expect = Expect.ACCEPTABLE, desc = "The frontier had not moved")
@Outcome(id = "64, whole", expect = Expect.ACCEPTABLE, desc = "One batch")
@Outcome(id = "128, whole", expect = Expect.ACCEPTABLE, desc = "Both batches")
@Outcome(expect = Expect.FORBIDDEN, desc = "The frontier was seen before what the fold made of the batch")
@State
public class FoldOrderStress {
    private final Relay relay = new Relay();

    public FoldOrderStress() {
        relay.markOnly(0, 64);
        relay.markOnly(64, 128);
    }

    @Actor
    public void advancer() {
        relay.advance();
    }

    @Actor
    public void reader(JL_Result result) {
        long before = relay.folded;
        long frontier = relay.frontierAcquire();
        long folded = relay.folded;
        result.r1 = frontier;
        result.r2 = folded < before || folded * 64 < frontier ? "not folded" : "whole";
    }
}
