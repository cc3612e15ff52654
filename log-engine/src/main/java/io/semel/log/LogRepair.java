package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * What recovery found that the files should not hold, or that the medium may not: first noted, then mended in an order in which a
 * crash in between leaves what the next recovery takes for the same log (L3). Thread rule: one thread.
 */
final class LogRepair {
    private final List<Path> retired = new ArrayList<>();
    private final List<Path> surplus = new ArrayList<>();
    private final List<RecoveredSegment> torn = new ArrayList<>();
    private final List<UnforcedTail> unforced = new ArrayList<>();
    private final List<RecoveredSegment> walked = new ArrayList<>();

    /** @param position where what may not be on the medium begins, relative to the segment */
    private record UnforcedTail(RecoveredSegment segment, int position) {
    }

    /** A segment below the log's start. */
    void addRetired(Path segment) {
        retired.add(segment);
    }

    /** Segments behind the log's end. */
    void addSurplus(List<Path> segments) {
        surplus.addAll(segments);
    }

    /** A segment that ends before its file does. */
    void addTorn(RecoveredSegment segment) {
        torn.add(segment);
    }

    /** A segment of which nothing says that it is on the medium from {@code position} on. */
    void addUnforced(RecoveredSegment segment, int position) {
        unforced.add(new UnforcedTail(segment, position));
    }

    /** A segment all of whose batches were seen, so that its indexes are known. */
    void addWalked(RecoveredSegment segment) {
        walked.add(segment);
    }

    boolean shortensTheLog() {
        return !torn.isEmpty() || !surplus.isEmpty();
    }

    /**
     * Deletes what is not part of the log: from its end, and each for good before the next, so that a crash in between leaves one
     * that ends earlier, and never a later segment that fits where an earlier one stood between.
     */
    void deleteAll(Disk disk) throws IOException {
        for (int index = surplus.size() - 1; index >= 0; index--) {
            disk.delete(surplus.get(index));
            disk.forceDirectory(surplus.get(index).getParent());
        }
        for (Path path : retired) {
            SegmentNames.deleteFiles(disk, path);
        }
    }

    /** @param useOfLast whether the tail of {@code last} must be on the medium afterwards */
    void run(Disk disk, RecoveredSegment last, SegmentUse useOfLast) throws IOException {
        deleteAll(disk);
        for (RecoveredSegment segment : torn) {
            cut(disk, segment, segment.lengthBytes(), segment == last ? useOfLast : SegmentUse.READ);
        }
        for (UnforcedTail tail : unforced) {
            cut(disk, tail.segment(), tail.position(), tail.segment() == last ? useOfLast : SegmentUse.READ);
        }
        for (RecoveredSegment segment : walked) {
            if (segment != last) {
                if (!disk.exists(SegmentNames.indexOf(segment.path()))) {
                    // An index says that its segment is complete and on the medium: so must the cut be that a recovery before made.
                    cut(disk, segment, segment.lengthBytes(), SegmentUse.READ);
                }
                segment.index().orElseThrow().complete();
                IndexFiles.restore(disk, segment.path(), segment.index().orElseThrow());
            }
        }
    }

    /**
     * What a killed process had only in the page cache counts from now on, and the next checkpoint builds on it. It is stored
     * again first, because a force that failed, the last owner's or one of the kernel's own, leaves pages that are not on the
     * medium and count as clean: forcing them would do nothing and succeed (L1; PostgreSQL 2018).
     */
    private static void cut(Disk disk, RecoveredSegment segment, int storedFrom, SegmentUse use) throws IOException {
        try (DiskFile file = disk.open(segment.path())) {
            file.truncate(segment.lengthBytes());
            storeAgain(file, storedFrom, segment.lengthBytes());
            if (use != SegmentUse.APPEND_UNFORCED) {
                CheckpointFiles.distrustUnforced(disk, segment.path().getParent());
                file.force();
            }
        }
    }

    private static void storeAgain(DiskFile file, int from, int end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(end - from, BatchScanner.WINDOW_BYTES));
        for (int position = from; position < end; position += chunk.limit()) {
            chunk.clear().limit(Math.min(end - position, chunk.capacity()));
            if (file.read(chunk, position) < chunk.limit()) {
                throw new IOException("file shrank while it was read: " + file + " at " + position);
            }
            file.write(chunk.flip(), position);
        }
    }
}
