package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.compaction.CompactionGuide;
import io.semel.log.memory.Disk;

/**
 * An append-only log of record batches over mapped segments: claim, fill, publish, advance.
 *
 * <p>The marks, in offsets and alike in positions: {@code start <= frontier <= claimed <= allocated} and
 * {@code durable <= frontier}. Below the frontier all is filled and folded; from there to claimed batches are being filled.
 *
 * <p>Invariants: the frontier never goes back (L6) and never passes a claim that is not published, in log order (L2,
 * L7); a batch is folded exactly once, before the frontier passes it (L4); nothing is unmapped while a claim is open.
 *
 * <p>Thread rule: any thread claims, fills and publishes its own claims; one thread at a time advances, holding the
 * baton; {@link #doWork()} may be called by any thread; {@link #close()} once, by the owner.
 */
public final class Log implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Log.class);

    private final Path directory;
    private final LogConfig config;
    private final int leaderEpoch;
    private final SegmentChain chain;
    private final Frontier frontier;
    private final GroupCommit groupCommit;
    private final Checkpointing checkpointing;
    private final LogStart start;
    private final Cleaning cleaning;
    private final DirectClaims directClaims = new DirectClaims();
    private final TailWaiters tailWaiters = new TailWaiters();
    /** The durability, at hand: it is asked for with every batch. */
    private final boolean isProcess;
    private volatile Throwable failure;
    /** A claim is open for ever: whoever filled it failed. */
    private volatile boolean abandoned;
    private volatile boolean closed;

    Log(Path directory, LogConfig config, LogFold fold, int leaderEpoch, SegmentChain chain,
            LogRecovery recovery, Compactor compactor, Disk disk) {
        this.directory = directory;
        this.config = config;
        this.leaderEpoch = leaderEpoch;
        this.isProcess = config.durability() == Durability.PROCESS;
        this.chain = chain;
        this.frontier = new Frontier(chain, fold);
        this.groupCommit = GroupCommit.after(recovery, chain, frontier);
        this.checkpointing = new Checkpointing(directory, config, chain, frontier, fold, leaderEpoch, recovery, disk);
        this.start = recovery.start();
        this.cleaning = new Cleaning(directory, chain, new Retention(directory, config, chain, frontier, start),
                compactor, checkpointing);
    }

    /**
     * Opens the log in {@code directory}, which is created when missing, recovers it and brings the fold to its end.
     *
     * @throws CorruptLogException when a part that was complete is damaged; nothing is changed then
     */
    public static Log open(Disk disk, Path directory, LogConfig config, LogFold fold) throws IOException {
        return open(disk, directory, config, fold, RecoveryProgress.UNHEARD);
    }

    /** As {@link #open(Disk, Path, LogConfig, LogFold)}, for whoever wants to hear how far it is. */
    public static Log open(Disk disk, Path directory, LogConfig config, LogFold fold, RecoveryProgress progress)
            throws IOException {
        return LogOpening.open(disk, directory, config, fold, progress);
    }

    /**
     * Appends one whole encoded batch and advances the frontier as far as it goes.
     *
     * @return the offset of its first record, or a negative code of {@link Append}
     */
    public long append(Claim claim, ByteBuffer batch) {
        WholeBatch.require(batch);
        int position = batch.position();
        long code = tryClaim(claim, RecordBatchLayout.lastOffsetDelta(batch, position) + 1, batch.remaining());
        if (code < 0) {
            return code;
        }
        fillAndPublish(claim, batch, position);
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
        WholeBatch.requireBounds(directory, recordCount, lengthBytes, config.maxBatchBytes());
        try {
            return claim(claim, recordCount, lengthBytes);
        } catch (ForceFailedException | InternalError e) {
            stopFor(e);
            return Append.OFFLINE;
        }
    }

    private long claim(Claim claim, int recordCount, int lengthBytes) throws ForceFailedException {
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
            if (!frontier.admits(segment.basePosition() + position)) {
                return failure == null ? Append.BACK_PRESSURED : Append.OFFLINE;
            }
            if (position + lengthBytes > segment.allocatedAcquire()) {
                long code = chain.extend(segment, position + lengthBytes);
                if (code < 0) {
                    return code;
                }
                continue;
            }
            frontier.prepare();
            if (segment.compareAndSetClaims(word, ClaimWord.plus(word, recordCount, lengthBytes))) {
                claim.set(segment, word, recordCount, lengthBytes, leaderEpoch);
                return claim.baseOffset();
            }
        }
    }

    /**
     * Fills a claim with the batch at {@code position} and publishes it. Whatever goes wrong in between, a failing disk under
     * the mapping for one, leaves a claim that nobody will ever publish: then the log goes offline at once, because its
     * frontier could not move any more.
     */
    public void fillAndPublish(Claim claim, ByteBuffer batch, int position) {
        try {
            claim.fill(batch, position);
        } catch (Throwable e) {
            abandoned = true;
            stopFor(e);
            throw e;
        }
        publish(claim);
    }

    /** Publishes a filled claim and advances the frontier as far as it goes. */
    public void publish(Claim claim) {
        long position = claim.absolutePosition();
        boolean advanced;
        try {
            advanced = frontier.publishAndAdvance(position, position + claim.lengthBytes);
        } catch (Throwable e) {
            goOffline(e);
            return;
        }
        wakeAfter(advanced);
    }

    DirectClaims directClaims() {
        return directClaims;
    }

    void advance() {
        boolean advanced;
        try {
            advanced = frontier.advance();
        } catch (Throwable e) {
            goOffline(e);
            return;
        }
        wakeAfter(advanced);
    }

    /** In POWER what is readable moves with the durable mark, and who moves that wakes. */
    private void wakeAfter(boolean advanced) {
        if (advanced && isProcess) {
            tailWaiters.wakeAll();
        }
    }

    /** Called with the frontier held, and keeps it: a log whose state may be wrong moves no further. */
    void goOffline(Throwable cause) {
        failure = cause;
        chain.stop(Append.OFFLINE);
        LOGGER.error("{} is offline: {}", directory, this, cause);
        tailWaiters.wakeAll();
    }

    /** Takes the log offline, the frontier first: nothing is shown or acknowledged any more (L5). InternalError: a page can't be had. */
    private void stopFor(Throwable cause) {
        if (holdFrontier()) {
            goOffline(cause);
        }
    }

    /** False when the log is offline: then its frontier is never free again. */
    boolean holdFrontier() {
        while (!frontier.tryHold()) {
            if (failure != null) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }

    /**
     * Background work that appenders may soon wait for: writes the next blocks ahead of the claims.
     *
     * @return the number of things done; 0 says that an idle strategy may idle
     */
    public int doWork() {
        try {
            return chain.extendAhead();
        } catch (ForceFailedException | InternalError e) {
            stopFor(e);
            return 1;
        }
    }

    /**
     * Background work that waits for the disk, for a thread that nobody waits for: finishes the segments that the frontier
     * has left, takes checkpoints, and in {@link Durability#POWER} forces what nobody else does. One thread at a time.
     *
     * @return the number of things done; 0 says that an idle strategy may idle
     */
    public int flush() {
        try {
            return chain.finishBelow(frontier.position())
                    + (groupCommit.isDue(config.durability()) && tryForce() ? 1 : 0) + chain.restoreIndexes()
                    + (checkpointing.takeIfDue(this, groupCommit) ? 1 : 0);
        } catch (ForceFailedException | InternalError e) {
            stopFor(e);
            return 1;
        }
    }

    /** Has the flusher force soon what was appended: for whoever wants an acknowledgement and does not wait himself. */
    public void wantForce() {
        groupCommit.want();
    }

    /**
     * Forces all that is readable or waits to be, unless another thread is at it: then come back, its force may not cover what
     * was appended last. Waits for the disk. False too when the log is offline or closed, see {@link #failure()}.
     */
    public boolean tryForce() {
        try {
            // Whatever failed, blocks, a finished segment or this: no later force says what is on the medium (L5).
            if (failure != null || !groupCommit.tryForce(checkpointing)) {
                return false;
            }
        } catch (ForceFailedException e) {
            stopFor(e);
            return false;
        } catch (Throwable e) {
            // A failing mapping, for one: nobody may wait for a door that stays shut.
            stopFor(e);
            throw e;
        }
        if (!isProcess) {
            tailWaiters.wakeAll();
        }
        return true;
    }

    /**
     * Returns once all that is behind the frontier is on the medium: for the rare record on which the fate of files depends.
     * Waits for the disk, so this is nothing for a hot path.
     *
     * @throws IOException when it is not known to be on the medium; after a failed force the log is offline (L5)
     */
    public void force() throws IOException {
        long wanted = frontier.offset();
        while (groupCommit.offset() < wanted) {
            requireUsable("forced");
            if (!tryForce()) {
                groupCommit.throwRefusal();
                Thread.yield();
            }
        }
    }

    /**
     * Background work that nobody waits for: where {@link CompactionConfig} says so, a slice of taking away what a newer
     * record of its key supersedes, and what was aborted. One thread at a time, and not beside {@link #clean}.
     */
    public int compact(long nowMs, CompactionGuide guide, CompactionResources resources) {
        return failure == null ? cleaning.compact(nowMs, guide, resources, this) : cleaning.abandonCompaction();
    }

    /** How far this log is compacted, and what the compactor is doing. */
    public Compactor compaction() {
        return cleaning.compactor();
    }

    /**
     * The first readable record by offset that is at least as young as {@code timestampMs}, or
     * {@link TimestampedOffset#NONE}. Reads index files, so this is nothing for a hot path.
     */
    public TimestampedOffset offsetForTimestamp(long timestampMs) {
        try (LogReader reader = openReader()) {
            return TimestampSearch.firstSince(reader, readablePosition(), timestampMs, startOffset());
        }
    }

    /** The youngest readable record, of several the first by offset, or {@link TimestampedOffset#NONE}. */
    public TimestampedOffset offsetOfMaxTimestamp() {
        try (LogReader reader = openReader()) {
            return TimestampSearch.youngest(chain, reader, readablePosition(), startOffset());
        }
    }

    /**
     * Background work that nobody waits for: deletes whole segments whose records are too old or too many
     * ({@link RetentionConfig}), as far as they lie below {@code boundOffset}, and the files of those that nobody reads any
     * more. A bounded round, one thread at a time.
     *
     * @return the number of things done; 0 says that an idle strategy may idle
     */
    public int clean(long nowMs, long boundOffset) {
        try {
            return failure == null ? cleaning.clean(nowMs, boundOffset) : 0;
        } catch (ForceFailedException | InternalError e) {
            stopFor(e);
            return 0;
        }
    }

    /**
     * Deletes all records below {@code offset}: from now on the log begins there, or where it began if that is further. The
     * start is on the medium when this returns; whole segments below it are deleted, the rest of one goes with its segment.
     *
     * @return the start
     * @throws IllegalArgumentException when {@code offset} is past what is readable
     * @throws IOException              when the disk fails, or the log is offline or closed; the start may have moved then
     */
    public long deleteRecordsBefore(long offset) throws IOException {
        if (offset > readableOffset()) {
            throw new IllegalArgumentException("can't delete what is not readable: " + directory + " before offset "
                    + offset + ", readable are " + startOffset() + ".." + readableOffset());
        }
        if (offset > startOffset()) {
            // So that no crash leaves a log that ends before its start.
            force();
            while (!cleaning.tryDeleteBefore(offset)) {
                requireUsable("deleted");
                Thread.yield();
            }
        }
        return startOffset();
    }

    private void requireUsable(String wanted) throws IOException {
        if (failure instanceof ForceFailedException forceFailed) {
            throw forceFailed;
        }
        if (failure != null || closed) {
            throw new IOException("not " + wanted + ": " + directory + " is " + (closed ? "closed" : "offline"),
                    failure);
        }
    }

    /** Keeps records by other limits from the next {@link #clean} on. */
    public void retain(RetentionConfig limits) {
        cleaning.retention().retain(limits);
    }

    /** What {@link #clean} has done so far. */
    public CleaningProgress cleaningProgress() {
        return cleaning.retention().progress();
    }

    /** A reader of this log, standing at the log's start. */
    public LogReader openReader() {
        return new LogReader(this, chain);
    }

    /** Puts the waiter on the list of those woken by the next advance; look at the frontier again before sleeping. */
    public void wakeOnAdvance(TailWaiter.Registration registration) {
        tailWaiters.add(registration);
    }

    /** Takes a waiter that is done off the list; others may be woken for nothing. */
    public void stopWaking(TailWaiter.Registration registration) {
        tailWaiters.remove(registration);
    }

    /** First position not yet readable, log-absolute, in bytes. L2: never passes an unpublished claim. */
    public long frontierPosition() {
        return frontier.position();
    }

    /** First offset not yet readable. May lag behind {@link #frontierPosition()} by one batch. */
    public long frontierOffset() {
        return frontier.offset();
    }

    /** First position that readers may not see yet: the frontier, in {@link Durability#POWER} only as far as it is durable. */
    public long readablePosition() {
        return isProcess ? frontier.position() : Math.min(frontier.position(), groupCommit.position());
    }

    /** First offset that readers may not see yet. May lag behind {@link #readablePosition()} by one batch. */
    public long readableOffset() {
        return isProcess ? frontier.offset() : Math.min(frontier.offset(), groupCommit.offset());
    }

    /** Everything below this offset is on the medium. */
    public long durableOffset() {
        return groupCommit.offset();
    }

    /**
     * Every append whose ticket, the offset after its last record, is at most this is acknowledged: it survives what
     * {@link LogConfig#durability()} promises (L1).
     */
    public long acknowledgedOffset() {
        return readableOffset();
    }

    /** The offset after the last claimed record; what is at or past {@link #frontierOffset()} is still being filled. */
    public long claimedOffset() {
        return chain.active().claimedOffset();
    }

    /** The first offset that the log serves, or would serve. L6: never goes back. */
    public long startOffset() {
        return start.offset();
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    public LogConfig config() {
        return config;
    }

    /** What holds back the frontier longest of the direct claims, for whoever reports it; null when none is open. */
    public DirectClaim oldestDirectClaim() {
        return directClaims.oldest();
    }

    /** Why the log is offline; null while it is not. */
    public Throwable failure() {
        return failure;
    }

    /** Why the last append was answered {@link Append#DISK_FULL}; null once there is room again. */
    public IOException refusal() {
        return chain.refusal();
    }

    /** Bytes of all batches that the log holds. */
    public long sizeInBytes() {
        return chain.sizeInBytes(frontierPosition());
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
        new LogClosing(this, chain, frontier, groupCommit, checkpointing, cleaning, directClaims).close();
    }

    boolean isAbandoned() {
        return abandoned;
    }

    void wakeAll() {
        tailWaiters.wakeAll();
    }

    @Override
    public String toString() {
        return "Log{" + directory + ", start=" + startOffset() + " <= durable=" + durableOffset() + " <= frontier="
                + frontierOffset() + " <= claimed=" + claimedOffset() + ", leaderEpoch=" + leaderEpoch + ", " + chain
                        .active()
                + (failure == null ? "" : ", offline: " + failure) + '}';
    }
}
