package io.semel.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which claimed batches are filled: a ring of marks beside the data, indexed by {@code position / 64}, each holding the
 * batch's end.
 *
 * <p>A batch with a record in it has at least 68 bytes, so a 64-byte cell holds at most one batch start. Positions are
 * log-absolute and never restart, so a mark of an earlier lap is never past the frontier and can't be taken for a fresh
 * one.
 *
 * <p>Invariant (L7): a claim starts fewer than {@code cells} cells past the frontier's cell, so no mark is overwritten
 * before the frontier has consumed it. Counting cells and not bytes matters: two starts almost a lap of bytes apart can
 * share a cell.
 *
 * <p>The ring is made for the first claim: a directory may hold thousands of partitions that nobody writes to. Without it
 * nothing is published. The reference is volatile, so that the baton's holder who misses a mark sees at least the ring of
 * whoever then finds the baton held (L7).
 *
 * <p>Thread rule: any thread prepares and publishes its own claim; only the baton's holder consumes.
 */
final class PublicationMarks {
    private static final VarHandle MARK = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CELL_SHIFT = 6;

    private static final VarHandle RING;

    static {
        try {
            RING = MethodHandles.lookup().findVarHandle(PublicationMarks.class, "marks", long[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int mask;
    /** Set once, from null. */
    private volatile long[] marks;

    PublicationMarks(int cells) {
        if (Integer.bitCount(cells) != 1) {
            throw new IllegalArgumentException("cells must be a power of two: cells=" + cells);
        }
        mask = cells - 1;
    }

    /** Makes the ring if there is none yet: before the first claim, because a claim can't be given back. */
    void prepare() {
        if (marks == null) {
            RING.compareAndSet(this, null, new long[mask + 1]);
        }
    }

    boolean isPrepared() {
        return marks != null;
    }

    /** Whether a claim that starts at {@code position} may be taken while the frontier stands at {@code frontier}. */
    boolean covers(long position, long frontier) {
        return (position >>> CELL_SHIFT) - (frontier >>> CELL_SHIFT) <= mask;
    }

    /**
     * Publishes the batch [position, end): what was stored before is seen by whoever reads the mark with
     * {@link #endAtAcquire}; {@link #prepare} came before. Volatile, because the publisher reads the baton next and that read must not pass the mark.
     */
    void publishVolatile(long position, long end) {
        MARK.setVolatile(marks, indexOf(position), end);
    }

    /** The end of the batch that starts at {@code position}; at most {@code position} while it is not published. */
    long endAtAcquire(long position) {
        long[] ring = marks;
        return ring == null ? 0 : (long) MARK.getAcquire(ring, indexOf(position));
    }

    /** As {@link #endAtAcquire}, and never read before the caller's own volatile writes are out. */
    long endAtVolatile(long position) {
        long[] ring = marks;
        return ring == null ? 0 : (long) MARK.getVolatile(ring, indexOf(position));
    }

    private int indexOf(long position) {
        return (int) (position >>> CELL_SHIFT) & mask;
    }
}
