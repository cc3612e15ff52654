package io.semel.log.memory;

import java.nio.ByteBuffer;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/** L7: in every interleaving, whoever holds a lease reads mapped bytes, and the last one to let go unmaps, once. */
public class RegionInterleavings {
    private boolean closed;
    private int unmappings;
    private final Region region = Region.over(ByteBuffer.allocate(1), () -> unmappings++);

    /** Sound, whether it got a lease or not. */
    @Operation
    public boolean read() {
        if (!region.tryLease()) {
            return true;
        }
        boolean mapped = unmappings == 0;
        region.release();
        return mapped;
    }

    @Operation(runOnce = true)
    public void close() {
        closed = true;
        region.release();
    }

    @Validate
    public void unmappedOnceAndOnlyWhenClosed() {
        if (unmappings != (closed ? 1 : 0)) {
            throw new IllegalStateException("unmappings=" + unmappings + " closed=" + closed);
        }
    }
}
