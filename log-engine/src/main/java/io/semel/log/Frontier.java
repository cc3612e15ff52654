package io.semel.log;

import io.semel.log.batch.RecordBatchView;

/**
 * Where a log's readable part ends: applies published batches in log order and passes them, one thread at a time.
 *
 * <p>Invariants: never goes back (L6); never passes a claim that is not published (L2, L7); a batch is folded exactly
 * once, before it is passed (L4).
 *
 * <p>Thread rule: any thread publishes and advances; the baton decides who applies.
 */
final class Frontier {
    /** 8192 cells of 64 bytes: half a mebibyte of batches can be in flight between frontier and claims. */
    static final int MARK_CELLS = 8192;

    private static final long FREE = 0;
    private static final long HELD = 1;

    private final SegmentChain chain;
    private final LogFold fold;
    private final PublicationMarks marks = new PublicationMarks(MARK_CELLS);
    private final RecordBatchView applying = new RecordBatchView();
    /** Held by the one thread that applies published batches and moves the frontier; for ever once offline or closed. */
    private final PaddedLong baton = new PaddedLong(FREE);
    private final PaddedLong position;
    private final PaddedLong offset;
    /** The segment in which the frontier stands; belongs to the baton's holder. */
    private Segment segment;

    Frontier(SegmentChain chain, LogFold fold) {
        this.chain = chain;
        this.fold = fold;
        this.segment = chain.active();
        this.position = new PaddedLong(segment.basePosition() + ClaimWord.bytes(segment.claimsAcquire()));
        this.offset = new PaddedLong(segment.claimedOffset());
    }

    /** First position not yet applied, log-absolute. */
    long position() {
        return position.getAcquire();
    }

    /** First offset not yet applied. May lag behind {@link #position()} by one batch. */
    long offset() {
        return offset.getAcquire();
    }

    /** Whether a claim may start at {@code claimPosition} now: so near that its mark overwrites none that is awaited. */
    boolean admits(long claimPosition) {
        return marks.covers(claimPosition, position.getAcquire());
    }

    /** Makes the ring of marks if there is none yet: before the first claim, because a claim can't be given back. */
    void prepare() {
        marks.prepare();
    }

    /** Publishes the filled batch [from, end). Advance afterwards. */
    void publish(long from, long end) {
        marks.publishVolatile(from, end);
    }

    /** The end of the published batch at {@code from}; at most {@code from} while it is not published. */
    long publishedEnd(long from) {
        return marks.endAtAcquire(from);
    }

    /**
     * Moves over all that is published, unless another thread is at it: that one looks again after it has let go of the
     * baton, so no published batch is ever left behind. Mark and baton are written and then the other one is read, all
     * four volatile, so one of the two threads sees the other (L7).
     *
     * <p>Whatever the fold throws comes out of here with the baton kept: a log whose state may be wrong moves no further.
     *
     * @return whether this thread had the baton
     */
    boolean advance() {
        return tryHold() && advanceHeld();
    }

    /**
     * As {@link #publish} and {@link #advance()}, for less: whoever has the baton at once, and fills where the frontier stands,
     * needs no mark to tell himself.
     */
    boolean publishAndAdvance(long from, long end) {
        if (!tryHold()) {
            publish(from, end);
            return advance();
        }
        if (position.getPlain() == from) {
            applyOwn(from, end);
        } else {
            publish(from, end);
        }
        return advanceHeld();
    }

    private void applyOwn(long from, long end) {
        try {
            apply(from, end);
        } catch (Throwable e) {
            // Filled all the same: whoever closes looks for claims that are not.
            publish(from, end);
            throw e;
        }
    }

    private boolean advanceHeld() {
        while (true) {
            applyPublished();
            long passed = position.getPlain();
            baton.setVolatile(FREE);
            // The frontier as this thread left it: one that moved since has another thread to look after it.
            if (marks.endAtVolatile(passed) <= passed || !tryHold()) {
                return true;
            }
        }
    }

    private void applyPublished() {
        long at = position.getPlain();
        long end = marks.endAtAcquire(at);
        while (end > at) {
            apply(at, end);
            at = end;
            end = marks.endAtAcquire(at);
        }
    }

    private void apply(long at, long end) {
        Segment current = segment;
        if (at == current.endPosition()) {
            current = chain.following(current, offset.getPlain());
            segment = current;
        }
        int relative = (int) (at - current.basePosition());
        applying.wrap(current.buffer(), relative);
        fold.apply(applying, at);
        long nextOffset = applying.nextOffset();
        current.index(relative, applying);
        // Pairs with position(): whoever sees the new frontier sees the batch and what the fold made of it.
        position.setRelease(end);
        offset.setRelease(nextOffset);
    }

    /**
     * Stops the frontier where it stands, unless it is on the move: until {@link #letGo()} nothing is folded, so the fold's
     * state is exactly that of the frontier's offset.
     */
    boolean tryHold() {
        return baton.compareAndSet(FREE, HELD);
    }

    /** The segment in which the frontier stands. Only while it is held. */
    Segment segment() {
        return segment;
    }

    /** Lets a frontier go that this thread holds; advance afterwards, for what was published meanwhile. */
    void letGo() {
        baton.setVolatile(FREE);
    }

    @Override
    public String toString() {
        return "frontier=" + offset() + " position=" + position();
    }
}
