package io.semel.log;

import java.nio.ByteBuffer;

import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.Region;

/**
 * Walks a log batch by batch over the mapped bytes, without copying. It holds a lease on the segment in which it stands,
 * so nothing is unmapped under it.
 *
 * <p>Thread rule: one thread at a time. The view it shows is valid until the next call.
 */
public final class LogReader implements AutoCloseable {
    /** What the view shows after close: stale bytes of an unmapped segment would kill the JVM. */
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(RecordBatchLayout.HEADER_LENGTH).asReadOnlyBuffer();

    private final Log log;
    private final SegmentChain chain;
    private final RecordBatchView batch = new RecordBatchView();
    private Segment segment;
    private long segmentEnd;
    private long position;
    private long nextOffset;

    LogReader(Log log, SegmentChain chain) {
        this.log = log;
        this.chain = chain;
        seek(log.startOffset());
    }

    /**
     * Stands at the batch that holds {@code offset}, or at the frontier when the offset is not written yet. An offset
     * before the log's start stands at the start.
     */
    public void seek(long offset) {
        long frontier = log.frontierPosition();
        long wanted = Math.max(offset, log.startOffset());
        Segment next = chain.holding(wanted);
        while (!tryEnter(next)) {
            next = another(next, chain.holding(wanted));
        }
        stand(wanted, frontier);
    }

    /** Stands at this segment's first batch that reaches {@code offset}; below {@code bound} there may be none. */
    private void stand(long offset, long bound) {
        long at = segment.basePosition();
        nextOffset = segment.baseOffset();
        int floor = segment.floorPosition(offset);
        if (segment.basePosition() + floor < bound) {
            at += floor;
        }
        while (at < bound && at < segment.endPosition()) {
            int relative = (int) (at - segment.basePosition());
            int size = sizeAt(relative, Math.min(bound, segment.endPosition()));
            long lastOffset = RecordBatchLayout.lastOffset(segment.buffer(), relative);
            nextOffset = RecordBatchLayout.baseOffset(segment.buffer(), relative);
            if (lastOffset >= offset) {
                break;
            }
            at += size;
            nextOffset = lastOffset + 1;
        }
        position = at;
    }

    /** Stands at the first batch that has a record as young as {@code timestampMs}, or at the frontier. */
    public void seekToTimestamp(long timestampMs) {
        long frontier = log.frontierPosition();
        seek(log.startOffset());
        while (segment.maxTimestamp() < timestampMs && segment.endPosition() < frontier) {
            position = segment.endPosition();
            nextOffset = segment.claimedOffset();
            segmentEnd = position;
            enterNext(frontier);
        }
        if (segment.maxTimestamp() < timestampMs) {
            stand(Long.MAX_VALUE, frontier);
            return;
        }
        long end = Math.min(frontier, segment.endPosition());
        // In the first segment records below the start may be left, whatever their time.
        long at = Math.max(position, segment.basePosition() + segment.positionBefore(timestampMs));
        while (at < end) {
            int relative = (int) (at - segment.basePosition());
            int size = sizeAt(relative, end);
            nextOffset = RecordBatchLayout.baseOffset(segment.buffer(), relative);
            if (RecordBatchLayout.maxTimestamp(segment.buffer(), relative) >= timestampMs) {
                break;
            }
            nextOffset = RecordBatchLayout.lastOffset(segment.buffer(), relative) + 1;
            at += size;
        }
        position = at;
    }

    /** A finished segment is not read when its log is opened: damage in it is met here, and must not lead astray. */
    private int sizeAt(int relative, long end) {
        int size = RecordBatchLayout.sizeInBytes(segment.buffer(), relative);
        if (size < RecordBatchLayout.HEADER_LENGTH || size > end - segment.basePosition() - relative) {
            throw new CorruptBatchException("log damaged: " + segment + " at position " + relative + ", offset "
                    + nextOffset + ": no batch of " + size + " bytes can stand here. Restore the file from a backup");
        }
        return size;
    }

    /**
     * Moves to the next batch, if it lies below {@code bound}.
     *
     * @param bound a log-absolute position at which a batch begins or the log ends, at most {@link Log#frontierPosition()}
     */
    public boolean next(long bound) {
        if (position >= bound) {
            return false;
        }
        if (position >= segmentEnd) {
            enterNext(bound);
            if (position >= bound) {
                return false;
            }
        }
        int relative = (int) (position - segment.basePosition());
        int size = sizeAt(relative, segmentEnd);
        batch.wrap(segment.buffer(), relative);
        position += size;
        nextOffset = batch.nextOffset();
        return true;
    }

    /**
     * Keeps the bytes of the batch to which {@link #next} moved mapped until the region is released, whatever becomes of
     * this reader and of the log.
     *
     * @return the region, leased: release it once
     */
    public Region lease() {
        Region region = segment.region();
        if (!region.tryLease()) {
            throw new IllegalStateException("reader is closed: " + log);
        }
        return region;
    }

    /** The batch to which {@link #next} moved. */
    public RecordBatchView batch() {
        return batch;
    }

    /** The log-absolute position of the next batch. */
    public long position() {
        return position;
    }

    /** The offset after the batch shown last; after a seek, the first offset of the batch to come. */
    public long nextOffset() {
        return nextOffset;
    }

    /**
     * Learns where this segment ends, and enters the next one if it is read to its end. While it takes claims its end is
     * unknown; but the bound was read before, so everything below it stands in this segment.
     *
     * <p>The next one is found by offset: what follows may have been compacted or deleted since, and positions leave gaps
     * there.
     */
    private void enterNext(long bound) {
        while (position >= segment.endPosition() && position < bound) {
            long wanted = Math.max(nextOffset, log.startOffset());
            Segment next = chain.following(segment, wanted);
            while (!tryEnter(next)) {
                next = another(next, chain.following(segment, wanted));
            }
            stand(wanted, bound);
        }
        long end = segment.endPosition();
        segmentEnd = end == Segment.OPEN_END ? bound : end;
    }

    /** False when the segment was dropped, or the log closed, since it was found. */
    private boolean tryEnter(Segment next) {
        if (next == segment) {
            return true;
        }
        if (!next.region().tryLease()) {
            return false;
        }
        leave();
        segment = next;
        segmentEnd = next.basePosition();
        return true;
    }

    /** What is dropped leaves the chain before it is let go: one that still stands there was closed with the log. */
    private Segment another(Segment gone, Segment found) {
        if (found == gone) {
            throw new IllegalStateException("log is closed: " + log);
        }
        return found;
    }

    private void leave() {
        if (segment != null) {
            segment.region().release();
            segment = null;
        }
    }

    @Override
    public void close() {
        leave();
        batch.wrap(NOTHING, 0);
    }
}
