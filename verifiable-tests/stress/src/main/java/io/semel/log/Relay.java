package io.semel.log;

/**
 * The inner part of {@link Frontier}: marks, baton and position, called in the order of its advance, without the
 * segments that make a whole one too heavy to race millions of times. Batches are 64 bytes, and the fold counts.
 *
 * <p>Thread rule: as {@link Frontier}.
 */
final class Relay {
    static final byte FILLED = 7;

    private static final long FREE = 0;
    private static final long HELD = 1;

    private final PublicationMarks marks;
    private final PaddedLong baton = new PaddedLong(FREE);
    private final PaddedLong frontier = new PaddedLong(0);
    private final byte[] bytes;
    /** What the fold made of the batches behind the frontier; plain, as every fold's state. */
    long folded;

    Relay(int cells) {
        marks = new PublicationMarks(cells);
        bytes = new byte[cells * 64];
        marks.prepare();
    }

    /** Stores a batch's bytes. */
    void fill(int position) {
        bytes[position] = FILLED;
    }

    byte content(int position) {
        return bytes[position];
    }

    void markOnly(long position, long end) {
        marks.publishVolatile(position, end);
    }

    void publish(long position, long end) {
        marks.publishVolatile(position, end);
        advance();
    }

    /** The steps of {@link Frontier#advance}. */
    void advance() {
        long reached;
        do {
            if (!baton.compareAndSet(FREE, HELD)) {
                return;
            }
            applyPublished();
            reached = frontier.getPlain();
            baton.setVolatile(FREE);
        } while (marks.endAtVolatile(reached) > reached);
    }

    /** The steps of {@code Frontier.applyPublished}. */
    private void applyPublished() {
        long position = frontier.getPlain();
        long end = marks.endAtAcquire(position);
        while (end > position) {
            folded++;
            frontier.setRelease(end);
            position = end;
            end = marks.endAtAcquire(position);
        }
    }

    long frontierAcquire() {
        return frontier.getAcquire();
    }
}
