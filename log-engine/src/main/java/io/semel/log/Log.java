package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
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
 * L7); a batch is folded exactly once, before the frontier passes it (L4).
 *
 * <p>Thread rule: any thread claims, fills and publishes its own claims; one thread at a time advances, holding the
 * baton; {@link #doWork()} may be called by any thread; {@link #close()} once, by the owner.
 */
public final class Log implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Log.class);

    /** 8192 cells of 64 bytes: half a mebibyte of batches can be in flight between frontier and claims. */
    private static final int MARK_CELLS = 8192;

    private static final long FREE = 0;
    private static final long HELD = 1;

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final LogFold fold;
    private final int leaderEpoch;
    private final PublicationMarks marks = new PublicationMarks(MARK_CELLS);
    private final TailWaiters tailWaiters = new TailWaiters();
    private final RecordBatchView advancing = new RecordBatchView();

    /** Held by the one thread that applies published batches and moves the frontier. */
    private final PaddedLong baton = new PaddedLong(FREE);
    /** Held by the one thread that rolls or extends. */
    private final PaddedLong shaping = new PaddedLong(FREE);
    private final PaddedLong frontierPosition;
    private final PaddedLong frontierOffset;
    /** Sorted by base offset; replaced as a whole under {@link #shaping}. The last one is {@link #active}. */
    private volatile Segment[] segments;
    private volatile Segment active;
    /** The segment in which the frontier stands; belongs to the baton's holder. */
    private Segment frontierSegment;
    private volatile Throwable failure;
    private volatile boolean closed;

    private Log(Disk disk, Path directory, LogConfig config, LogFold fold, int leaderEpoch, Segment[] segments) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.fold = fold;
        this.leaderEpoch = leaderEpoch;
        this.segments = segments;
        this.active = segments[segments.length - 1];
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
        List<RecoveredSegment> found = recovery.run();
        LeaderEpochs epochs = LeaderEpochs.load(disk, directory);
        int epoch = Math.max(epochs.latest(), recovery.leaderEpoch());
        if (epoch < 0 || recovery.tailWasCut()) {
            epoch++;
            epochs.begin(disk, directory, epoch, found.isEmpty() ? 0 : found.get(found.size() - 1).nextOffset());
        }
        return new Log(disk, directory, config, fold, epoch, openSegments(disk, directory, config, found));
    }

    private static Segment[] openSegments(Disk disk, Path directory, LogConfig config, List<RecoveredSegment> found)
            throws IOException {
        if (found.isEmpty()) {
            return new Segment[] {Segment.create(disk, directory, 0, 0, config.segmentBytes())};
        }
        Segment[] opened = new Segment[found.size()];
        for (int index = 0; index < opened.length; index++) {
            SegmentUse use = index == opened.length - 1 ? SegmentUse.APPEND : SegmentUse.READ;
            if (use == SegmentUse.APPEND) {
                // An index file says that a segment is complete; this one goes on.
                disk.delete(LogRecovery.indexOf(found.get(index).path()));
            }
            opened[index] = Segment.recovered(disk, found.get(index), config.segmentBytes(), use);
        }
        return opened;
    }

    /**
     * Appends one whole encoded batch and advances the frontier as far as it goes.
     *
     * @return the offset of its first record, or a negative code of {@link Append}
     */
    public long append(Claim claim, ByteBuffer batch) {
        int position = batch.position();
        long code = tryClaim(claim, RecordBatchLayout.lastOffsetDelta(batch, position) + 1, batch.remaining());
        if (code < 0) {
            return code;
        }
        claim.fill(batch, position);
        publish(claim);
        return code;
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
            throw new IllegalArgumentException("batch out of bounds: log=" + directory + " lengthBytes=" + lengthBytes
                    + " allowed=" + RecordBatchLayout.MIN_BATCH_LENGTH + ".." + config.maxBatchBytes()
                    + " (max.message.bytes) recordCount=" + recordCount);
        }
        while (true) {
            Segment segment = active;
            long word = segment.claimsAcquire();
            if (ClaimWord.isSealed(word) || !ClaimWord.fits(word, recordCount, lengthBytes, segment.capacity())) {
                long code = roll(segment);
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
                long code = extend(segment, position + lengthBytes);
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

    /** Publishes a filled claim and advances the frontier as far as it goes. */
    public void publish(Claim claim) {
        long position = claim.absolutePosition();
        marks.publishVolatile(position, position + claim.lengthBytes);
        advance();
    }

    /**
     * Moves the frontier over all that is published, unless another thread is at it: that one looks again after it has
     * let go of the baton, so no published batch is ever left behind. The release of the baton is volatile and so is
     * the publication, so one of the two threads sees the other (L7).
     */
    private void advance() {
        do {
            if (!baton.compareAndSet(FREE, HELD)) {
                return;
            }
            try {
                applyPublished();
            } catch (Throwable e) {
                // The baton stays held: a log whose state may be wrong moves no further.
                goOffline(e);
                return;
            }
            baton.setVolatile(FREE);
        } while (marks.endAtAcquire(frontierPosition.getAcquire()) > frontierPosition.getAcquire());
        tailWaiters.wakeAll();
    }

    private void applyPublished() {
        long position = frontierPosition.getPlain();
        Segment segment = frontierSegment;
        long end = marks.endAtAcquire(position);
        while (end > position) {
            if (position == segment.endPosition()) {
                segment = segmentAfter(segment);
                frontierSegment = segment;
            }
            int relative = (int) (position - segment.basePosition());
            advancing.wrap(segment.buffer(), relative);
            fold.apply(advancing, position);
            segment.index(relative, advancing.baseOffset(), config.indexIntervalBytes());
            long nextOffset = advancing.nextOffset();
            // Pairs with frontierPosition(): whoever sees the new frontier sees the batch and what the fold made of it.
            frontierPosition.setRelease(end);
            frontierOffset.setRelease(nextOffset);
            position = end;
            end = marks.endAtAcquire(position);
        }
    }

    private Segment segmentAfter(Segment segment) {
        Segment[] all = segments;
        for (int index = all.length - 2; index >= 0; index--) {
            if (all[index] == segment) {
                return all[index + 1];
            }
        }
        throw new IllegalStateException("no segment follows " + segment + " in " + this);
    }

    /** Puts a fresh segment behind a full one. Returns 0, or why it could not. */
    private long roll(Segment full) {
        if (closed) {
            return Append.CLOSED;
        }
        if (failure != null) {
            return Append.OFFLINE;
        }
        if (!shaping.compareAndSet(FREE, HELD)) {
            return Append.BACK_PRESSURED;
        }
        try {
            if (active == full && !closed) {
                long word = full.seal();
                Segment next = Segment.create(disk, directory, full.baseOffset() + ClaimWord.records(word),
                        full.basePosition() + ClaimWord.bytes(word), config.segmentBytes());
                Segment[] current = segments;
                Segment[] longer = Arrays.copyOf(current, current.length + 1);
                longer[current.length] = next;
                segments = longer;
                active = next;
            }
            return 0;
        } catch (IOException e) {
            return refused("a new segment", e);
        } finally {
            shaping.setRelease(FREE);
        }
    }

    private long extend(Segment segment, int neededEnd) {
        if (!shaping.compareAndSet(FREE, HELD)) {
            return Append.BACK_PRESSURED;
        }
        try {
            int missing = neededEnd - segment.allocatedAcquire();
            if (missing > 0) {
                segment.extend(missing);
            }
            return 0;
        } catch (IOException e) {
            return refused("the next blocks of " + segment, e);
        } finally {
            shaping.setRelease(FREE);
        }
    }

    private long refused(String what, IOException cause) {
        LOGGER.warn("{}: no disk for {}: {}; appends are refused until there is", directory, what, cause.toString());
        return Append.DISK_FULL;
    }

    private void goOffline(Throwable cause) {
        failure = cause;
        active.seal();
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
        if (closed || failure != null || !shaping.compareAndSet(FREE, HELD)) {
            return 0;
        }
        try {
            return extendAhead() + finishSealed();
        } catch (IOException e) {
            refused("blocks ahead or a finished segment", e);
            return 0;
        } finally {
            shaping.setRelease(FREE);
        }
    }

    private int extendAhead() throws IOException {
        if (!active.wantsExtension()) {
            return 0;
        }
        active.extend(1);
        return 1;
    }

    private int finishSealed() throws IOException {
        int done = 0;
        long frontier = frontierPosition();
        for (Segment segment : segments) {
            if (!segment.isFinished() && segment != active && segment.endPosition() <= frontier) {
                segment.finish(disk);
                done++;
            }
        }
        return done;
    }

    /** A reader of this log, standing at the log's start. */
    public LogReader openReader() {
        return new LogReader(this);
    }

    /** Puts the waiter on the list of those woken by the next advance; look at the frontier again before sleeping. */
    public void wakeOnAdvance(TailWaiter.Registration registration) {
        tailWaiters.add(registration);
    }

    /** First position not yet readable, log-absolute, in bytes. L2: never passes an unpublished claim. */
    public long frontierPosition() {
        return frontierPosition.getAcquire();
    }

    /** First offset not yet readable. May lag behind {@link #frontierPosition()} by the batches of one advance. */
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
        return active.claimedOffset();
    }

    /** The first offset that the log holds, or would hold. */
    public long startOffset() {
        return segments[0].baseOffset();
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
        return frontierPosition() - segments[0].basePosition();
    }

    Segment[] segments() {
        return segments;
    }

    /** The segment that holds {@code offset}, or the first or last one when the offset is outside the log. */
    Segment segmentOf(long offset) {
        Segment[] all = segments;
        int low = 0;
        int high = all.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (all[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return all[low];
    }

    /**
     * Ends the claims, waits for those under way, cuts the unused end off and forces. A thread that still tries to append
     * is answered {@link Append#CLOSED}; readers keep their mapping until they let go of it.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        while (!shaping.compareAndSet(FREE, HELD)) {
            Thread.onSpinWait();
        }
        long end = active.basePosition() + ClaimWord.bytes(active.seal());
        // A claim is filled within one copy, so this wait is short; an offline log has nothing to wait for.
        while (failure == null && frontierPosition() < end) {
            advance();
            Thread.onSpinWait();
        }
        while (failure == null && !baton.compareAndSet(FREE, HELD)) {
            Thread.onSpinWait();
        }
        for (Segment segment : segments) {
            if (failure == null) {
                segment.close();
            } else {
                segment.abandon();
            }
        }
    }

    @Override
    public String toString() {
        return "Log{" + directory + ", start=" + startOffset() + " <= frontier=" + frontierOffset() + " <= claimed="
                + claimedOffset() + ", leaderEpoch=" + leaderEpoch + ", " + active
                + (failure == null ? "" : ", offline: " + failure) + '}';
    }
}
