package io.semel.log;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.OpenRefusedException;
import io.semel.log.memory.Region;

/**
 * One file of a log, mapped at its full sparse length; zeros are written through the channel ahead of claims, up to
 * {@code allocated}, and nothing at or above that is touched, because a store to a page without a block is lost on a full
 * disk and then kills the JVM. Sealed, it may be mapped anew for its readers, see {@link #mappedAnew}.
 *
 * <p>Invariant: {@code claimed <= allocated <= capacity}. Once sealed, {@code claimed} never changes and is the end.
 *
 * <p>Thread rule: claims from any thread; {@link #extend} by one thread at a time (SegmentChain.shaping).
 */
final class Segment {
    /** Log-absolute end of a segment that still takes claims. */
    static final long OPEN_END = Long.MAX_VALUE;

    /** The first blocks are few, so that a hundred quiet partitions cost little disk. */
    static final int MIN_LEAD_BYTES = 64 << 10;

    /** Far enough ahead of a busy partition's claims that they never wait for blocks; what a segment may leave unused. */
    static final int MAX_LEAD_BYTES = 16 << 20;

    /** Blocks are written in steps of less than a millisecond, because an appender may wait for the next one. */
    static final int STEP_BYTES = 1 << 20;

    /** The smallest page there is; stepping over larger ones by it only costs a few stores. */
    private static final int PAGE_BYTES = 4096;

    private static final VarHandle ALLOCATED;

