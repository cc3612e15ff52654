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
 * <p>Thread rule: any thread publishes its own claim; only the baton's holder consumes.
 */
final class PublicationMarks {
    private static final VarHandle MARK = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CELL_SHIFT = 6;

    private final long[] marks;
    private final int mask;

    PublicationMarks(int cells) {
        if (Integer.bitCount(cells) != 1) {
            throw new IllegalArgumentException("cells must be a power of two: cells=" + cells);
        }
        marks = new long[cells];
        mask = cells - 1;
    }

    /** Whether a claim that starts at {@code position} may be taken while the frontier stands at {@code frontier}. */
    boolean covers(long position, long frontier) {
        return (position >>> CELL_SHIFT) - (frontier >>> CELL_SHIFT) <= mask;
    }

    /**
     * Publishes the batch [position, end): what was stored before is seen by whoever reads the mark with
     * {@link #endAtAcquire}. Volatile, because the publisher reads the baton next and that read must not pass the mark.
     */
    void publishVolatile(long position, long end) {
        MARK.setVolatile(marks, indexOf(position), end);
    }

    /** The end of the batch that starts at {@code position}; at most {@code position} while it is not published. */
    long endAtAcquire(long position) {
        return (long) MARK.getAcquire(marks, indexOf(position));
    }

    /** As {@link #endAtAcquire}, and never read before the caller's own volatile writes are out. */
    long endAtVolatile(long position) {
        return (long) MARK.getVolatile(marks, indexOf(position));
    }

    private int indexOf(long position) {
        return (int) (position >>> CELL_SHIFT) & mask;
    }
}
