package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.Refusals.Work;
import io.semel.log.memory.Disk;
import io.semel.log.memory.OpenRefusedException;

/**
 * The segments of a log, and the one place that adds, extends, finishes and drops them.
 *
 * <p>Invariants: sorted by base offset and by position, with gaps only where finished segments were dropped or replaced;
 * the last one, and no other, takes claims; a segment is extended only while it is the last, so a finished file never
 * grows again; those that are not finished stand behind all that are; what is dropped, or mapped anew, is out of the chain
 * before it is let go, so whoever can't lease a segment that he found finds another one here, or the log is closed.
 *
 * <p>Thread rule: any thread looks; one thread at a time rolls or extends, holding {@link #shaping}, and one finishes,
 * holding {@link #finishing}; dropping and mapping anew hold both. Who finds a flag held comes back later, so nobody waits for the disk
 * behind another.
 */
final class SegmentChain {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentChain.class);

    private static final long FREE = 0;
    private static final long HELD = 1;

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    /** Held by the one thread that rolls or extends. */
    private final PaddedLong shaping = new PaddedLong(FREE);
    /** Held by the one thread that finishes sealed segments: forcing one, nobody who needs the next blocks must wait for. */
    private final PaddedLong finishing = new PaddedLong(FREE);
    /** Replaced as a whole under {@link #shaping}. */
    private volatile Segment[] segments;
    private volatile Segment active;
    /** Why no segment follows any more: {@link Append#CLOSED} or {@link Append#OFFLINE}; 0 while one may. */
    private volatile long stopped;
    /** The next segment's file. Under {@link #shaping}. */
    private final SpareSupply spares;
    private final RetiredSegments retired;
    /** Under {@link #finishing}. */
    private final LeftMappings left = new LeftMappings();
    /** Belongs to whoever flushes. */
    private int indexesSeen;
    private final Refusals refusals;

    private SegmentChain(Disk disk, Path directory, LogConfig config, Segment[] segments) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.segments = segments;
        this.active = segments[segments.length - 1];
        this.retired = new RetiredSegments(disk);
        this.spares = new SpareSupply(disk, directory, config.durability());
        this.refusals = new Refusals(directory.toString(), LOGGER::warn);
    }

    /** Opens what recovery found, or begins with a first segment. */
    static SegmentChain open(Disk disk, Path directory, LogConfig config, List<RecoveredSegment> found,
            SegmentUse useOfLast) throws IOException {
        SpareFile.removeFrom(disk, directory);
        Segment[] opened = found.isEmpty() ? new Segment[] {Segment.first(disk, directory, config)}
                : SegmentRuns.opened(disk, config, found, useOfLast);
        return new SegmentChain(disk, directory, config, opened);
    }

    /** The segment that takes claims. */
    Segment active() {
        return active;
    }

    Segment first() {
        return segments[0];
    }

    /** All of this moment, in order; not to be changed. Whoever leases one must be ready to find it gone. */
    Segment[] all() {
        return segments;
    }

    /** The largest timestamp in a segment that stands, or stood, here. One that is gone may have had any: the largest there is. */
    long maxTimestamp(Segment segment) {
        Segment current = segment;
        while (!current.region().tryLease()) {
            // Mapped anew meanwhile, or compacted.
            Segment found = holding(segment.baseOffset());
            if (found == current || found.baseOffset() != segment.baseOffset()) {
                return Long.MAX_VALUE;
            }
            current = found;
        }
        try {
            return current.maxTimestamp();
        } finally {
            current.region().release();
        }
    }

    /** Bytes of the batches below the frontier. */
    long sizeInBytes(long frontierPosition) {
        return SegmentRuns.bytesBelow(segments, frontierPosition);
    }

    /** The segment that holds {@code offset}, or the first or last one when the offset is outside the log. */
    Segment holding(long offset) {
        return SegmentRuns.holding(segments, offset);
    }

    /**
     * The segment in which whoever is at the end of {@code segment}, sealed, goes on at {@code offset}. Found by offset,
     * because that segment may be dropped by now.
     */
    Segment following(Segment segment, long offset) {
        Segment next = holding(offset);
        // One whose last batch is gone reaches further in offsets than its batches do.
        return next == segment ? SegmentRuns.after(segments, segment) : next;
    }

    /**
     * Puts a fresh segment behind a full one. Returns 0, or why it could not.
     *
     * @throws ForceFailedException when the log must go offline
     */
    long roll(Segment full) throws ForceFailedException {
        if (stopped < 0) {
            return stopped;
        }
        if (!shaping.compareAndSet(FREE, HELD)) {
            return Append.BACK_PRESSURED;
        }
        try {
            if (active == full && stopped == 0) {
                full.seal();
                add(full.successor(disk, config, spares.take()));
            }
            return 0;
        } catch (ForceFailedException e) {
            throw e;
        } catch (IOException e) {
            refusals.refused(Work.APPEND, "a new segment", e);
            return Append.DISK_FULL;
        } finally {
            shaping.setRelease(FREE);
        }
    }

    private void add(Segment next) {
        Segment[] current = segments;
        Segment[] longer = Arrays.copyOf(current, current.length + 1);
        longer[current.length] = next;
        segments = longer;
        active = next;
        refusals.wentWell(Work.APPEND);
        if (stopped < 0) {
            // Stopped while this was under way: the stopper sealed the segment before, or it seals this one.
            next.seal();
        }
    }

    /**
     * Gives the active segment real blocks up to {@code neededEnd}. Returns 0, or why it could not.
     *
     * @throws ForceFailedException when the log must go offline
     */
    long extend(Segment segment, int neededEnd) throws ForceFailedException {
        if (!shaping.compareAndSet(FREE, HELD)) {
            return Append.BACK_PRESSURED;
        }
        try {
            int missing = neededEnd - segment.allocatedAcquire();
            // Another thread may have rolled since the caller looked; a sealed file must not grow.
            if (missing > 0 && segment == active && stopped == 0) {
                segment.extend(missing);
                refusals.wentWell(Work.APPEND);
            }
            return 0;
        } catch (ForceFailedException e) {
            throw e;
        } catch (IOException e) {
            refusals.refused(Work.APPEND, "the next blocks of " + segment, e);
            return Append.DISK_FULL;
        } finally {
            shaping.setRelease(FREE);
        }
    }

    /**
     * Writes the next blocks ahead of the claims, or the next segment's. Returns the number of things done.
     *
     * @throws ForceFailedException when the log must go offline
     */
    int extendAhead() throws ForceFailedException {
        if (!wantsBlocks() || stopped < 0 || !shaping.compareAndSet(FREE, HELD)) {
            return 0;
        }
        Work work = Work.BLOCKS_AHEAD;
        try {
            Segment last = active;
            if (stopped < 0) {
                return 0;
            }
            if (last.wantsExtension()) {
                last.extend(1);
                refusals.wentWell(Work.APPEND);
            } else {
                work = Work.SPARE_SEGMENT;
                if (spares.step(last.spareBytes()) == 0) {
                    return 0;
                }
            }
            refusals.wentWell(work);
            return 1;
        } catch (ForceFailedException e) {
            throw e;
        } catch (IOException e) {
            refusals.refused(work, "what will be needed next", e);
            return 0;
        } finally {
            shaping.setRelease(FREE);
        }
    }

    private boolean wantsBlocks() {
        Segment last = active;
        return last.wantsExtension() || last.wantsSuccessor() && !spares.isComplete();
    }

    /**
     * Finishes segments that the frontier has left.
     *
     * @return the number of things done
     * @throws ForceFailedException when the log must go offline
     */
    int finishBelow(long frontierPosition) throws ForceFailedException {
        Segment[] current = segments;
        Segment oldest = current[SegmentRuns.firstUnfinished(current)];
        boolean finishes = oldest != active && oldest.endPosition() <= frontierPosition;
        if (!finishes && left.isEmpty() || stopped < 0 || !finishing.compareAndSet(FREE, HELD)) {
            return 0;
        }
        try {
            left.letGoOfUnread();
            int done = stopped < 0 ? 0 : finishAll(frontierPosition);
            if (done > 0) {
                refusals.wentWell(Work.FINISHED_SEGMENT);
            }
            return done;
        } catch (ForceFailedException e) {
            throw e;
        } catch (IOException e) {
            refusals.refused(Work.FINISHED_SEGMENT, "a finished segment", e);
            return 0;
        } finally {
            finishing.setRelease(FREE);
        }
    }

    private int finishAll(long frontierPosition) throws IOException {
        int done = 0;
        while (true) {
            Segment[] all = segments;
            int index = SegmentRuns.firstUnfinished(all);
            if (index == all.length - 1 || all[index].endPosition() > frontierPosition) {
                return done;
            }
            Segment oldest = all[index];
            if (oldest.isWorthMappingAnew() && stopped == 0) {
                if (!mapAnew(index)) {
                    return done;
                }
                oldest = segments[index];
            }
            CheckpointFiles.distrustUnforced(disk, directory);
            // While this one has an unclean end, a lost successor is missed; afterwards nobody would.
            all[index + 1].forceShape(disk);
            oldest.finish();
            done++;
        }
    }

    /**
     * Puts a segment that the frontier has left in its place once more, in a mapping of its own, see {@link Segment#mappedAnew}.
     *
     * @return false when others change the chain: then come back
     */
    private boolean mapAnew(int index) {
        Segment before = segments[index];
        Segment anew;
        try {
            anew = before.mappedAnew();
        } catch (IOException e) {
            // No room for another mapping, say. It is finished as it is then, which is only slower.
            LOGGER.debug("{} is not mapped anew: {}", before, e.toString());
            return true;
        }
        if (!shaping.compareAndSet(FREE, HELD)) {
            anew.letGoOfMapping();
            return false;
        }
        try {
            segments = SegmentRuns.with(segments, index, anew);
        } finally {
            shaping.setRelease(FREE);
        }
        left.add(before);
        return true;
    }

    /** The offset after the last finished segment. */
    long finishedOffset() {
        Segment[] all = segments;
        return all[SegmentRuns.firstUnfinished(all)].baseOffset();
    }

    /** Whether all segments before the one that begins at {@code baseOffset} are complete and on the medium. */
    boolean isFinishedBefore(long baseOffset) {
        return finishedOffset() >= baseOffset;
    }

    /** Looks at one segment after the other, one at a time, and writes index files that were found wrong. */
    int restoreIndexes() {
        int seen = indexesSeen++;
        if (stopped < 0 || !SegmentRuns.at(segments, seen).isFinished() || !finishing.compareAndSet(FREE, HELD)) {
            return 0;
        }
        // Looked up again: one that was dropped or mapped anew meanwhile is unmapped.
        Segment next = SegmentRuns.at(segments, seen);
        try {
            int done = stopped < 0 || !next.isFinished() ? 0 : next.restoreIndexes();
            if (done > 0) {
                refusals.wentWell(Work.INDEX);
            }
            return done;
        } catch (IOException e) {
            refusals.refused(Work.INDEX, "an index of " + next, e);
            return 0;
        } finally {
            finishing.setRelease(FREE);
        }
    }

    /**
     * Drops the finished segments that lie wholly below {@code offset}, never the last one. Their files go once nobody reads
     * them, see {@link #deleteRetired()}.
     *
     * @return what was dropped; empty also when others were at work: then come back
     */
    List<Segment> retireBelow(long offset) {
        if (SegmentRuns.droppableBelow(segments, offset) == 0 || !tryHoldAll()) {
            return List.of();
        }
        List<Segment> dropped;
        try {
            Segment[] current = segments;
            int count = stopped == 0 ? SegmentRuns.droppableBelow(current, offset) : 0;
            dropped = List.of(Arrays.copyOf(current, count));
            segments = Arrays.copyOfRange(current, count, current.length);
        } finally {
            letGoOfAll();
        }
        dropped.forEach(retired::add);
        return dropped;
    }

    /**
     * Puts one finished segment in the place of a run of finished ones, whose files go once nobody reads them. The new one's
     * offsets lie within those of the run and its positions before the run's end, so everybody who stands behind the run
     * stays where he is. One that got longer, compressed anew, may begin before the run.
     *
     * @return false, with nothing changed, when others were at work, the log was stopped, or the run is not, or no longer,
     *     in the chain as given: then look again
     */
    boolean replace(List<Segment> run, Segment replacement) {
        SegmentRuns.requireWithin(run, replacement);
        if (!tryHoldAll()) {
            return false;
        }
        try {
            Segment[] current = segments;
            Segment[] changed = stopped == 0 ? SegmentRuns.replaced(current, run, replacement) : current;
            if (changed == current) {
                return false;
            }
            segments = changed;
        } finally {
            letGoOfAll();
        }
        run.forEach(retired::add);
        return true;
    }

    /** Deletes the files of dropped segments that nobody has mapped any more; returns how many segments are gone. */
    int deleteRetired() throws IOException {
        return retired.deleteReleased();
    }

    /** Dropped segments whose files are still there, because somebody reads them. */
    int retiredCount() {
        return retired.count();
    }

    private boolean tryHoldAll() {
        if (!finishing.compareAndSet(FREE, HELD)) {
            return false;
        }
        if (shaping.compareAndSet(FREE, HELD)) {
            return true;
        }
        finishing.setRelease(FREE);
        return false;
    }

    private void letGoOfAll() {
        shaping.setRelease(FREE);
        finishing.setRelease(FREE);
    }

    /**
     * Forces what stands in [from, to), log-absolute, as far as it is not in finished segments.
     *
     * @throws ForceFailedException when the log must go offline
     * @throws OpenRefusedException when it can be tried again
     */
    void forceData(long from, long to) throws ForceFailedException, OpenRefusedException {
        for (Segment segment : segments) {
            if (segment.basePosition() < to && segment.endPosition() > from) {
                segment.forceData(from, to);
            }
        }
        if (config.durability() == Durability.PROCESS) {
            // The entries of new files; in POWER they were forced when the files were made.
            Segment.forceDirectory(disk, directory);
        }
    }

    /** Why appends are refused; null while they are not. */
    IOException refusal() {
        return refusals.ofAppends();
    }

    /** Ends the claims: from here on every append is answered {@code code}. Returns the log-absolute end. */
    long stop(long code) {
        stopped = code;
        Segment last = active;
        last.seal();
        return last.endPosition();
    }

    /** Waits until nobody changes the chain, and lets nobody change it again. */
    void holdForEver() {
        shaping.awaitAndSet(FREE, HELD);
        finishing.awaitAndSet(FREE, HELD);
    }

    /**
     * Finishes what is sealed, cuts the last one's unused end off, forces and lets go of everything. No further than the first
     * that fails: a clean end before a part that was lost would hide the loss (L2).
     */
    void close() throws IOException {
        IOException failure = null;
        left.letGoOfAll();
        try {
            CheckpointFiles.distrustUnforced(disk, directory);
            finishAll(Long.MAX_VALUE);
        } catch (IOException e) {
            failure = e;
        }
        for (Segment segment : segments) {
            try {
                if (failure == null) {
                    segment.close();
                } else {
                    segment.abandon();
                }
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        spares.remove();
        disk.forceDirectory(directory);
    }

    /** Lets go without touching the files: for a log that is offline and may be damaged. */
    void abandon() throws IOException {
        left.letGoOfAll();
        for (Segment segment : segments) {
            segment.abandon();
        }
    }
}
