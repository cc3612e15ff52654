package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.RecordBatchLayout;

/**
 * Drops a log's oldest segments when they are too old, or too many bytes, or below a start that was asked for; and rolls an
 * active segment whose records are old, so that it can go later.
 *
 * <p>Invariants: only whole finished segments below the owner's bound go, never the active one; the start is on the medium
 * before the first of them is dropped, and a file goes only once nobody has it mapped.
 *
 * <p>Thread rule: one thread at a time (Log.cleaning); {@link #progress()} by any thread.
 */
final class Retention {
    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

    /** In one round: each of them may have to be walked for its newest record. */
    static final int MAX_SEGMENTS_PER_ROUND = 8;

    /**
     * Records that were old when they were written would have a segment rolled at every look: not before it has taken
     * records for so long, if its age allows to wait. As often as Kafka looks.
     */
    static final long MIN_ROLL_INTERVAL_MS = TimeUnit.MINUTES.toMillis(5);

    private final Path directory;
    private final SegmentChain chain;
    private final Frontier frontier;
    private final LogStart start;
    private final CompactionConfig compaction;
    private volatile RetentionConfig config;
    /** The active segment, once it holds something, and when that was seen first. */
    private Segment filling;
    private long fillingSinceMs;
    private volatile CleaningProgress progress = CleaningProgress.NONE;

    Retention(Path directory, LogConfig config, SegmentChain chain, Frontier frontier, LogStart start) {
        this.directory = directory;
        this.compaction = config.compaction();
        this.config = config.retention();
        this.chain = chain;
        this.frontier = frontier;
        this.start = start;
    }

    /** From the next round on. */
    void retain(RetentionConfig next) {
        config = next;
    }

    RetentionConfig config() {
        return config;
    }

    CleaningProgress progress() {
        CleaningProgress done = progress;
        return new CleaningProgress(done.deletedSegments(), done.deletedBytes(), chain.retiredCount(),
                done.lastCleanedMs());
    }

    /**
     * One round.
     *
     * @param boundOffset   nothing at or past it goes
     * @param coveredOffset nor yet at or past this, where the older checkpoint stands; the start moves there nevertheless
     * @return the number of things done
     */
    int clean(long nowMs, long boundOffset, long coveredOffset) throws IOException {
        CleaningProgress before = progress;
        progress = new CleaningProgress(before.deletedSegments(), before.deletedBytes(), 0, nowMs);
        saveStart();
        // What an earlier round, or whoever deleted records, could not drop because others were at work.
        int done = dropBelow(Math.min(start.offset(), coveredOffset), "below the start");
        if (compaction.policy().deletes()) {
            done += dropOldest(nowMs, boundOffset, coveredOffset);
        }
        done += rollIfOld(nowMs);
        return done + chain.deleteRetired();
    }

    /** Where the log begins is worth a file once there is more than one segment: so that one that is lost is missed. */
    void saveStart() throws IOException {
        if (chain.first() != chain.active()) {
            start.ensureWritten();
        }
    }

    /** Moves the start to {@code offset}, durably, and drops what lies wholly below it, as far as checkpoints allow. */
    void deleteBefore(long offset, long coveredOffset) throws IOException {
        start.moveTo(offset);
        dropBelow(Math.min(offset, coveredOffset), "below the start that was asked for");
    }

    /** Where the log begins; what stands below waits for checkpoints that cover it. */
    long wantedStart() {
        return start.offset();
    }

    private int dropOldest(long nowMs, long boundOffset, long coveredOffset) throws IOException {
        Segment[] all = chain.all();
        int last = Math.min(all.length - 1, MAX_SEGMENTS_PER_ROUND);
        TreeSet<String> reasons = new TreeSet<>();
        long sizeInBytes = chain.sizeInBytes(frontier.position());
        long newStart = start.offset();
        for (int index = 0; index < last; index++) {
            Segment oldest = all[index];
            long end = all[index + 1].baseOffset();
            String reason = oldest.isFinished() && end <= boundOffset ? reasonToGo(oldest, sizeInBytes, nowMs) : "";
            if (reason.isEmpty()) {
                break;
            }
            reasons.add(reason);
            sizeInBytes -= oldest.sizeInBytes();
            newStart = Math.max(newStart, end);
        }
        if (reasons.isEmpty()) {
            return 0;
        }
        start.moveTo(newStart);
        return dropBelow(Math.min(newStart, coveredOffset), String.join(" and ", reasons));
    }

    /** Empty when it may stay. */
    private String reasonToGo(Segment segment, long sizeInBytes, long nowMs) {
        RetentionConfig limits = config;
        if (limits.retentionBytes() >= 0 && sizeInBytes - segment.sizeInBytes() >= limits.retentionBytes()) {
            return "retention.bytes=" + limits.retentionBytes();
        }
        if (limits.retentionMs() >= 0) {
            // Records without a timestamp have no age.
            long newest = chain.maxTimestamp(segment);
            if (newest != TimeIndex.NO_TIMESTAMP && nowMs - newest > limits.retentionMs()) {
                return "retention.ms=" + limits.retentionMs();
            }
        }
        return "";
    }

    private int dropBelow(long offset, String why) {
        List<Segment> dropped = chain.retireBelow(offset);
        if (dropped.isEmpty()) {
            return 0;
        }
        long bytes = 0;
        for (Segment segment : dropped) {
            bytes += segment.sizeInBytes();
        }
        CleaningProgress before = progress;
        progress = new CleaningProgress(before.deletedSegments() + dropped.size(), before.deletedBytes() + bytes, 0,
                before.lastCleanedMs());
        LOGGER.info("{}: deleted {} segments of {} bytes, {}; the log begins at offset {} now", directory,
                dropped.size(), bytes, why, start.offset());
        return dropped.size();
    }

    private int rollIfOld(long nowMs) throws ForceFailedException {
        Segment active = chain.active();
        if (frontier.position() <= active.basePosition()) {
            return 0;
        }
        if (active != filling) {
            filling = active;
            fillingSinceMs = nowMs;
        }
        if (!active.region().tryLease()) {
            // Full since, and mapped anew.
            return 0;
        }
        long firstMs;
        try {
            firstMs = RecordBatchLayout.maxTimestamp(active.buffer(), 0);
        } finally {
            active.region().release();
        }
        long limitMs = rollAfterMs();
        long ageMs = nowMs - (firstMs < 0 ? fillingSinceMs : Math.min(firstMs, fillingSinceMs));
        boolean due = ageMs > limitMs && nowMs - fillingSinceMs >= Math.min(limitMs, MIN_ROLL_INTERVAL_MS);
        return due && chain.roll(active) == 0 ? 1 : 0;
    }

    /** An active segment can neither go nor be compacted, so it is also rolled when its oldest record should. */
    private long rollAfterMs() {
        RetentionConfig limits = config;
        long limitMs = limits.segmentMs();
        if (compaction.policy().deletes() && limits.retentionMs() >= 0) {
            limitMs = Math.min(limitMs, limits.retentionMs());
        }
        return compaction.policy().compacts() ? Math.min(limitMs, compaction.maxCompactionLagMs()) : limitMs;
    }
}
