package io.semel.log.memory;

import java.nio.ByteBuffer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two leases end at once: the last one unmaps, and it alone. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Unmapped once, and no lease is left")
@Outcome(expect = Expect.FORBIDDEN, desc = "Never unmapped, or twice")
@State
public class RegionReleaseStress {
    private int unmappings;
    private final Region region = Region.over(ByteBuffer.allocate(1), () -> unmappings++);

    public RegionReleaseStress() {
        region.tryLease();
    }

    @Actor
    public void owner() {
        region.release();
    }

    @Actor
    public void reader() {
        region.release();
    }

    @Arbiter
    public void arbiter(II_Result result) {
        result.r1 = unmappings;
        result.r2 = region.leases();
    }
}
