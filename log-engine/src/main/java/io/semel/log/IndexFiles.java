package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * The index files of a complete segment. What they say is a hint that its reader checks; that the offset index is there
 * says that the segment is complete and on the medium, so it is written last. Stateless.
 */
final class IndexFiles {
    private static final Entry NONE = new Entry(0, 0);

    private IndexFiles() {
    }

    record Entry(int relativeOffset, int position) {
    }

    /** The last entry of the offset index, not believed yet; zeros when there is none. */
    static Entry last(Disk disk, Path logFile) throws IOException {
        Path path = SegmentNames.indexOf(logFile);
        if (!disk.exists(path)) {
            return NONE;
        }
        ByteBuffer entry = ByteBuffer.allocate(OffsetIndex.ENTRY_LENGTH);
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            if (size < OffsetIndex.ENTRY_LENGTH || file.read(entry, size - OffsetIndex.ENTRY_LENGTH) < entry
                    .capacity()) {
                return NONE;
            }
        }
        return new Entry(entry.getInt(0), entry.getInt(Integer.BYTES));
    }

    /** Where the offset index says to begin walking towards an offset, not believed yet; 0 when it says nothing. */
    static int floor(Disk disk, Path logFile, long relativeOffset) throws IOException {
        Path path = SegmentNames.indexOf(logFile);
        return disk.exists(path) ? OffsetIndex.decode(disk.read(path), Integer.MAX_VALUE, Integer.MAX_VALUE)
                .map(index -> index.floorPosition(relativeOffset)).orElse(0) : 0;
    }

    /** Both indexes, if the files have the shape of indexes of such a segment. */
    static Optional<SegmentIndex> load(Disk disk, Path logFile, int lengthBytes, int recordSpan) throws IOException {
        Path offsets = SegmentNames.indexOf(logFile);
        Path times = SegmentNames.timeIndexOf(logFile);
        if (!disk.exists(offsets) || !disk.exists(times)) {
            return Optional.empty();
        }
        Optional<OffsetIndex> offsetIndex = OffsetIndex.decode(disk.read(offsets), lengthBytes, recordSpan);
        Optional<TimeIndex> timeIndex = TimeIndex.decode(disk.read(times), recordSpan);
        return offsetIndex.isEmpty() || timeIndex.isEmpty() ? Optional.empty()
                : Optional.of(new SegmentIndex(offsetIndex.get(), timeIndex.get()));
    }

    static void write(Disk disk, Path logFile, SegmentIndex index) throws IOException {
        disk.replace(SegmentNames.timeIndexOf(logFile), index.times().encode());
        disk.replace(SegmentNames.indexOf(logFile), index.offsets().encode());
    }

    /** Writes what is not there or not right. */
    static void restore(Disk disk, Path logFile, SegmentIndex index) throws IOException {
        restore(disk, SegmentNames.timeIndexOf(logFile), index.times().encode());
        restore(disk, SegmentNames.indexOf(logFile), index.offsets().encode());
    }

    private static void restore(Disk disk, Path file, ByteBuffer right) throws IOException {
        if (!disk.exists(file) || !disk.read(file).equals(right)) {
            disk.replace(file, right);
        }
    }
}
