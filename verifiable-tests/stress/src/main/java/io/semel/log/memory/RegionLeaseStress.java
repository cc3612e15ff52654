package io.semel.log.memory;

import java.nio.ByteBuffer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** The owner lets go while a reader leases: whoever got a lease reads mapped bytes, and unmapping happens once. */
@JCStressTest
@Outcome(id = "refused, 1", expect = Expect.ACCEPTABLE, desc = "The owner was first")
@Outcome(id = "mapped, 1", expect = Expect.ACCEPTABLE, desc = "The reader was first, and the last to let go unmapped")
@Outcome(expect = Expect.FORBIDDEN, desc = "Read after unmapping, or not unmapped exactly once")
@State
public class RegionLeaseStress {
    private static final byte UNMAPPED = 9;

    private final ByteBuffer buffer = ByteBuffer.allocate(1);
    private int unmappings;
    private final Region region = Region.over(buffer, this::unmap);

    private void unmap() {
        buffer.put(0, UNMAPPED);
        unmappings++;
    }

    @Actor
    public void owner() {
        region.release();
    }

    @Actor
    public void reader(LI_Result result) {
        if (!region.tryLease()) {
            result.r1 = "refused";
            return;
        }
        byte read = region.buffer().get(0);
        region.release();
        result.r1 = read == UNMAPPED ? "unmapped" : "mapped";
    }

    @Arbiter
    public void arbiter(LI_Result result) {
        result.r2 = unmappings;
    }
}
