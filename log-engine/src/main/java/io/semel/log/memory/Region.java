package io.semel.log.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A mapped range of a file that lives as long as somebody holds a lease on it.
 *
 * <p>Unmapping under a reader kills the JVM, so a region is unmapped by whoever releases the last lease, at once and by
 * nobody else. The creator holds the first lease.
 *
 * <p>Thread rule: any thread may lease and release; a lease belongs to whoever took it.
 */
public final class Region {
    private static final VarHandle LEASES;

    static {
        try {
            LEASES = MethodHandles.lookup().findVarHandle(Region.class, "leases", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer buffer;
    private final Runnable unmap;
    private volatile int leases = 1;
    private volatile boolean released;

    private Region(ByteBuffer buffer, Runnable unmap) {
        this.buffer = buffer;
        this.unmap = unmap;
    }

    /** A region over {@code buffer}, big-endian; {@code unmap} runs once, after the last lease is released. */
    public static Region over(ByteBuffer buffer, Runnable unmap) {
        return new Region(buffer, unmap);
    }

    /**
     * The bytes, big-endian, for absolute access only: position and limit are shared by all users and must stay as they
     * are. Valid while a lease is held.
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    public int lengthBytes() {
        return buffer.capacity();
    }

    /** Takes a lease, unless the last one is gone already. */
    public boolean tryLease() {
        int current = leases;
        while (current > 0) {
            int witness = (int) LEASES.compareAndExchange(this, current, current + 1);
            if (witness == current) {
                return true;
            }
            current = witness;
        }
        return false;
    }

    /** Gives a lease back; the last one unmaps. */
    public void release() {
        int before = (int) LEASES.getAndAdd(this, -1);
        if (before == 1) {
            unmap.run();
            released = true;
        } else if (before < 1) {
            throw new IllegalStateException("region released more often than leased: leases=" + (before - 1));
        }
    }

    public int leases() {
        return leases;
    }

    /** Whether nobody holds a lease any more, and the unmapping is over: the file may go. */
    public boolean isReleased() {
        return released;
    }

    @Override
    public String toString() {
        return "Region{lengthBytes=" + buffer.capacity() + ", leases=" + leases + '}';
    }
}
