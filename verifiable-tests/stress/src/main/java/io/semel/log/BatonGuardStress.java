package io.semel.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIJ_Result;

/** Whoever takes the baton sees what its last holder did, also when it had looked before. */
@JCStressTest
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "One after the other")
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The second found it held")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The first found it held")
@Outcome(expect = Expect.FORBIDDEN, desc = "What a holder did was lost")
@State
public class BatonGuardStress {
    private final PaddedLong baton = new PaddedLong(0);
    private long folded;

    private int foldOne() {
        // Looked at early and used: were the baton taken plainly, a compiler might not look again.
        long before = folded;
        if (before > 1 || !baton.compareAndSet(0, 1)) {
            return 0;
        }
        folded = folded + 1;
        baton.setVolatile(0);
        return 1;
    }

    @Actor
    public void first(IIJ_Result result) {
        result.r1 = foldOne();
    }

    @Actor
    public void second(IIJ_Result result) {
        result.r2 = foldOne();
    }

    @Arbiter
    public void arbiter(IIJ_Result result) {
        result.r3 = folded;
    }
}
