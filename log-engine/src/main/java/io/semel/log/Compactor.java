package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.compaction.BatchWalk;
import io.semel.log.compaction.CompactionGuide;
import io.semel.log.compaction.CompactionProgress;
import io.semel.log.compaction.DirtyMapper;
import io.semel.log.compaction.OffsetMap;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * Decides when a log is compacted, and drives one round after the other.
 *
 * <p>Invariants: only finished segments below the last stable offset are touched, never the active one, and nothing at or
 * past either checkpoint: a fold that goes on from one would miss a marker that is gone (T8). The list of aborted
 * transactions forgets what is gone before a later round takes the markers away, and only once nobody reads the old
 * segments any more (T9).
 *
 * <p>Thread rule: one thread at a time (Log.cleaning); {@link #progress()} and {@link #compactedOffset()} by any thread.
 */
public final class Compactor {
    private static final Logger LOGGER = LoggerFactory.getLogger(Compactor.class);

    /** Read in one step: a tenth of a second of a slow disk, so that appends and forces are not kept waiting. */
    static final long STEP_BYTES = 10 << 20;

    /** A round that found nothing that it may compact, or was overtaken, is not repeated sooner; as Kafka does. */
    static final long BACK_OFF_MS = TimeUnit.SECONDS.toMillis(15);

    /** After a disk that failed, or damage. */
    static final long FAILURE_BACK_OFF_MS = TimeUnit.MINUTES.toMillis(5);

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final SegmentChain chain;
    private final CompactedOffset compacted;
    private CompactionResources resources;
    private volatile CompactionRound round;
    private volatile CompactionProgress lastProgress = new CompactionProgress();
    private int generation;
    private long nextRoundMs = Long.MIN_VALUE;
    private long abortsListedFrom;
    private long wantedOffset;
    private Segment firstDirty;
    private long firstDirtyMs;

    private Compactor(Disk disk, Path directory, LogConfig config, SegmentChain chain, CompactedOffset compacted) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.chain = chain;
        this.compacted = compacted;
        // Whoever lists aborted transactions began with this, see compactedOffset().
        this.abortsListedFrom = compacted.offset();
    }

    static Compactor of(Disk disk, Path directory, LogConfig config, SegmentChain chain) throws IOException {
        return new Compactor(disk, directory, config, chain, CompactedOffset.load(disk, directory));
    }

    /** A slice of work, if there is any; what fails is tried again later. Returns the number of things done. */
    int slice(long nowMs, CompactionGuide guide, CompactionResources shared, Log log, long coveredOffset) {
        try {
            return step(nowMs, guide, shared, log, coveredOffset);
        } catch (CompactionRound.OvertakenException e) {
            nextRoundMs = nowMs + BACK_OFF_MS;
            LOGGER.info("{}: compaction put off for {} ms: {}", directory, BACK_OFF_MS, e.getMessage());
            return close();
        } catch (IOException | RuntimeException e) {
            nextRoundMs = nowMs + FAILURE_BACK_OFF_MS;
            LOGGER.warn("{}: not compacted: {}; tried again in {} ms", directory, e.toString(), FAILURE_BACK_OFF_MS);
            return close();
        }
    }

    private int step(long nowMs, CompactionGuide guide, CompactionResources shared, Log log, long coveredOffset)
            throws IOException {
        int done = forgetAborted(guide);
        if (round == null && !tryBegin(nowMs, guide, shared, coveredOffset)) {
            return done;
        }
        if (!shared.admitsDisk(nowMs)) {
            return done;
        }
        long before = diskBytes();
        try {
            done += round.step(STEP_BYTES, nowMs, log);
        } finally {
            shared.tookOfDisk(diskBytes() - before, nowMs);
        }
        if (round.isDone()) {
            end(nowMs);
        }
        return done;
    }

    private long diskBytes() {
        CompactionProgress soFar = round.progress();
        return soFar.bytesMapped() + soFar.bytesRead() + soFar.bytesWritten();
    }

    private int forgetAborted(CompactionGuide guide) throws IOException {
        long offset = compacted.offset();
        if (offset == abortsListedFrom) {
            return 0;
        }
        chain.deleteRetired();
        if (chain.retiredCount() > 0) {
            return 0;
        }
        guide.abortedDataGone(offset);
        abortsListedFrom = offset;
        return 1;
    }

    private boolean tryBegin(long nowMs, CompactionGuide guide, CompactionResources shared, long coveredOffset)
            throws IOException {
        long stableOffset = guide.stableOffset();
        if (nowMs < nextRoundMs || !isDue(nowMs, stableOffset) || !isCovered(stableOffset, coveredOffset)) {
            return false;
        }
        OffsetMap newest = shared.tryTake(this);
        if (newest == null) {
            return false;
        }
        resources = shared;
        DirtyMapper mapper = new DirtyMapper(newest, guide, compacted.offset(), Math.min(stableOffset, coveredOffset),
                nowMs - config.compaction().minCompactionLagMs());
        round = new CompactionRound(disk, directory, config, chain, guide, newest, mapper, abortsListedFrom, nowMs,
                generation);
        return true;
    }

    /** Whether both checkpoints are past what is to be compacted; when not, they are wanted there. */
    private boolean isCovered(long stableOffset, long coveredOffset) {
        if (wantedOffset <= compacted.offset()) {
            wantedOffset = Math.min(stableOffset, chain.finishedOffset());
        }
        return coveredOffset >= wantedOffset;
    }

    /** Where both checkpoints should stand, at least, so that a round can begin. */
    long wantedOffset() {
        return wantedOffset;
    }

    private boolean isDue(long nowMs, long stableOffset) throws IOException {
        CompactionConfig limits = config.compaction();
        if (!limits.policy().compacts()) {
            return false;
        }
        long cleanBytes = 0;
        long dirtyBytes = 0;
        Segment first = null;
        for (Segment segment : chain.all()) {
            if (!segment.isFinished() || segment.baseOffset() >= stableOffset) {
                break;
            }
            if (segment.claimedOffset() <= compacted.offset()) {
                cleanBytes += segment.sizeInBytes();
            } else {
                dirtyBytes += segment.sizeInBytes();
                first = first == null ? segment : first;
            }
        }
        return dirtyBytes > 0 && (dirtyBytes >= limits.minCleanableDirtyRatio() * (cleanBytes + dirtyBytes)
                || limits.maxCompactionLagMs() < nowMs - timestampOf(first));
    }

    /** When the oldest dirty records were written, as far as they say. */
    private long timestampOf(Segment segment) throws IOException {
        if (segment != firstDirty) {
            try (DiskFile file = disk.open(segment.path())) {
                BatchWalk walk = new BatchWalk().begin(file, segment.sizeInBytes());
                firstDirtyMs = walk.next() ? walk.batch().maxTimestamp() : Long.MAX_VALUE;
                firstDirty = segment;
            }
        }
        return firstDirtyMs;
    }

    private void end(long nowMs) throws IOException {
        CompactionRound ended = round;
        if (ended.hasCleaned()) {
            compacted.moveTo(ended.endOffset());
            LOGGER.info("{}: compacted below offset {}: {}", directory, ended.endOffset(), ended.progress());
        } else {
            nextRoundMs = nowMs + BACK_OFF_MS;
        }
        lastProgress = ended.progress();
        letGo();
    }

    private void letGo() {
        generation = round.generation();
        round = null;
        resources.giveBack(this);
    }

    /** Ends a round that is under way; what it has done so far stays done. */
    private void abandon() throws IOException {
        CompactionRound ended = round;
        if (ended != null) {
            letGo();
            ended.abandon();
        }
    }

    /** As {@link #abandon}; what can't be deleted, recovery deletes. Returns 0: nothing was done. */
    int close() {
        try {
            abandon();
        } catch (IOException e) {
            LOGGER.warn("{}: what a compaction had written was not deleted: {}", directory, e.toString());
        }
        return 0;
    }

    /**
     * Below it every key stands once, and nothing is left that was aborted: whoever restores an older list of aborted
     * transactions when the log is opened must forget them up to here (T9).
     */
    public long compactedOffset() {
        return compacted.offset();
    }

    /** Of the round under way, or of the last one. */
    public CompactionProgress progress() {
        CompactionRound current = round;
        return current == null ? lastProgress : current.progress();
    }
}
