package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Whoever takes the baton sees what its last holder did, also when it had looked before. */
@JCStressTest
@Outcome(id = "folded", expect = Expect.ACCEPTABLE, desc = "Each holder's work is there")
@Outcome(expect = Expect.FORBIDDEN, desc = "What a holder did was lost")
@State
public class BatonGuardStress {
    private final PaddedLong baton = new PaddedLong(0);
    private long folded;
    private long foldedByFirst;
    private long foldedBySecond;

    /** Folds as often as it gets the baton, and says how often that was. */
    private long foldMany() {
        long times = 0;
        for (int attempt = 0; attempt < Loops.STEPS; attempt++) {
            // Looked at early and used: were the baton taken plainly, a compiler might not look again.
            long before = folded;
            if (before >= 0 && baton.compareAndSet(0, 1)) {
                folded = folded + 1;
                baton.setVolatile(0);
                times++;
            }
        }
        return times;
    }

    @Actor
    public void first() {
        foldedByFirst = foldMany();
    }

    @Actor
    public void second() {
        foldedBySecond = foldMany();
    }

    @Arbiter
    public void arbiter(L_Result result) {
        result.r1 = folded == foldedByFirst + foldedBySecond ? "folded" : "lost";
    }
}
