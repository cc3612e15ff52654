package io.semel.log;

import java.io.IOException;

import io.semel.log.memory.DiskFile;

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
    /** As far as a write wanted to get that failed; 0 while none did. */
    private int triedEnd;

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
     * Has blocks written up to {@code wantedEnd}.
     *
     * <p>Once that failed, nothing less will do: the part of a write that went well may share a page of the cache with the part
     * that did not, Linux makes pages as large as writes, and a store there would want the missing blocks too (L5).
     *
     * @return where a page ends, or the segment, up to which there are blocks now
     * @throws IOException when the disk is full or fails; what there was before stays good
     */
    int reach(long wantedEnd) throws IOException {
        int end = Math.max(triedEnd, wholePages(wantedEnd));
        if (end > writtenBytes) {
            triedEnd = end;
            file.writeZeros(writtenBytes, end - writtenBytes);
            writtenBytes = end;
        }
        triedEnd = 0;
        return end;
    }

    /**
     * The end of the pages that {@code end} reaches into. Where a page has room for several blocks, a store to one of them
     * makes the kernel look for the others too, and kills the JVM when the disk has none left (L5).
     */
    private int wholePages(long end) {
        return (int) Math.min(capacity, (end + MAX_PAGE_BYTES - 1) / MAX_PAGE_BYTES * MAX_PAGE_BYTES);
    }
}
