package io.semel.log;

import io.semel.log.memory.OpenRefusedException;

/**
 * How much of a log is on the medium, and the one door through which it gets there: whoever forces does it for all that
 * the frontier has passed by then, so many waiters share a force.
 *
 * <p>Invariants: {@code durable <= frontier}; durable never goes back (L6) and moves only after the force has returned
 * (L1). A failed force is never tried again: the door stays shut (L5).
 *
 * <p>Thread rule: any thread; one forces at a time, the others come back.
 */
final class GroupCommit {
    private static final long FREE = 0;
    private static final long HELD = 1;

    /** How often others may go first before a force that would be for fewer than the last one: some ten microseconds. */
    private static final int MAX_YIELDS = 64;

    private final SegmentChain chain;
    private final Frontier frontier;
    private final PaddedLong forcing = new PaddedLong(FREE);
    private final PaddedLong position;
    private final PaddedLong offset;
    /** Somebody awaits the medium and leaves it to the flusher. */
    private volatile boolean wanted;
    /** What is awaited before the next force: all that was appended by the end of the last one, and as much as that was for. */
    private long expectedOffset;
    /** Where the flusher found {@link #offset} the last time: what stands still there has nobody else to force it. */
    private long offsetSeen;
    /** Why the last force could not be tried; null when it could. */
    private volatile OpenRefusedException refusal;

    private GroupCommit(SegmentChain chain, Frontier frontier, long position, long offset) {
        this.chain = chain;
        this.frontier = frontier;
        this.position = new PaddedLong(position);
        this.offset = new PaddedLong(offset);
    }

    /** All that recovery found is on the medium, unless it left the last segment to a later force. */
    static GroupCommit after(LogRecovery recovery, SegmentChain chain, Frontier frontier) {
        Segment active = chain.active();
        return recovery.leavesTailUnforced()
                ? new GroupCommit(chain, frontier, active.basePosition(), active.baseOffset())
                : new GroupCommit(chain, frontier, frontier.position(), frontier.offset());
    }

    /** Everything below this position, log-absolute, is on the medium. */
    long position() {
        return position.getAcquire();
    }

    /** Everything below this offset is on the medium. May lag behind {@link #position()} by one batch. */
    long offset() {
        return offset.getAcquire();
    }

    /** Has the flusher force soon. */
    void want() {
        wanted = true;
    }

    /** One look of the flusher: whether it should force now. In PROCESS only what somebody wants. */
    boolean isDue(Durability durability) {
        long durable = offset.getAcquire();
        boolean leftBehind = durability == Durability.POWER && durable == offsetSeen;
        offsetSeen = durable;
        return (wanted || leftBehind) && durable < frontier.offset();
    }

    /**
     * Forces all that the frontier has passed, unless another thread is at it. Waits for the disk.
     *
     * @return whether this thread had the door, so that all that was behind the frontier before the call is durable; false too when
     *     it could not be tried, see {@link #throwRefusal()}
     * @throws ForceFailedException when the log must go offline; the door stays shut
     */
    boolean tryForce(Checkpointing checkpointing) throws ForceFailedException {
        if (!forcing.compareAndSet(FREE, HELD)) {
            return false;
        }
        wanted = false;
        refusal = null;
        awaitOthers();
        // Offset first: the position read afterwards covers it.
        long toOffset = frontier.offset();
        long to = frontier.position();
        long from = position.getPlain();
        if (to > from) {
            checkpointing.distrustUnforced();
            try {
                chain.forceData(from, to);
            } catch (OpenRefusedException e) {
                refuse(e);
                return false;
            }
            position.setRelease(to);
        }
        if (toOffset > offset.getPlain()) {
            expectedOffset = frontier.offset() + toOffset - offset.getPlain();
            offset.setRelease(toOffset);
        }
        forcing.setVolatile(FREE);
        return true;
    }

    /**
     * Producers who waited for one force append their next batches together. The first of them would force for himself and for
     * those who came during the last force, and the others would wait for two forces, not one, for ever in two groups: so he
     * lets them append, if as many as last time may come.
     */
    private void awaitOthers() {
        for (int yields = 0; yields < MAX_YIELDS && frontier.offset() < expectedOffset; yields++) {
            Thread.yield();
        }
    }

    /** Nothing failed, so the door opens again, and the flusher comes back. */
    private void refuse(OpenRefusedException why) {
        refusal = why;
        wanted = true;
        forcing.setVolatile(FREE);
    }

    /** Tells whoever must not wait for ever that the last force could not be tried. */
    void throwRefusal() throws OpenRefusedException {
        OpenRefusedException last = refusal;
        if (last != null) {
            throw last;
        }
    }

    /** Lets nobody force unless somebody does: until {@link #reopen}, or for ever. Never true again once a force failed. */
    boolean tryShut() {
        return forcing.compareAndSet(FREE, HELD);
    }

    void reopen() {
        forcing.setVolatile(FREE);
    }

    @Override
    public String toString() {
        return "durable=" + offset() + " position=" + position();
    }
}