    static {
        try {
            ALLOCATED = MethodHandles.lookup().findVarHandle(Segment.class, "allocated", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Path path;
    private final long baseOffset;
    private final long basePosition;
    private final int capacity;
    private final SegmentFile file;
    private final Region region;
    private final ByteBuffer buffer;
    private final SegmentIndexes indexes;
    private final PaddedLong claims;
    /** At least this many bytes are wanted ahead of the claims. */
    private final int minLeadBytes;
    /** All blocks are wanted, however little is claimed. */
    private final boolean wholly;
    /** What recovery found: a log that nobody appends to needs no blocks ahead, however large it is. */
    private final int openedAtBytes;
    /** At or past {@link #allocated}, and not warm between the two. Under SegmentChain.shaping. */
    private final SegmentBlocks blocks;
    /** Apart from the claims, so that readers and the baton's holder don't pull at the line that appenders fight for. */
    private volatile long endPosition = OPEN_END;
    /** What this one's bytes were mapped in before; null unless they were mapped anew. */
    private final Region regionBefore;
    @SuppressWarnings("FieldMayBeFinal")
    private volatile int allocated;

    private Segment(Path path, long baseOffset, long basePosition, LogConfig config, int minLeadBytes, DiskFile file,
            Region region, SegmentIndexes indexes, long claimWord, int writtenBytes) {
        this.path = path;
        this.baseOffset = baseOffset;
        this.basePosition = basePosition;
        this.capacity = region.lengthBytes();
        this.wholly = config.preallocation() == Preallocation.WHOLE_SEGMENT;
        this.minLeadBytes = Math.min(minLeadBytes, capacity);
        this.file = new SegmentFile(path, file, config.durability());
        this.region = region;
        this.regionBefore = null;
        this.buffer = region.buffer();
        this.indexes = indexes;
        this.claims = new PaddedLong(claimWord);
        this.allocated = ClaimWord.bytes(claimWord);
        this.blocks = new SegmentBlocks(file, capacity, writtenBytes);
        this.openedAtBytes = allocated;
    }

    /** The same one, sealed, in another region. */
    private Segment(Segment sealed, Region region) {
        this.path = sealed.path;
        this.baseOffset = sealed.baseOffset;
        this.basePosition = sealed.basePosition;
        this.capacity = region.lengthBytes();
        this.wholly = sealed.wholly;
        this.minLeadBytes = sealed.minLeadBytes;
        this.file = sealed.file;
        this.region = region;
        this.regionBefore = sealed.region;
        this.buffer = region.buffer();
        this.indexes = sealed.indexes;
        this.claims = sealed.claims;
        this.allocated = capacity;
        this.blocks = sealed.blocks;
        this.openedAtBytes = sealed.openedAtBytes;
        this.endPosition = sealed.endPosition;
    }

    /** The first segment of a log, empty. */
    static Segment first(Disk disk, Path directory, LogConfig config) throws IOException {
        Segment segment = create(disk, directory, 0, 0, config, MIN_LEAD_BYTES, null);
        segment.forceShapeOrLetGo(disk);
        return segment;
    }

    /** An empty segment that goes on where this one, sealed, ends. The spare file may be null: then it is made here. */
    Segment successor(Disk disk, LogConfig config, SpareFile spare) throws IOException {
        Segment next = create(disk, path.getParent(), claimedOffset(), endPosition, config, leadBytes(), spare);
        // Were the next one lost, nothing would tell of it, or its blocks might show it again in the place of another (L2).
        if (file.durability() == Durability.PROCESS && (sizeInBytes() == capacity || sizeInBytes() == openedAtBytes)) {
            next.forceShapeOrLetGo(disk);
        }
        return next;
    }

    private void forceShapeOrLetGo(Disk disk) throws IOException {
        try {
            forceShape(disk);
        } catch (IOException e) {
            abandon();
            throw e;
        }
    }

    private static Segment create(Disk disk, Path directory, long baseOffset, long basePosition, LogConfig config,
            int leadBytes, SpareFile spare) throws IOException {
        Path path = directory.resolve(SegmentNames.fileName(baseOffset, SegmentNames.LOG_SUFFIX));
        // Left behind by an attempt that failed, or by a file that was lost: an index would call this one complete.
        disk.delete(SegmentNames.indexOf(path));
        disk.delete(SegmentNames.timeIndexOf(path));
        int written = spare == null ? 0 : spare.become(path);
        DiskFile file = disk.open(path);
        Segment segment = null;
        try {
            file.truncate(written);
            Region region = file.map(config.segmentBytes());
            segment = new Segment(path, baseOffset, basePosition, config, leadBytes, file, region,
                    SegmentIndexes.growing(disk, path, baseOffset, config.indexIntervalBytes(), new SegmentIndex()),
                    ClaimWord.NOTHING, written);
            segment.extend(1);
            if (config.durability() == Durability.POWER) {
                // Before anything in it is acknowledged: a file without an entry in its directory is lost (L1).
                segment.forceShape(disk);
            }
            return segment;
        } catch (IOException e) {
            // At once, for a full disk is asked again and again: mappings would pile up.
            if (segment == null) {
                file.close();
            } else {
                segment.abandon();
            }
            throw e;
        }
    }

    /** A segment that recovery found good up to {@code found}'s end; it goes on there, or is sealed there. */
    static Segment recovered(Disk disk, RecoveredSegment found, LogConfig config, SegmentUse use) throws IOException {
        if (use != SegmentUse.READ) {
            // An index file says that a segment is complete; this one goes on.
            disk.delete(SegmentNames.indexOf(found.path()));
        }
        DiskFile file = disk.open(found.path());
        int mapped = use != SegmentUse.READ ? Math.max(config.segmentBytes(), found.lengthBytes())
                : Math.max(1, found.lengthBytes());
        long word = ClaimWord.of(found.recordSpan(), found.lengthBytes());
        Segment segment = null;
        try {
            Region region = file.map(mapped);
            SegmentIndexes indexes = use == SegmentUse.READ
                    ? SegmentIndexes.finished(disk, found, config.indexIntervalBytes())
                    : SegmentIndexes.growing(disk, found.path(), found.baseOffset(),
                            config.indexIntervalBytes(), found.index().orElseThrow());
            segment = new Segment(found.path(), found.baseOffset(), found.basePosition(), config, MIN_LEAD_BYTES, file,
                    region, indexes, word, found.lengthBytes());
            switch (use) {
                case READ -> {
                    segment.seal();
                    segment.file.finish();
                }
                // What a killed process had only in the page cache counts as durable from now on, at either level (L1).
                case APPEND -> segment.forceShape(disk);
                case APPEND_UNFORCED -> {
                    // The next force of the log is the first that it gets.
                }
            }
            return segment;
        } catch (IOException e) {
            if (segment == null) {
                file.close();
            } else {
                segment.abandon();
            }
            throw e;
        }
    }

    long baseOffset() {
        return baseOffset;
    }

    long basePosition() {
        return basePosition;
    }

    int capacity() {
        return capacity;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** For reading past the mapping. */
    Path path() {
        return path;
    }

    Region region() {
        return region;
    }

    long claimsAcquire() {
        return claims.getAcquire();
    }

    boolean compareAndSetClaims(long expected, long word) {
        return claims.compareAndSet(expected, word);
    }

    int allocatedAcquire() {
        return (int) ALLOCATED.getAcquire(this);
    }

    /** Ends the claims. From here on the end is known; sealing again changes nothing. */
    void seal() {
        long word = claims.getAcquire();
        while (!ClaimWord.isSealed(word) && !claims.compareAndSet(word, ClaimWord.sealed(word))) {
            word = claims.getAcquire();
        }
        endPosition = basePosition + ClaimWord.bytes(word);
    }

    /**
     * The log-absolute end, or {@link #OPEN_END} while the segment takes claims. Known before the next segment exists, so
     * whoever has seen a batch of the next one sees this one's end.
     */
    long endPosition() {
        return endPosition;
    }

    /** The offset after the last claimed record. */
    long claimedOffset() {
        return baseOffset + ClaimWord.records(claims.getAcquire());
    }

    /**
     * Makes the next step of blocks ready for claims, at least {@code neededBytes} past what is, if the segment has the
     * room.
     *
     * @throws ForceFailedException when the log must go offline
     * @throws IOException          when the disk is full or fails; what was allocated before stays good
     */
    void extend(int neededBytes) throws IOException {
        int from = allocated;
        int before = blocks.writtenBytes();
        int end = blocks.reach(from + (long) Math.max(neededBytes, Math.min(leadBytes(), STEP_BYTES)));
        if (blocks.writtenBytes() > before && file.durability() == Durability.POWER) {
            // So that forcing what is stored here later has content to write and no blocks to find.
            file.force();
        }
        warm(from, end);
        indexes.prepare(end);
        // Pairs with allocatedAcquire: who sees the bound may touch the blocks.
        ALLOCATED.setRelease(this, end);
    }

    /** How far ahead of the claims blocks are wanted: as much as was claimed since it was opened, within bounds. */
    private int leadBytes() {
        if (wholly) {
            return capacity;
        }
        int wanted = Math.max(minLeadBytes, ClaimWord.bytes(claims.getAcquire()) - openedAtBytes);
        return Math.min(wanted, MAX_LEAD_BYTES);
    }

    /** Stores to every new page once, here and not on the appender's path: a first store costs a fault in the kernel. */
    private void warm(int from, int end) {
        for (int at = from; at < end; at += PAGE_BYTES) {
            buffer.put(at, (byte) 0);
        }
    }

    /** Whether fewer blocks than half of those wanted are ready, so that the next step should be taken now. */
    boolean wantsExtension() {
        long word = claims.getAcquire();
        int bound = allocatedAcquire();
        return !ClaimWord.isSealed(word) && bound < capacity
                && (wholly || bound - ClaimWord.bytes(word) < leadBytes() / 2);
    }

    /** Whether a file for the next segment should be made now: this one is more than half full, or wants no more itself. */
    boolean wantsSuccessor() {
        long word = claims.getAcquire();
        return !ClaimWord.isSealed(word) && (wholly || ClaimWord.bytes(word) > capacity / 2);
    }

    /** How much of the next segment should have its blocks when this one is full. */
    int spareBytes() {
        return Math.min(capacity, leadBytes());
    }

    /** Called by the baton's holder for every batch that the frontier passes. */
    void index(int position, RecordBatchView batch) {
        indexes.take(batch, position);
    }

    /** What a checkpoint keeps of the indexes while they grow. */
    SegmentIndex.Image indexImage() {
        return indexes.image();
    }

    /** Where to begin walking towards {@code offset}: the start of a batch at or before it, relative to the segment. */
    int floorPosition(long offset) {
        return indexes.floorPosition(buffer, offset);
    }

    /** Where to begin walking towards the first batch that is at least as young as {@code timestampMs}. */
    int positionBefore(long timestampMs) {
        return indexes.positionBefore(buffer, timestampMs);
    }

    /** The largest timestamp of its batches, or {@link TimeIndex#NO_TIMESTAMP}. */
    long maxTimestamp() {
        return indexes.maxTimestamp(buffer);
    }

    /** Writes index files of a finished segment anew that were found wrong. Returns the number of things done. */
    int restoreIndexes() throws IOException {
        return indexes.restore(buffer);
    }

    /**
     * This one, sealed and wholly behind the frontier, in a mapping through which nothing was ever stored. Once the one that
     * its appenders stored through is gone, a force writes its pages and has to take the permission to be stored to from
     * none of them, for which the kernel would interrupt every other core, page by page.
     *
     * <p>It is not cut yet: while its end is unclean, a successor that a power loss takes is missed (L2).
     */
    Segment mappedAnew() throws IOException {
        return new Segment(this, file.map(sizeInBytes()));
    }

    /** Whether it would be cheaper to force, and to read as cheap, mapped anew. An empty file can't be mapped. */
    boolean isWorthMappingAnew() {
        return file.durability() == Durability.PROCESS && regionBefore == null && sizeInBytes() > 0;
    }

    /**
     * Gives back what a sealed segment, wholly behind the frontier, did not use, forces it, and only then writes its
     * index: an index file says that the segment is complete and on the medium. The mapping is all that is needed then.
     */
    void finish() throws IOException {
        cutAndForce();
        long word = claims.getAcquire();
        indexes.finish(ClaimWord.bytes(word), ClaimWord.records(word));
        file.finish();
    }

    /** Whether it is complete and on the medium, with its index: nothing of it will change any more. */
    boolean isFinished() {
        return file.isFinished();
    }

    /** Bytes of the batches that were claimed. */
    int sizeInBytes() {
        return ClaimWord.bytes(claims.getAcquire());
    }

    private void cutAndForce() throws IOException {
        file.truncate(sizeInBytes());
        file.force();
    }

    /**
     * Makes entry and size durable, so that a power loss leaves an end that is seen to be unclean: else offsets that were
     * shown would be given out again in the same leader epoch (L2).
     */
    void forceShape(Disk disk) throws ForceFailedException, OpenRefusedException {
        file.force();
        forceDirectory(disk, path.getParent());
    }

    static void forceDirectory(Disk disk, Path directory) throws ForceFailedException, OpenRefusedException {
        try {
            disk.forceDirectory(directory);
        } catch (OpenRefusedException e) {
            throw e;
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            throw new ForceFailedException(directory, e);
        }
    }

    /** Forces what stands in [from, to), log-absolute and filled. Nothing to do once the segment is finished. */
    void forceData(long from, long to) throws ForceFailedException {
        file.forceData((int) Math.max(0, from - basePosition), (int) (Math.min(to, endPosition) - basePosition));
    }

    /** Cuts the unused end off, forces and lets go. Readers that hold a lease keep the mapping until they are done. */
    void close() throws IOException {
        try (file) {
            if (!isFinished()) {
                cutAndForce();
            }
        } finally {
            region.release();
        }
    }

    /** Lets go without touching the file: for a log that is offline and may be damaged. */
    void abandon() throws IOException {
        try {
            file.close();
        } finally {
            region.release();
        }
    }

    /** Lets go of the mapping alone: this one was mapped anew. Readers that hold a lease keep it until they are done. */
    void letGoOfMapping() {
        region.release();
    }

    /** Whether nobody has it mapped any more, so that its files may go. */
    boolean isUnmapped() {
        return region.isReleased() && (regionBefore == null || regionBefore.isReleased());
    }

    /** Deletes the files of a segment that was let go, the one that says it is there last. Nobody may have it mapped. */
    void deleteFiles(Disk disk) throws IOException {
        if (!isUnmapped()) {
            throw new IllegalStateException("still mapped: " + this);
        }
        SegmentNames.deleteFiles(disk, path);
    }

    @Override
    public String toString() {
        long word = claims.getAcquire();
        return "Segment{" + path.getFileName() + ", claimed=" + ClaimWord.bytes(word) + " <= allocated=" + allocated
                + " <= capacity=" + capacity + ", records=" + ClaimWord.records(word)
                + (ClaimWord.isSealed(word) ? ", sealed}" : "}");
    }
}
