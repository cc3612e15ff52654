package io.semel.log;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.Region;

/**
 * One file of a log, mapped once at its full sparse length; zeros are written through the channel ahead of claims, up
 * to {@code allocated}, and nothing at or above that is touched, because a store to a page without a block is lost on a
 * full disk and then kills the JVM.
 *
 * <p>Invariant: {@code claimed <= allocated <= capacity}. Once sealed, {@code claimed} never changes and is the end.
 *
 * <p>Thread rule: claims from any thread; {@link #extend} by one thread at a time (SegmentChain.shaping).
 */
final class Segment {
    /** Log-absolute end of a segment that still takes claims. */
    static final long OPEN_END = Long.MAX_VALUE;

    /** The first extent is small, so that a hundred quiet partitions cost little disk. */
    static final int FIRST_EXTENT_BYTES = 64 << 10;

    /** Large enough that a busy partition extends rarely, small enough that one extension takes milliseconds. */
    static final int LAST_EXTENT_BYTES = 16 << 20;

    /** The smallest page there is; stepping over larger ones by it only costs a few stores. */
    private static final int PAGE_BYTES = 4096;

    static final String LOG_SUFFIX = ".log";
    static final String INDEX_SUFFIX = ".index";

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
    private final DiskFile file;
    private final Region region;
    private final ByteBuffer buffer;
    private final OffsetIndex index;
    private final PaddedLong claims;
    private int extentBytes = FIRST_EXTENT_BYTES;
    private int lastIndexedPosition;
    /** Apart from the claims, so that readers and the baton's holder don't pull at the line that appenders fight for. */
    private volatile long endPosition = OPEN_END;
    private volatile boolean finished;
    @SuppressWarnings("FieldMayBeFinal")
    private volatile int allocated;

    private Segment(Path path, long baseOffset, long basePosition, int capacity, DiskFile file, Region region,
            OffsetIndex index, long claimWord) {
        this.path = path;
        this.baseOffset = baseOffset;
        this.basePosition = basePosition;
        this.capacity = capacity;
        this.file = file;
        this.region = region;
        this.buffer = region.buffer();
        this.index = index;
        this.claims = new PaddedLong(claimWord);
        this.allocated = ClaimWord.bytes(claimWord);
        this.lastIndexedPosition = index.lastPosition();
    }

    /** A new, empty segment whose first batch will have {@code baseOffset}. */
    static Segment create(Disk disk, Path directory, long baseOffset, long basePosition, int capacity)
            throws IOException {
        Path path = directory.resolve(fileName(baseOffset, LOG_SUFFIX));
        DiskFile file = disk.open(path);
        Segment segment = null;
        try {
            // Left behind by an attempt that failed, or by a file that was lost: an index would call this one complete.
            disk.delete(indexOf(path));
            file.truncate(0);
            segment = new Segment(path, baseOffset, basePosition, capacity, file, file.map(capacity),
                    new OffsetIndex(), ClaimWord.NOTHING);
            segment.extend(1);
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
    static Segment recovered(Disk disk, RecoveredSegment found, int capacity, SegmentUse use) throws IOException {
        if (use == SegmentUse.APPEND) {
            // An index file says that a segment is complete; this one goes on.
            disk.delete(indexOf(found.path()));
        }
        DiskFile file = disk.open(found.path());
        int mapped = use == SegmentUse.APPEND ? Math.max(capacity, found.lengthBytes()) : Math.max(1, found
                .lengthBytes());
        long word = ClaimWord.of(found.recordSpan(), found.lengthBytes());
        try {
            Segment segment = new Segment(found.path(), found.baseOffset(), found.basePosition(), mapped, file,
                    file.map(mapped), found.index(), word);
            if (use == SegmentUse.READ) {
                segment.seal();
                segment.finished = true;
            }
            return segment;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    static String fileName(long baseOffset, String suffix) {
        return String.format("%020d%s", baseOffset, suffix);
    }

    static Path indexOf(Path logFile) {
        String name = logFile.getFileName().toString();
        return logFile.resolveSibling(name.substring(0, name.length() - LOG_SUFFIX.length()) + INDEX_SUFFIX);
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
     * Writes the next blocks, at least {@code neededBytes} past what is allocated if the segment has the room.
     *
     * @throws IOException when the disk is full or fails; what was allocated before stays good
     */
    void extend(int neededBytes) throws IOException {
        int from = allocated;
        int length = Math.min(Math.max(neededBytes, extentBytes), capacity - from);
        if (length > 0) {
            file.writeZeros(from, length);
            warm(from, from + length);
            extentBytes = Math.min(extentBytes * 2, LAST_EXTENT_BYTES);
            // Pairs with allocatedAcquire: who sees the bound may touch the blocks.
            ALLOCATED.setRelease(this, from + length);
        }
    }

    /** Stores to every new page once, here and not on the appender's path: a first store costs a fault in the kernel. */
    private void warm(int from, int end) {
        for (int at = from; at < end; at += PAGE_BYTES) {
            buffer.put(at, (byte) 0);
        }
    }

    /** Whether fewer than half an extent is left, so that the next one should be written now. */
    boolean wantsExtension() {
        long word = claims.getAcquire();
        int bound = allocatedAcquire();
        return !ClaimWord.isSealed(word) && bound < capacity && bound - ClaimWord.bytes(word) < extentBytes / 2;
    }

    /** Called by the baton's holder for every batch that the frontier passes. */
    void index(int position, long offset, int intervalBytes) {
        if (position - lastIndexedPosition >= intervalBytes) {
            index.add((int) (offset - baseOffset), position);
            lastIndexedPosition = position;
        }
    }

    /** Where to begin walking towards {@code offset}: the start of a batch at or before it, relative to the segment. */
    int floorPosition(long offset) {
        return index.floorPosition(offset - baseOffset);
    }

    /**
     * Gives back what a sealed segment, wholly behind the frontier, did not use, forces it, and only then writes its
     * index: an index file says that the segment is complete and on the medium.
     */
    void finish(Disk disk) throws IOException {
        cutAndForce();
        disk.replace(indexOf(path), index.encode());
        finished = true;
    }

    private void cutAndForce() throws IOException {
        file.truncate(ClaimWord.bytes(claims.getAcquire()));
        force();
    }

    /** What was stored through the mapping before is on the medium when this returns. */
    void force() throws ForceFailedException {
        try {
            file.force();
        } catch (IOException e) {
            throw new ForceFailedException(path, e);
        }
    }

    /** Cuts the unused end off, forces and lets go. Readers that hold a lease keep the mapping until they are done. */
    void close() throws IOException {
        try (file) {
            if (!finished) {
                cutAndForce();
            }
        } finally {
            region.release();
        }
    }

    /** Lets go without touching the file: for a log that is offline and may be damaged. */
    void abandon() throws IOException {
        region.release();
        file.close();
    }

    @Override
    public String toString() {
        long word = claims.getAcquire();
        return "Segment{" + path.getFileName() + ", claimed=" + ClaimWord.bytes(word) + " <= allocated=" + allocated
                + " <= capacity=" + capacity + ", records=" + ClaimWord.records(word)
                + (ClaimWord.isSealed(word) ? ", sealed}" : "}");
    }
}
