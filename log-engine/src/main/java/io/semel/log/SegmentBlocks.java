package io.semel.log;

import java.io.IOException;

import io.semel.log.memory.DiskFile;
import io.semel.log.memory.DiskFullException;

/**
 * The real blocks of a segment's file: zeros that are written through the channel before a store through the mapping may touch
 * the page.
 *
 * <p>Thread rule: one thread at a time (SegmentChain.shaping).
 */
final class SegmentBlocks {
    /** The largest page that Linux has, on some ARM and POWER machines. */
    static final int MAX_PAGE_BYTES = 64 << 10;

    private final DiskFile file;
    private final int capacity;
    private int writtenBytes;

    /** @param writtenBytes what has blocks already */
    SegmentBlocks(DiskFile file, int capacity, int writtenBytes) {
        this.file = file;
        this.capacity = capacity;
        this.writtenBytes = Math.min(writtenBytes, capacity);
    }

    /** Real blocks up to here. */
    int writtenBytes() {
        return writtenBytes;
    }

    /**
     * Has blocks written up to {@code wantedEnd}, or where there is no room for that, at least up to {@code neededEnd}: on a disk
     * that is nearly full, whoever wants a long step would get none while those who want short ones share what is left.
     *
     * @return where a page ends, or the segment, up to which there are blocks now
     * @throws IOException when the disk is full or fails; what there was before stays good
     */
    int reach(long neededEnd, long wantedEnd) throws IOException {
        int end = wholePages(wantedEnd);
        if (end > writtenBytes) {
            end = write(wholePages(neededEnd), end);
            writtenBytes = Math.max(writtenBytes, end);
        }
        return end;
    }

    private int write(int neededEnd, int wantedEnd) throws IOException {
        try {
            file.writeZeros(writtenBytes, wantedEnd - writtenBytes);
            return wantedEnd;
        } catch (DiskFullException e) {
            if (neededEnd == wantedEnd) {
                throw e;
            }
            file.writeZeros(writtenBytes, Math.max(0, neededEnd - writtenBytes));
            return neededEnd;
        }
    }

    /**
     * The end of the pages that {@code end} reaches into. Where a page has room for several blocks, a store to one of them
     * makes the kernel look for the others too, and kills the JVM when the disk has none left (L5).
     */
    private int wholePages(long end) {
        return (int) Math.min(capacity, (end + MAX_PAGE_BYTES - 1) / MAX_PAGE_BYTES * MAX_PAGE_BYTES);
    }
}
