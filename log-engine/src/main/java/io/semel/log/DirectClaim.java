package io.semel.log;

import java.nio.ByteBuffer;

import io.semel.log.batch.DirectBatch;

/**
 * One record that is written where it will stay: claim, write the value into the log's own bytes, commit. Nothing is
 * copied. Instead of a commit, an abort leaves a filler that every client skips: offsets stay dense.
 *
 * <p>While it is open nothing behind it becomes readable, in this log, for anybody: write at once. It keeps its bytes mapped,
 * even over the end of the log. A process that is killed meanwhile leaves a torn tail, which recovery cuts off.
 *
 * <p>A flyweight: one instance for any number of claims, one at a time. Thread rule: one thread at a time.
 */
public final class DirectClaim {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Log log;
    private final Claim claim = new Claim();
    /** The claimed segment's bytes, with bounds of our own. */
    private ByteBuffer window = NOTHING;
    private ByteBuffer windowSource = NOTHING;
    private volatile long openPosition = -1;
    private volatile long openedMs;

    public DirectClaim(Log log) {
        this.log = log;
    }

    /**
     * Claims room for one record without headers.
     *
     * @param valueLength bytes that will be written, all of them
     * @param nowMs       the record's time stamp
     * @return the record's offset, or a negative code of {@link Append}; then nothing is open
     * @throws IllegalArgumentException when it is too long for a batch, or key and value have fewer than
     *     {@link DirectBatch#MIN_CONTENT_LENGTH} bytes together
     */
    public long tryClaim(byte[] keyOrNull, int valueLength, long nowMs) {
        requireNotOpen();
        int keyLength = keyOrNull == null ? -1 : keyOrNull.length;
        long lengthBytes = DirectBatch.lengthOf(keyLength, valueLength);
        if (valueLength < 0 || lengthBytes > log.config().maxBatchBytes()
                || !DirectBatch.isPossible((int) lengthBytes)) {
            throw new IllegalArgumentException("no room for a direct claim: keyBytes=" + keyLength + " valueBytes="
                    + valueLength + " batchBytes=" + lengthBytes + " allowed=" + DirectBatch.MIN_LENGTH + ".."
                    + log.config().maxBatchBytes() + " (max.message.bytes); key and value together need at least "
                    + DirectBatch.MIN_CONTENT_LENGTH + " bytes");
        }
        if (!log.directClaims().tryEnter(this)) {
            return Append.TOO_MANY_CLAIMS;
        }
        long offset = claimAndLease((int) lengthBytes, nowMs);
        if (offset < 0) {
            log.directClaims().leave(this);
            return offset;
        }
        int value = DirectBatch.frame(claim.buffer(), claim.position(), keyOrNull, valueLength, nowMs);
        windowOf(claim.buffer()).limit(value + valueLength).position(value);
        return offset;
    }

    private long claimAndLease(int lengthBytes, long nowMs) {
        long offset = log.tryClaim(claim, 1, lengthBytes);
        if (offset >= 0) {
            // The log can't let go of a segment with a claim that is not published, so the lease is always given.
            claim.lease();
            openedMs = nowMs;
            openPosition = claim.absolutePosition();
        }
        return offset;
    }

    private ByteBuffer windowOf(ByteBuffer source) {
        if (windowSource != source) {
            windowSource = source;
            window = source.duplicate();
        }
        return window.clear();
    }

    /** Where the value goes: from position to limit, of this claim alone, until it is committed or aborted. */
    public ByteBuffer value() {
        requireOpen();
        return window;
    }

    /**
     * Publishes the record.
     *
     * @return the ticket: the offset after the record, see {@link Log#acknowledgedOffset()}
     */
    public long commit() {
        requireOpen();
        DirectBatch.seal(claim.buffer(), claim.position());
        return end();
    }

    /** Gives the record up; its bytes and its offset become a filler. Nothing happens when no claim is open. */
    public void abort() {
        if (isOpen()) {
            DirectBatch.fill(claim.buffer(), claim.position(), claim.lengthBytes, 1, openedMs);
            end();
        }
    }

    private long end() {
        claim.stamp();
        window.limit(0);
        openPosition = -1;
        try {
            log.publish(claim);
        } finally {
            log.directClaims().leave(this);
            claim.releaseLease();
        }
        return claim.endOffset();
    }

    public boolean isOpen() {
        return openPosition >= 0;
    }

    /** When the open claim, or the last one, was opened: its record's time stamp, in milliseconds since the epoch. Any thread. */
    public long openedMs() {
        return openedMs;
    }

    long endIfOpenAt(long position) {
        return openPosition == position ? position + claim.lengthBytes : -1;
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new IllegalStateException("no claim is open in " + log + "; claim first");
        }
    }

    private void requireNotOpen() {
        if (isOpen()) {
            throw new IllegalStateException("a claim is open at offset " + claim.baseOffset() + " of " + log
                    + "; commit or abort it first");
        }
    }

    @Override
    public String toString() {
        return isOpen() ? "DirectClaim{offset=" + claim.baseOffset() + ", valueBytes=" + window.limit() + ", openedMs="
                + openedMs + '}' : "DirectClaim{not open}";
    }
}
