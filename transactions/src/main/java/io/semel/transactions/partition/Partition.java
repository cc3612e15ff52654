package io.semel.transactions.partition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.idempotence.ProducerIdentity;
import io.semel.idempotence.ProducerState;
import io.semel.idempotence.ProducerStates;
import io.semel.log.CompactionResources;
import io.semel.log.DirectClaim;
import io.semel.log.Durability;
import io.semel.log.Log;
import io.semel.log.LogConfig;
import io.semel.log.LogFold;
import io.semel.log.SnapshotWriter;
import io.semel.log.SnapshottableFold;
import io.semel.log.TailWaiter;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Limit;

/**
 * One partition: a log, and what its batches say of producers and transactions.
 *
 * <p>The marks: {@code start <= stable (LSO) <= readable <= frontier <= claimed}. The last stable offset is where the
 * oldest open transaction begins, or the readable end when none is open.
 *
 * <p>Thread rule: any thread appends through a {@link PartitionWriter} of its own and reads through a
 * {@link PartitionReader} of its own; the fold is run by the log.
 */
public final class Partition implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Partition.class);

    /** A value is written in microseconds; whoever takes seconds has forgotten the claim. */
    static final long CLAIM_REPORT_AGE_MS = 5_000;

    private static final long NONE_REPORTED = Long.MIN_VALUE;

    /** What the records of ordinary topics mean to the broker. */
    public static final SnapshottableFold NO_CONTENT = new NoContent();

    private final PartitionId id;
    private final UUID topicId;
    private final Log log;
    private final ProducerStates producers;
    private final OpenTransactions open;
    private final AbortedTransactions aborted;
    private final TailRoom tailRoom;
    /** When the claim was opened that was reported last; the cleaner's. */
    private long reportedClaimMs = NONE_REPORTED;
    private final PartitionGuide guide;
    /** Of the whole directory. */
    private final Limit readers;

    private Partition(PartitionId id, UUID topicId, Log log, PartitionFold fold, Limit readers) {
        this.id = id;
        this.topicId = topicId;
        this.log = log;
        this.producers = fold.producers();
        this.open = fold.open();
        this.aborted = fold.aborted();
        this.readers = readers;
        this.tailRoom = new TailRoom(log);
        this.guide = new PartitionGuide(this, aborted);
        // A checkpoint may bring back what was forgotten.
        guide.abortedDataGone(log.compaction().compactedOffset());
    }

    private static final class NoContent implements SnapshottableFold {
        @Override
        public void apply(RecordBatchView batch, long position) {
        }

        @Override
        public void encodeSnapshot(SnapshotWriter sink, long startOffset) {
        }

        @Override
        public void restoreSnapshot(ByteBuffer source, Positions positions) {
        }
    }

    /**
     * Opens and recovers a partition.
     *
     * @param topicId tells the topic from others that bore its name before or will bear it later
     * @param content what the topic's records mean, folded after the partition's own state; {@link #NO_CONTENT} for
     *                ordinary topics
     */
    public static Partition open(PartitionContext shared, PartitionId id, UUID topicId, Path directory,
            LogConfig config, LogFold content) throws IOException {
        PartitionFold fold = new PartitionFold(shared.ids(), content);
        Log log = Log.open(shared.disk(), directory, config, fold.ofLog(), shared.progress());
        return new Partition(id, topicId, log, fold, shared.budget().readers());
    }

    /** A writer of batches without a producer id. */
    public PartitionWriter openWriter() {
        return new PartitionWriter(this, null);
    }

    /** A writer of one producer's batches; null when the producer id is not alive. */
    public PartitionWriter openWriter(long producerId) {
        ProducerState state = producers.open(producerId);
        return state == null ? null : new PartitionWriter(this, state);
    }

    /** A writer for a producer that wrote here, dead or alive: for the markers that end what it left open. */
    public PartitionWriter openWriter(ProducerState state) {
        return new PartitionWriter(this, state);
    }

    /**
     * A reader that stands at the batch which holds {@code offset}.
     *
     * @throws ReaderLimitException when there are too many
     */
    public PartitionReader openReader(long offset, Isolation isolation) {
        return PartitionReader.open(this, offset, isolation, readers);
    }

    public PartitionId id() {
        return id;
    }

    public UUID topicId() {
        return topicId;
    }

    public Log log() {
        return log;
    }

    public ProducerState producer(long producerId) {
        return producers.find(producerId);
    }

    public Collection<ProducerState> producers() {
        return producers.all();
    }

    /**
     * I4: whether a producer has anything here that is open, under way, or not on the medium yet, where it is wanted
     * then.
     */
    public boolean isBusy(long producerId) {
        ProducerState state = producers.find(producerId);
        if (state == null) {
            return false;
        }
        state.pen().take();
        boolean open = state.transactionOffset() != ProducerState.NO_OFFSET;
        long end = state.recordedOffset();
        state.pen().release();
        if (end > log.durableOffset()) {
            log.wantForce();
            return true;
        }
        return open;
    }

    /** Forgets producers whose death is on the medium. */
    public void forget(Collection<ProducerIdentity> dead) {
        producers.forget(dead);
    }

    public long startOffset() {
        return log.startOffset();
    }

    /** First offset not yet readable; the high watermark of a partition with one replica. */
    public long readableOffset() {
        return log.readableOffset();
    }

    /**
     * The last stable offset: every transaction that began below it is decided. T9, L6: it never goes back, because a
     * transaction can only begin at or past the readable end that was read here first.
     */
    public long stableOffset() {
        long readable = log.readableOffset();
        return Math.min(readable, open.firstOffset());
    }

    /** The position up to which a reader may go; the readable end is read first, see {@link #stableOffset()}. */
    long boundFor(Isolation isolation) {
        long readable = log.readablePosition();
        return isolation == Isolation.READ_UNCOMMITTED ? readable : Math.min(readable, open.firstPositionAcquire());
    }

    /**
     * Whether a committed reader must pass over this transactional batch. The start is looked at last: what lies below
     * it is deleted, and its aborted ranges are forgotten only after the start has moved (T9).
     */
    boolean isHidden(RecordBatchView batch) {
        return aborted.contains(batch.producerId(), batch.baseOffset()) || batch.lastOffset() < startOffset();
    }

    /** Where the aborted transaction of this transactional batch began; {@link AbortedTransactions#NOT_ABORTED}. */
    long abortedSince(RecordBatchView batch) {
        return aborted.beganAt(batch.producerId(), batch.baseOffset());
    }

    /**
     * The batches from the one that holds {@code offset} on, as they stand in the log, within one segment and below the
     * bound of {@code isolation}. Whoever asks must look at {@link #startOffset()} afterwards: what lies below it is
     * given up, and its aborted transactions are listed no more (T9).
     *
     * @param maxBytes of whole batches
     * @param least    what it holds when its first batch alone is larger
     * @return with a lease on the bytes, to be released once unless it is empty
     */
    public PartitionSpan span(long offset, int maxBytes, PartitionSpan.Least least, Isolation isolation) {
        return PartitionSpan.read(this, offset, maxBytes, least, isolation);
    }

    /** Bytes that this isolation may see now from {@code logPosition} on, see {@link PartitionSpan#logPosition()}. */
    public long bytesFrom(long logPosition, Isolation isolation) {
        return Math.max(0, boundFor(isolation) - logPosition);
    }

    /** Offsets at which a group may commit: how far a reader of this isolation can get. */
    public long endOffset(Isolation isolation) {
        return isolation == Isolation.READ_UNCOMMITTED ? readableOffset() : stableOffset();
    }

    public long acknowledgedOffset() {
        return log.acknowledgedOffset();
    }

    public void wakeOnAdvance(TailWaiter.Registration registration) {
        log.wakeOnAdvance(registration);
    }

    public void stopWaking(TailWaiter.Registration registration) {
        log.stopWaking(registration);
    }

    /**
     * Has the waiter woken by every advance until it leaves, see {@link TailRoom}; look again afterwards. To be called
     * again after each wake-up.
     */
    public void enterTailRoom(TailWaiter waiter) {
        tailRoom.enter(waiter);
    }

    public void leaveTailRoom(TailWaiter waiter) {
        tailRoom.leave(waiter);
    }

    /** How many wait in the tail room. */
    public int tailWaiterCount() {
        return tailRoom.count();
    }

    public int doWork() {
        return log.doWork();
    }

    /** Has the flusher bring soon what {@link #acknowledgedOffset()} is awaited for. */
    public void wantAcknowledgement() {
        if (log.config().durability() == Durability.POWER) {
            log.wantForce();
        }
    }

    /** Everything below this offset survives what {@code level} says, whatever this partition promises by itself. */
    public long safeOffset(Durability level) {
        return level == Durability.POWER ? log.durableOffset() : log.acknowledgedOffset();
    }

    /** Has the flusher bring soon what {@link #safeOffset} is awaited for. */
    public void wantSafe(Durability level) {
        if (level == Durability.POWER) {
            log.wantForce();
        }
    }

    /** As {@link #helpAcknowledge()}, for {@link #safeOffset}. */
    public void helpMakeSafe(Durability level) {
        if (level == Durability.POWER) {
            log.tryForce();
        }
    }

    /**
     * Brings what {@link #acknowledgedOffset()} is awaited for by this thread's own doing, as far as there is something
     * to do: in POWER it forces, and waits for the disk. Look again afterwards.
     */
    public void helpAcknowledge() {
        if (log.config().durability() == Durability.POWER) {
            log.tryForce();
        }
    }

    /** The background work that waits for the disk, see {@link Log#flush()}. */
    public int flush() {
        return log.flush();
    }

    /**
     * The background work of deleting what is too old or too much, see {@link Log#clean}, and what is superseded, see
     * {@link Log#compact}. T8, T9: nothing of a transaction that is open goes.
     */
    public int clean(long nowMs, CompactionResources resources) {
        reportHeldBack(nowMs);
        return log.clean(nowMs, stableOffset()) + log.compact(nowMs, guide, resources);
    }

    /**
     * Says of a direct claim, once, that it has been open for long; ended it is by nobody but its owner. True when it
     * did.
     */
    boolean reportHeldBack(long nowMs) {
        DirectClaim oldest = log.oldestDirectClaim();
        if (oldest == null) {
            return false;
        }
        long openedMs = oldest.openedMs();
        if (nowMs - openedMs < CLAIM_REPORT_AGE_MS || openedMs == reportedClaimMs) {
            return false;
        }
        reportedClaimMs = openedMs;
        LOGGER.warn("{}: nothing from offset {} on becomes readable: a direct claim has been open for {} ms; commit or"
                + " abort it", id, log.frontierOffset(), nowMs - openedMs);
        return true;
    }

    /**
     * Deletes all records below {@code offset}, see {@link Log#deleteRecordsBefore}. Returns where the partition begins
     * then.
     *
     * @throws IllegalArgumentException when {@code offset} is past the last stable offset
     */
    public long deleteRecordsBefore(long offset) throws IOException {
        long stable = stableOffset();
        if (offset < 0 || offset > stable) {
            throw new IllegalArgumentException("can't delete records of " + id + " before offset " + offset
                    + ": allowed=0.." + stable
                    + ", the last stable offset; what an open transaction wrote stays until it"
                    + " ends");
        }
        return log.deleteRecordsBefore(offset);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    @Override
    public String toString() {
        return "Partition{" + id + ", stable=" + stableOffset() + " <= readable=" + readableOffset()
                + ", abortedTransactions=" + aborted.count() + ", " + log + '}';
    }
}
