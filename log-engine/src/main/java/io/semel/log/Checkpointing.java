package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.memory.Disk;

/**
 * Takes checkpoints of a log: when enough was appended, when a segment was finished, when the log stands still, and when
 * it closes.
 *
 * <p>Order is all there is to it: the state is encoded while the frontier is held, so it is exact; then everything below
 * it is forced and earlier segments are finished; only then the file is written.
 *
 * <p>In PROCESS the many checkpoints in between force nothing: they are for the opening after a kill, which finds the page
 * cache as it was. Forcing 16 MiB again and again took half of what a producer could have had of the disk.
 *
 * <p>Thread rule: one thread at a time, the one that flushes, and after {@link #shut()} the one that closes.
 */
final class Checkpointing {
    private static final Logger LOGGER = LoggerFactory.getLogger(Checkpointing.class);

    /** What opening may have to scan: some ten milliseconds' worth. */
    static final long DUE_BYTES = 16 << 20;

    /** Those that force nothing are cheap, so that of a small segment a small part is scanned. */
    private static final int UNFORCED_A_SEGMENT = 8;

    /** A checkpoint may cost this part of what is appended: a large one is taken less often. */
    private static final int DUE_CHECKPOINTS = 8;

    /** Rounds of the flusher without anything new after which a log counts as idle: about a second of its parking. */
    static final int IDLE_ROUNDS = 1000;

    /**
     * After a checkpoint that could not be written, as many rounds pass before the state is encoded again, twice as many each
     * time: it may be large, and a disk that stays full would have it encoded at every round. At most some ten seconds for
     * one log alone, and longer beside thousands that the same thread flushes.
     */
    static final int MAX_PAUSE_ROUNDS = 16 << 10;

    private static final long NONE = -1;
    private static final long FREE = 0;
    private static final long HELD = 1;

    private final Path directory;
    private final SegmentChain chain;
    private final Frontier frontier;
    private final LogFold fold;
    private final int leaderEpoch;
    private final CheckpointFiles files;
    private final LeaderEpochs epochs;
    private final LogStart start;
    private final Disk disk;
    private final SnapshotWriter writer = new SnapshotWriter();
    /** Held by whoever takes a checkpoint; for ever once the log is closed. */
    private final PaddedLong taking = new PaddedLong(FREE);
    /** As far as the last checkpoint of any kind went; and the last one on the medium that knows of this leader epoch. */
    private long takenPosition;
    private long forcedPosition;
    private long takenStart;
    private long takenSegmentBase;
    private long takenBytes;
    private long seenPosition;
    private int idleRounds;
    private int pauseRounds;
    private int pausedRounds;
    private boolean refusing;
    private volatile long wantedOffset;
    /** False while the state is too large for a checkpoint: taking one more would cover nothing. */
    private boolean summedUp = true;
    /** Where checkpoints that are not forced make sense, what they are true in. */
    private final Optional<UUID> unforcedBoot;
    private final long unforcedDueBytes;

    /** Somebody had the log forced, so there is no unforced checkpoint: where that goes on, the next one may as well be forced. */
    private volatile boolean forcedSince;

    /** What an occasion asks for. */
    private enum Due {
        NOTHING, UNFORCED, FORCED
    }

    Checkpointing(Path directory, LogConfig config, SegmentChain chain, Frontier frontier, LogFold fold,
            int leaderEpoch,
            LogRecovery recovery, Disk disk) {
        this.directory = directory;
        this.disk = disk;
        this.files = recovery.checkpoints();
        this.epochs = recovery.epochs();
        this.start = recovery.start();
        this.takenPosition = recovery.checkpointPosition();
        this.forcedPosition = recovery.endedUncleanly() ? NONE : takenPosition;
        this.unforcedDueBytes = Math.min(DUE_BYTES, config.segmentBytes() / UNFORCED_A_SEGMENT);
        this.unforcedBoot = config.durability() == Durability.PROCESS && fold instanceof SnapshottableFold
                ? disk.boot() : Optional.empty();
        this.chain = chain;
        this.frontier = frontier;
        this.fold = fold;
        this.leaderEpoch = leaderEpoch;
        this.takenStart = chain.first().baseOffset();
        this.takenSegmentBase = chain.active().baseOffset();
        this.seenPosition = frontier.position();
    }

    /** One round of waiting for the next occasion. Whether this was one, and it was used. */
    boolean takeIfDue(Log log, GroupCommit forces) {
        if (pausedRounds < pauseRounds) {
            pausedRounds++;
            return false;
        }
        return switch (due()) {
            case NOTHING -> false;
            case FORCED -> take(log, Due.FORCED);
            case UNFORCED -> takeWhileNobodyForces(log, forces);
        };
    }

    /** A force that fails while an unforced checkpoint is written would leave it there, to be believed (L1). */
    private boolean takeWhileNobodyForces(Log log, GroupCommit forces) {
        if (!forces.tryShut()) {
            return false;
        }
        try {
            return take(log, Due.UNFORCED);
        } finally {
            forces.reopen();
        }
    }

    private Due due() {
        long position = frontier.position();
        idleRounds = position == seenPosition ? idleRounds + 1 : 0;
        seenPosition = position;
        if (!isStartSecured() || summedUp && coveredOffset() < wantedOffset) {
            return Due.FORCED;
        }
        long activeBase = chain.active().baseOffset();
        if (position > forcedPosition && (idleRounds >= IDLE_ROUNDS
                || activeBase != takenSegmentBase && chain.isFinishedBefore(activeBase))) {
            return Due.FORCED;
        }
        long fresh = position - takenPosition;
        if (unforcedBoot.isPresent() && summedUp && !forcedSince) {
            return fresh >= Math.max(unforcedDueBytes, takenBytes * DUE_CHECKPOINTS) ? Due.UNFORCED : Due.NOTHING;
        }
        return fresh >= Math.max(DUE_BYTES, takenBytes * DUE_CHECKPOINTS) ? Due.FORCED : Due.NOTHING;
    }

