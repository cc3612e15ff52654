package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/** Looks into a directory that no open log owns, without changing it: may it be removed? */
public final class LogRemains {
    private static final String UNFINISHED_SUFFIX = ".tmp";

    private LogRemains() {
    }

    /**
     * The first file that may hold or stand for records, or that no log puts there; null when the log was made and never
     * got a batch.
     *
     * @param sideFiles names of files that the log's owner puts beside the segments
     */
    public static Path firstOfWorth(Disk disk, Path directory, Set<String> sideFiles) throws IOException {
        for (Path file : disk.list(directory)) {
            String name = file.getFileName().toString();
            boolean side = sideFiles.contains(name) || name.equals(LeaderEpochs.FILE_NAME)
                    || name.equals(SpareFile.FILE_NAME)
                    || name.endsWith(UNFINISHED_SUFFIX);
            if (!side && !(name.endsWith(SegmentNames.LOG_SUFFIX) && beginsWithZeros(disk, file))
                    && !(CheckpointFiles.isNameOfOne(name) && CheckpointFiles.isOfNothing(disk, file))) {
                return file;
            }
        }
        return null;
    }

    /** A log ends at the first batch that is not whole, so behind zeros at the very beginning nothing was acknowledged. */
    private static boolean beginsWithZeros(Disk disk, Path file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Segment.MIN_LEAD_BYTES);
        try (DiskFile opened = disk.open(file)) {
            opened.read(head, 0);
        }
        head.flip();
        while (head.hasRemaining()) {
            if (head.get() != 0) {
                return false;
            }
        }
        return true;
    }
}
