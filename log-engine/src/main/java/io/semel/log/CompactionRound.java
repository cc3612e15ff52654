package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.semel.log.compaction.BatchWalk;
import io.semel.log.compaction.CleaningRules;
import io.semel.log.compaction.CompactionGuide;
import io.semel.log.compaction.CompactionProgress;
import io.semel.log.compaction.DirtyMapper;
import io.semel.log.compaction.OffsetMap;
import io.semel.log.compaction.RunCleaner;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * One compaction of a log, in slices: first the newest offsets of the keys in the dirty part are noted, then all segments
 * from the log's first on are cleaned, run by run.
 *
 * <p>Invariant: what an older record gives way to stands in a later run or in the same one, complete and on the medium. So a
 * round that ends anywhere in between leaves every key's newest record, and an older one is never brought back.
 *
 * <p>Invariant: what a file was judged by is on the medium before that file counts, and all of it before the round is done.
 * That a record may go is said by younger batches: by the marker that decided what superseded it, or by those by which its
 * producer is remembered now. Were they lost with the power after it had gone, nothing would stand for it (I3, T1).
 *
 * <p>Thread rule: one thread at a time (Log.cleaning).
 */
final class CompactionRound {
    /** How long a round waits for claims that others have open, and keeps the map from other logs. */
    static final long MAX_WAIT_MS = TimeUnit.SECONDS.toMillis(10);

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final SegmentChain chain;
    private final long fromOffset;
    private final long nowMs;
    private final CompactionGuide guide;
    private final OffsetMap newest;
    private final DirtyMapper mapper;
    /** Aborted transactions that ended below are on no list any more. */
    private final long abortsListedFrom;
    private final CompactionProgress progress = new CompactionProgress();
    private final BatchWalk walk = new BatchWalk();
    /** While keys are noted, the segment that is read. */
    private Segment mapped;
    private DiskFile mappedFile;
    /** Segments that end at or below this are done with, mapped or cleaned. */
    private long doneOffset;
    private RunCleaner cleaner;
    private long endOffset;
    private CompactionRun run;
    /** {@link #run} is read to its end, has changed, and counts once {@link #restsOnOffset} is on the medium. */
    private boolean isJudged;
    /** Whatever the guide and the map knew when they were asked last was claimed below this. */
    private long restsOnOffset;
    private long awaitedSinceMs;
    /** Takes the place of {@link #run} as soon as nobody else is changing the chain. */
    private Segment replacement;
    private int generation;
    private boolean done;

