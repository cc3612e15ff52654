package io.semel.idempotence;

/**
 * A producer id and the highest epoch handed out for it, for the whole directory: raising the epoch here is what fences
 * every older instance in every partition at once (T6), and ending the id here refuses it in every partition at once
 * (I4).
 *
 * <p>Thread rule: any thread, but {@link #isIdle}, {@link #expire} and {@link #goOn()}, the one that expires it. The
 * epoch only rises, also when the recoveries of several partitions raise it at once.
 *
 * <p>Invariant: what is said to be used before it is judged is not expired, or is refused: {@link #use()} writes and
 * then {@link #isAlive()} is read, {@link #expire} writes and then {@link #isUsed()} is read (I4).
 */
public final class ProducerIdentity {
    private static final long NEVER = Long.MIN_VALUE;

    /** From alive on it only goes down, but for an expiry that found the id at work. */
    private enum Life {
        ALIVE,
        /** Another id took its place. */
        RETIRED,
        /** Nobody used it for long. */
        EXPIRED
    }

    private final long producerId;
    private final Fences fences = new Fences();
    private volatile short epoch;
    private volatile Life life = Life.ALIVE;
    private volatile boolean used;
    private volatile boolean owned;
    private volatile boolean forgotten;
    private volatile String fencedBecause = "";
    /** The expiry's: what to say again if it was at work after all. */
    private String fencedBeforeExpiry = "";
    /** The newest timestamp that recovery found of it. */
    private long lastTimestampMs = NEVER;
    /** The expiry's. */
    private long activeMs = NEVER;

    private ProducerIdentity(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    static ProducerIdentity issued(long producerId) {
        ProducerIdentity identity = new ProducerIdentity(producerId, (short) 0);
        identity.use();
        return identity;
    }

    /** By a recovery: that is no use, or a directory that is opened every day would never forget anybody. */
    static ProducerIdentity found(long producerId, short epoch) {
        return new ProducerIdentity(producerId, epoch);
    }

    public long producerId() {
        return producerId;
    }

    public short epoch() {
        return epoch;
    }

    public boolean isAlive() {
        return life == Life.ALIVE;
    }

    /**
     * Whether it is dead because nobody used it, and not because somebody took its place: its owner asks for a new one.
     */
    public boolean isExpired() {
        return life == Life.EXPIRED;
    }

    /** Raises the epoch; never lowers it. {@code because} tells a fenced producer by whom and when. */
    public synchronized void raise(short newEpoch, String because) {
        if (newEpoch > epoch) {
            fences.add(newEpoch, because);
            fencedBecause = because;
            epoch = newEpoch;
        }
    }

    /** Why {@code itsEpoch}, which is fenced, is: by whom and when. */
    public String fencedBecause(short itsEpoch) {
        String first = fences.firstAbove(itsEpoch);
        return first.isEmpty() ? fencedBecause : first;
    }

    /** Ends the id: every batch that carries it is refused from now on. */
    public void retire(String because) {
        fencedBecause = because;
        life = Life.RETIRED;
    }

    /** As {@link #retire}, of an id that nobody uses. */
    public void expire(String because) {
        fencedBeforeExpiry = fencedBecause;
        fencedBecause = because;
        life = Life.EXPIRED;
    }

    /** Undoes {@link #expire} before anybody relies on it: it was at work after all. */
    void goOn() {
        fencedBecause = fencedBeforeExpiry;
        life = Life.ALIVE;
    }

    /** Why older epochs are fenced, or why the id is dead; empty when neither. */
    public String fencedBecause() {
        return fencedBecause;
    }

    /** Somebody speaks in its name, whatever becomes of it. Costs a read where it is called again and again. */
    public void use() {
        if (!used) {
            used = true;
        }
    }

    boolean isUsed() {
        return used;
    }

    /** Whether somebody spoke in its name since this was asked last. By the one thread that expires it. */
    public boolean takeUse() {
        boolean wasUsed = used;
        if (wasUsed) {
            used = false;
        }
        return wasUsed;
    }

    /** It belongs to a transactional id and dies with it, not before. */
    public void own() {
        owned = true;
    }

    /** Whether a transactional id hands out its epochs; else its producer raises them by itself (KIP-360). */
    public boolean isOwned() {
        return owned;
    }

    synchronized void written(long timestampMs) {
        lastTimestampMs = Math.max(lastTimestampMs, timestampMs);
    }

    /** The newest timestamp, in milliseconds, that recovery found of it; far in the past when there is none. */
    public synchronized long lastWrittenMs() {
        return lastTimestampMs;
    }

    /**
     * One look: whether nobody has used it for so long. An id that recovery found counts from its newest record on, and
     * is never idle at the first look: its owner may be knocking. A clock that was set back lets it begin anew.
     */
    boolean isIdle(long nowMs, long expirationMs) {
        if (owned) {
            return false;
        }
        if (takeUse()) {
            activeMs = nowMs;
        } else if (activeMs == NEVER) {
            activeMs = Math.min(nowMs, lastSeenMs(nowMs));
        } else if (nowMs < activeMs) {
            activeMs = nowMs;
        } else {
            return nowMs - activeMs >= expirationMs;
        }
        return false;
    }

    /** Records without a time say nothing. */
    private synchronized long lastSeenMs(long nowMs) {
        return lastTimestampMs < 0 ? nowMs : lastTimestampMs;
    }

    /** Its death is on the medium: partitions may forget it from here on, in whatever order. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    @Override
    public String toString() {
        return "producerId=" + producerId + " epoch=" + epoch + (isAlive() ? "" : " (" + life + ")");
    }
}