    /** Sums the log up at its frontier. False when that can't be now; then it is tried again. */
    private boolean take(Log log, Due due) {
        if (!tryBegin()) {
            return false;
        }
        try {
            if (!frontier.tryHold()) {
                return false;
            }
            long position = frontier.position();
            Checkpoint checkpoint = encodeFor(log, due);
            frontier.letGo();
            log.advance();
            boolean written = isForced(checkpoint, log) && mayBeWritten(checkpoint) && write(checkpoint, position);
            pauseRounds = written ? 0 : Math.min(MAX_PAUSE_ROUNDS, Math.max(1, 2 * pauseRounds));
            pausedRounds = 0;
            return written;
        } finally {
            end();
        }
    }

    /** Whether all that it sums up is on the medium now, if it must be. */
    private static boolean isForced(Checkpoint checkpoint, Log log) {
        try {
            if (checkpoint.isForced()) {
                log.force();
            }
            return true;
        } catch (IOException e) {
            // Offline or closed, or out of descriptors: whoever made it so knows why.
            return false;
        }
    }

    private Checkpoint encodeFor(Log log, Due due) {
        try {
            return encode(due == Due.UNFORCED ? unforcedBoot.orElseThrow() : Checkpoint.FORCED);
        } catch (Throwable e) {
            log.goOffline(e);
            throw e;
        }
    }

    private boolean tryBegin() {
        return taking.compareAndSet(FREE, HELD);
    }

    private void end() {
        taking.setRelease(FREE);
    }

    /** Waits for a checkpoint under way; from then on nobody but the caller takes one. */
    void shut() {
        while (!tryBegin()) {
            Thread.yield();
        }
    }

    /**
     * Whether both checkpoints know where the log begins now. Only then may the files of what lay before be deleted: else a
     * log that falls back on the older one would miss its head.
     */
    boolean isStartSecured() {
        return files.lowestStartOffset() >= chain.first().baseOffset();
    }

    /**
     * Both checkpoints sum up everything below this offset, so that nothing else is needed of it. A fold that can't be summed
     * up forgets what is deleted: its owner decided that.
     */
    long coveredOffset() {
        return fold instanceof SnapshottableFold ? files.lowestSummedOffset() : Long.MAX_VALUE;
    }

    /** Has checkpoints taken until both cover {@code offset}, which is not past the frontier. */
    void cover(long offset) {
        wantedOffset = offset;
    }

    /** Whether a checkpoint at the frontier would say more than the last one. */
    boolean isBehind() {
        return frontier.position() != forcedPosition || chain.first().baseOffset() != takenStart;
    }

    /** The checkpoint of this moment, which will be forced. The frontier is held. */
    Checkpoint encode() {
        return encode(Checkpoint.FORCED);
    }

    private Checkpoint encode(UUID boot) {
        Segment segment = frontier.segment();
        long position = frontier.position();
        long startOffset = chain.first().baseOffset();
        return new Checkpoint(files.nextSequenceNumber(), startOffset, frontier.offset(), segment.baseOffset(),
                (int) (position - segment.basePosition()), leaderEpoch, segment.indexImage(), boot, snapshot(Math
                        .max(startOffset, start.offset())));
    }

    /**
     * @param startOffset where the log begins to be served: a state that is too large may get smaller with what stands below,
     *     although its segments must wait for two checkpoints before they go
     */
    private Optional<ByteBuffer> snapshot(long startOffset) {
        if (fold instanceof SnapshottableFold snapshottable) {
            try {
                snapshottable.encodeSnapshot(writer.begin(), startOffset);
                return Optional.of(writer.finish());
            } catch (SnapshotTooLargeException e) {
                refused(e);
            }
        }
        return Optional.empty();
    }

    /** Whether all before its segment is on the medium: earlier segments are finished. */
    private boolean mayBeWritten(Checkpoint checkpoint) {
        return chain.isFinishedBefore(checkpoint.segmentBaseOffset());
    }

    /** Writes what was encoded at {@code position}. */
    boolean write(Checkpoint checkpoint, long position) {
        try {
            takenBytes = files.write(checkpoint);
            if (checkpoint.isForced()) {
                epochs.forgetBelow(disk, directory, checkpoint.startOffset());
            }
        } catch (IOException e) {
            refused(e);
            return false;
        }
        summedUp = checkpoint.snapshot().isPresent();
        refusing = false;
        takenPosition = position;
        forcedSince = false;
        idleRounds = 0;
        if (checkpoint.isForced()) {
            forcedPosition = position;
            takenStart = checkpoint.startOffset();
            takenSegmentBase = chain.active().baseOffset();
        }
        return true;
    }

    /**
     * Called before anything is forced.
     *
     * @throws ForceFailedException when the log must go offline: forcing with an unforced checkpoint left could make it lie
     */
    void distrustUnforced() throws ForceFailedException {
        if (unforcedBoot.isPresent()) {
            forcedSince = true;
            try {
                CheckpointFiles.distrustUnforced(disk, directory);
            } catch (IOException e) {
                throw new ForceFailedException(directory, e);
            }
        }
    }

    private void refused(Exception cause) {
        idleRounds = 0;
        if (!refusing) {
            refusing = true;
            LOGGER.warn("{}: no checkpoint: {}; appends go on, and the next opening reads more", directory,
                    cause.toString());
        }
    }
}