    /**
     * @param newest empty, and this round's alone
     * @param mapper that fills it
     */
    CompactionRound(Disk disk, Path directory, LogConfig config, SegmentChain chain, CompactionGuide guide,
            OffsetMap newest, DirtyMapper mapper, long abortsListedFrom, long nowMs, int generation) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.chain = chain;
        this.mapper = mapper;
        this.fromOffset = mapper.mappedOffset();
        this.doneOffset = fromOffset;
        this.abortsListedFrom = abortsListedFrom;
        this.nowMs = nowMs;
        this.guide = guide;
        this.newest = newest;
        this.generation = generation;
    }

    /**
     * Reads and writes about {@code maxBytes}; returns the number of things done, 0 when others must move first.
     *
     * @throws OvertakenException when the round can't go on, for no fault of the disk
     */
    int step(long maxBytes, long nowMs, Log log) throws IOException {
        if (cleaner == null) {
            map(maxBytes);
        } else if (run == null) {
            return beginRun(nowMs, log);
        } else if (replacement != null) {
            return takePlace();
        } else if (isJudged) {
            return commit(nowMs, log);
        } else {
            clean(maxBytes, nowMs, log);
        }
        return 1;
    }

    private void map(long maxBytes) throws IOException {
        long bytes = 0;
        while (bytes < maxBytes) {
            if (mapped == null && !enterNextMapped()) {
                beginCleaning();
                return;
            }
            if (!walk.next()) {
                doneOffset = mapped.claimedOffset();
                leaveMapped();
            } else if (mapper.map(walk.batch())) {
                bytes += walk.batch().sizeInBytes();
                progress.mapped(walk.batch().sizeInBytes());
            } else {
                beginCleaning();
                return;
            }
        }
    }

    /** What retention drops meanwhile is read on all the same, from an open file. */
    private boolean enterNextMapped() throws IOException {
        Segment next = chain.holding(doneOffset);
        if (!next.isFinished() || next.claimedOffset() <= doneOffset) {
            return false;
        }
        mappedFile = disk.open(next.path());
        mapped = next;
        walk.begin(mappedFile, next.sizeInBytes());
        return true;
    }

    private void leaveMapped() throws IOException {
        if (mapped != null) {
            mapped = null;
            mappedFile.close();
        }
    }

    private void beginCleaning() throws IOException {
        leaveMapped();
        endOffset = mapper.mappedOffset();
        if (endOffset <= fromOffset) {
            done = true;
            return;
        }
        cleaner = new RunCleaner(disk, new CleaningRules(newest, endOffset, guide, nowMs,
                config.compaction().deleteRetentionMs(), abortsListedFrom), progress);
        doneOffset = chain.first().baseOffset();
        for (Segment segment : chain.all()) {
            if (segment.baseOffset() < endOffset) {
                progress.expect(segment.sizeInBytes());
            }
        }
    }

    private int beginRun(long nowMs, Log log) throws IOException {
        List<Segment> candidates = new ArrayList<>();
        for (Segment segment : chain.all()) {
            if (!segment.isFinished() || segment.baseOffset() >= endOffset) {
                break;
            }
            if (segment.baseOffset() >= doneOffset && spansAnInt(candidates, segment)) {
                candidates.add(segment);
            }
        }
        if (candidates.isEmpty()) {
            done = isGrounded(nowMs, log);
            return done ? 1 : 0;
        }
        run = CompactionRun.begin(disk, directory, config, candidates, ++generation, cleaner);
        return 1;
    }

    /** An open claim can keep the log from being forced so far, for as long as its owner likes; others want the map too. */
    private boolean isGrounded(long nowMs, Log log) throws IOException {
        if (log.durableOffset() < restsOnOffset) {
            log.force();
        }
        boolean grounded = log.durableOffset() >= restsOnOffset;
        if (!grounded && nowMs - awaitedSinceMs > MAX_WAIT_MS) {
            throw new OvertakenException("a claim below offset " + restsOnOffset + " is still open after "
                    + (nowMs - awaitedSinceMs) + " ms; what rests on it can't be forced");
        }
        return grounded;
    }

    /** A segment's offsets are kept relative to its first. */
    private static boolean spansAnInt(List<Segment> candidates, Segment next) {
        return candidates.isEmpty() || next.claimedOffset() - candidates.get(0).baseOffset() <= Integer.MAX_VALUE;
    }

    private void clean(long maxBytes, long nowMs, Log log) throws IOException {
        requireSegments();
        if (!run.step(maxBytes)) {
            return;
        }
        restsOnOffset = log.claimedOffset();
        awaitedSinceMs = nowMs;
        isJudged = run.hasChanged();
        if (!isJudged) {
            run.abandon();
            endRun();
        }
    }

    private int commit(long nowMs, Log log) throws IOException {
        requireSegments();
        if (!isGrounded(nowMs, log)) {
            return 0;
        }
        isJudged = false;
        replacement = run.commit();
        return takePlace();
    }

    /** Waits while others change the chain; a replacement whose segments are gone goes too. */
    private int takePlace() throws IOException {
        if (!chain.replace(run.segments(), replacement)) {
            requireSegments();
            return 0;
        }
        replacement = null;
        endRun();
        return 1;
    }

    private void requireSegments() throws IOException {
        if (Collections.indexOfSubList(List.of(chain.all()), run.segments()) < 0) {
            throw new OvertakenException("segments were deleted while they were compacted: " + run);
        }
    }

    private void endRun() {
        doneOffset = run.segments().get(run.segments().size() - 1).claimedOffset();
        run = null;
    }

    /** Lets go of all that the round has open, and deletes what does not count. */
    void abandon() throws IOException {
        leaveMapped();
        if (replacement != null) {
            replacement.abandon();
            replacement = null;
        }
        if (run != null) {
            CompactionRun unfinished = run;
            run = null;
            unfinished.abandon();
        }
    }

    boolean isDone() {
        return done;
    }

    /** Whether it compacted anything: everything below {@link #endOffset()} is compact then, once it is done. */
    boolean hasCleaned() {
        return cleaner != null;
    }

    long endOffset() {
        return endOffset;
    }

    int generation() {
        return generation;
    }

    CompactionProgress progress() {
        return progress;
    }

    /** Others changed the log in a way that this round can't go on from; the next one can. */
    static final class OvertakenException extends IOException {
        private static final long serialVersionUID = 1L;

        OvertakenException(String message) {
            super(message);
        }
    }
}
