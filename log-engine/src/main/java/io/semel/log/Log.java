package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;

/**
 * An append-only log of record batches over mapped segments: claim, fill, publish, advance.
 *
 * <p>The marks, in offsets and alike in positions: {@code start <= frontier <= claimed <= allocated}. Everything below
 * the frontier is filled, folded and readable; between frontier and claimed batches are being filled.
 *
 * <p>Invariants: the frontier never goes back (L6) and never passes a claim that is not published, in log order (L2,
 * L7); a batch is folded exactly once, before the frontier passes it (L4); nothing is unmapped while a claim is open.
 *
 * <p>Thread rule: any thread claims, fills and publishes its own claims; one thread at a time advances, holding the
 * baton; {@link #doWork()} may be called by any thread; {@link #close()} once, by the owner.
 */
public final class Log implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Log.class);

    /** 8192 cells of 64 bytes: half a mebibyte of batches can be in flight between frontier and claims. */
    static final int MARK_CELLS = 8192;

    private static final long FREE = 0;
    private static final long HELD = 1;

    private final Path directory;
    private final LogConfig config;
    private final LogFold fold;
    private final int leaderEpoch;
    private final SegmentChain chain;
    private final PublicationMarks marks = new PublicationMarks(MARK_CELLS);
    private final TailWaiters tailWaiters = new TailWaiters();
    private final RecordBatchView advancing = new RecordBatchView();

    /** Held by the one thread that applies published batches and moves the frontier; for ever once offline. */
    private final PaddedLong baton = new PaddedLong(FREE);
    private final PaddedLong frontierPosition;
    private final PaddedLong frontierOffset;
    /** The segment in which the frontier stands; belongs to the baton's holder. */
    private Segment frontierSegment;
    private volatile Throwable failure;
    /** A claim is open for ever: whoever filled it failed. */
    private volatile boolean abandoned;
    private volatile boolean closed;

    private Log(Path directory, LogConfig config, LogFold fold, int leaderEpoch, SegmentChain chain) {
        this.directory = directory;
        this.config = config;
        this.fold = fold;
        this.leaderEpoch = leaderEpoch;
        this.chain = chain;
        Segment active = chain.active();
        this.frontierSegment = active;
        this.frontierPosition = new PaddedLong(active.basePosition() + ClaimWord.bytes(active.claimsAcquire()));
        this.frontierOffset = new PaddedLong(active.claimedOffset());
    }

    /**
     * Opens the log in {@code directory}, which is created when missing, recovers it and folds all of its batches.
     *
     * @throws CorruptLogException when a part that was complete is damaged; nothing is changed then
     */
    public static Log open(Disk disk, Path directory, LogConfig config, LogFold fold) throws IOException {
        disk.createDirectories(directory);
        LogRecovery recovery = new LogRecovery(disk, directory, config, fold);
        List<RecoveredSegment> found = recovery.scan();
        LeaderEpochs epochs = LeaderEpochs.load(disk, directory);
        int epoch = Math.max(epochs.latest(), recovery.leaderEpoch());
        if (epoch < 0 || recovery.endedUncleanly()) {
            // Durable before anything is cut: a crash in between finds the unclean end again, and not a clean log that
            // goes on in the old epoch (L3).
            epoch++;
            epochs.begin(disk, directory, epoch, recovery.endOffset());
        }
        recovery.repair();
        return new Log(directory, config, fold, epoch, SegmentChain.open(disk, directory, config, found));
    }

    /**
     * Appends one whole encoded batch and advances the frontier as far as it goes.
     *
     * @return the offset of its first record, or a negative code of {@link Append}
     */
    public long append(Claim claim, ByteBuffer batch) {
        requireOneBatch(batch);
        int position = batch.position();
        long code = tryClaim(claim, RecordBatchLayout.lastOffsetDelta(batch, position) + 1, batch.remaining());
        if (code < 0) {
            return code;
        }
        fillAndPublish(claim, batch, position);
        return code;
    }

    /**
     * Refuses what is not exactly one batch, before anything is claimed: a claim that could not be filled would hold the
     * frontier back for ever, and a length field that lies would lead every reader astray.
     *
     * @throws IllegalArgumentException if position and limit do not enclose one big-endian batch of version 2
     */
    public static void requireOneBatch(ByteBuffer batch) {
        int lengthBytes = batch.remaining();
        if (batch.order() != ByteOrder.BIG_ENDIAN || lengthBytes < RecordBatchLayout.MIN_BATCH_LENGTH
                || RecordBatchLayout.sizeInBytes(batch, batch.position()) != lengthBytes
                || RecordBatchLayout.magic(batch, batch.position()) != RecordBatchLayout.MAGIC) {
            throw new IllegalArgumentException("not one whole record batch of version 2 between position and limit: "
                    + batch + " " + batch.order() + (lengthBytes < RecordBatchLayout.MIN_BATCH_LENGTH ? ""
                            : " says it has "
                                    + RecordBatchLayout.sizeInBytes(batch, batch.position()) + " bytes"));
        }
    }

    /**
     * Claims bytes and offsets in one atomic step. A claim that succeeds must be filled and published, at once.
     *
     * @param recordCount offsets to claim, at least 1
     * @param lengthBytes bytes to claim, {@link RecordBatchLayout#MIN_BATCH_LENGTH} to {@code max.message.bytes}
     * @return the offset of the first claimed record, or a negative code of {@link Append}
     */
    public long tryClaim(Claim claim, int recordCount, int lengthBytes) {
        if (lengthBytes < RecordBatchLayout.MIN_BATCH_LENGTH || lengthBytes > config.maxBatchBytes()
                || recordCount < 1) {
            throw outOfBounds(recordCount, lengthBytes);
        }
        while (true) {
            Segment segment = chain.active();
            long word = segment.claimsAcquire();
            if (ClaimWord.isSealed(word) || !ClaimWord.fits(word, recordCount, lengthBytes, segment.capacity())) {
                long code = chain.roll(segment);
                if (code < 0) {
                    return code;
                }
                continue;
            }
            int position = ClaimWord.bytes(word);
            if (!marks.covers(segment.basePosition() + position, frontierPosition.getAcquire())) {
                return failure == null ? Append.BACK_PRESSURED : Append.OFFLINE;
            }
            if (position + lengthBytes > segment.allocatedAcquire()) {
                long code = chain.extend(segment, position + lengthBytes);
                if (code < 0) {
                    return code;
                }
                continue;
            }
            if (segment.compareAndSetClaims(word, ClaimWord.plus(word, recordCount, lengthBytes))) {
                claim.set(segment, word, recordCount, lengthBytes, leaderEpoch);
                return claim.baseOffset();
            }
        }
    }

    private IllegalArgumentException outOfBounds(int recordCount, int lengthBytes) {
        return new IllegalArgumentException("batch out of bounds: log=" + directory + " lengthBytes=" + lengthBytes
                + " allowed=" + RecordBatchLayout.MIN_BATCH_LENGTH + ".." + config.maxBatchBytes()
                + " (max.message.bytes) recordCount=" + recordCount);
    }

    /**
     * Fills a claim with the batch at {@code position} and publishes it. Whatever goes wrong in between, a failing disk under
     * the mapping for one, leaves a claim that nobody will ever publish: then the log goes offline at once, because its
     * frontier could not move any more.
     */
    public void fillAndPublish(Claim claim, ByteBuffer batch, int position) {
        try {
            claim.fill(batch, position);
            marks.publishVolatile(claim.absolutePosition(), claim.absolutePosition() + claim.lengthBytes);
        } catch (Throwable e) {
            abandoned = true;
            if (takeBaton()) {
                goOffline(e);
            }
            throw e;
        }
        advance();
    }

    /** Publishes a filled claim and advances the frontier as far as it goes. */
    public void publish(Claim claim) {
        long position = claim.absolutePosition();
        marks.publishVolatile(position, position + claim.lengthBytes);
        advance();
    }

    /**
     * Moves the frontier over all that is published, unless another thread is at it: that one looks again after it has
     * let go of the baton, so no published batch is ever left behind. Mark and baton are written and then the other one
     * is read, all four volatile, so one of the two threads sees the other (L7).
     */
    private void advance() {
        long frontier;
        do {
            if (!baton.compareAndSet(FREE, HELD)) {
                return;
            }
            try {
                applyPublished();
            } catch (Throwable e) {
                goOffline(e);
                return;
            }
            frontier = frontierPosition.getPlain();
            baton.setVolatile(FREE);
            // The frontier as this thread left it: one that moved since has another thread to look after it.
        } while (marks.endAtVolatile(frontier) > frontier);
        tailWaiters.wakeAll();
    }

    private void applyPublished() {
        long position = frontierPosition.getPlain();
        Segment segment = frontierSegment;
        long end = marks.endAtAcquire(position);
        while (end > position) {
            if (position == segment.endPosition()) {
                segment = chain.after(segment);
                frontierSegment = segment;
            }
            int relative = (int) (position - segment.basePosition());
            advancing.wrap(segment.buffer(), relative);
            fold.apply(advancing, position);
            long nextOffset = advancing.nextOffset();
            segment.index(relative, advancing.baseOffset(), config.indexIntervalBytes());
            // Pairs with frontierPosition(): whoever sees the new frontier sees the batch and what the fold made of it.
            frontierPosition.setRelease(end);
            frontierOffset.setRelease(nextOffset);
            position = end;
            end = marks.endAtAcquire(position);
        }
    }

    /** Called with the baton held, and keeps it: a log whose state may be wrong moves no further. */
    private void goOffline(Throwable cause) {
        failure = cause;
        chain.stop(Append.OFFLINE);
        LOGGER.error("{} is offline: {}", directory, this, cause);
        tailWaiters.wakeAll();
    }

    /**
     * Background work, for whoever steps this log: writes the next blocks ahead of the claims, and finishes segments that
     * the frontier has left.
     *
     * @return the number of things done; 0 says that an idle strategy may idle
     */
    public int doWork() {
        try {
            return chain.shape(frontierPosition());
        } catch (ForceFailedException e) {
            // Nothing may be shown or acknowledged after a failed force (L5), so the frontier is stopped first.
            if (takeBaton()) {
                goOffline(e);
            }
            return 1;
        }
    }

    /**
     * Returns once all that is acknowledged is on the medium: for the rare record on which the fate of files depends.
     * Waits for the disk, so this is nothing for a hot path.
     *
     * @throws IOException when it is not known to be on the medium; after a failed force the log is offline (L5)
     */
    public void force() throws IOException {
        try {
            chain.force();
        } catch (ForceFailedException e) {
            if (takeBaton()) {
                goOffline(e);
            }
            throw e;
        }
    }

    /** False when the log is offline: then its baton is never free again. */
    private boolean takeBaton() {
        while (!baton.compareAndSet(FREE, HELD)) {
            if (failure != null) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }

    /** A reader of this log, standing at the log's start. */
    public LogReader openReader() {
        return new LogReader(this, chain);
    }

    /** Puts the waiter on the list of those woken by the next advance; look at the frontier again before sleeping. */
    public void wakeOnAdvance(TailWaiter.Registration registration) {
        tailWaiters.add(registration);
    }

    /** First position not yet readable, log-absolute, in bytes. L2: never passes an unpublished claim. */
    public long frontierPosition() {
        return frontierPosition.getAcquire();
    }

    /** First offset not yet readable. May lag behind {@link #frontierPosition()} by one batch. */
    public long frontierOffset() {
        return frontierOffset.getAcquire();
    }

    /**
     * Every append whose ticket, the offset after its last record, is at most this is acknowledged: it survives
     * {@code kill -9} of this process.
     */
    public long acknowledgedOffset() {
        return frontierOffset();
    }

    /** The offset after the last claimed record; what is at or past {@link #frontierOffset()} is still being filled. */
    public long claimedOffset() {
        return chain.active().claimedOffset();
    }

    /** The first offset that the log holds, or would hold. */
    public long startOffset() {
        return chain.first().baseOffset();
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    public LogConfig config() {
        return config;
    }

    /** Why the log is offline; null while it is not. */
    public Throwable failure() {
        return failure;
    }

    /** Bytes of all batches that the log holds. */
    public long sizeInBytes() {
        return frontierPosition() - chain.first().basePosition();
    }

    /**
     * Ends the claims, waits for those under way, cuts the unused end off and forces. A thread that still tries to append
     * is answered {@link Append#CLOSED}; readers keep their mapping until they let go of it, and waiters are woken.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        chain.holdForEver();
        boolean filled = awaitPublished(chain.stop(Append.CLOSED));
        boolean intact = takeBaton();
        tailWaiters.wakeAll();
        if (!filled) {
            // Others may still be filling behind the claim that stays open, and nobody can tell when they are done.
            LOGGER.error("{} keeps its mappings until the process ends: a claim was never filled", directory, failure);
            return;
        }
        if (intact) {
            chain.close();
        } else {
            chain.abandon();
        }
    }

    /**
     * Unmapping under a claim would kill the JVM, so even an offline log waits until all claims are filled. False when one of
     * them never will be.
     */
    private boolean awaitPublished(long end) {
        while (failure == null && frontierPosition() < end) {
            advance();
            Thread.yield();
        }
        // Offline, the frontier stands still: the marks from there on tell what is filled.
        long position = frontierPosition();
        while (position < end) {
            if (abandoned) {
                return false;
            }
            position = Math.max(position, marks.endAtAcquire(position));
            Thread.yield();
        }
        return true;
    }

    @Override
    public String toString() {
        return "Log{" + directory + ", start=" + startOffset() + " <= frontier=" + frontierOffset() + " <= claimed="
                + claimedOffset() + ", leaderEpoch=" + leaderEpoch + ", " + chain.active()
                + (failure == null ? "" : ", offline: " + failure) + '}';
    }
}
