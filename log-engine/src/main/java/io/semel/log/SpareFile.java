package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * A file of zeros that becomes the next segment: its blocks are written before they are needed, so that whoever rolls only
 * gives it its name. Nothing has it mapped before that.
 *
 * <p>Thread rule: one thread at a time (SegmentChain.shaping).
 */
final class SpareFile {
    /** Not the ending of a segment: what a crash leaves of it is nobody's data. */
    static final String FILE_NAME = "next-segment.spare";

    private final Disk disk;
    private final Path path;
    private final int lengthBytes;

    private SpareFile(Disk disk, Path path, int lengthBytes) {
        this.disk = disk;
        this.path = path;
        this.lengthBytes = lengthBytes;
    }

    /** Writes one anew, over whatever was left behind. */
    static SpareFile write(Disk disk, Path directory, int lengthBytes, Durability durability) throws IOException {
        Path path = directory.resolve(FILE_NAME);
        disk.delete(path);
        try (DiskFile file = disk.open(path)) {
            file.writeZeros(0, lengthBytes);
            if (durability == Durability.POWER) {
                file.force();
            }
        }
        return new SpareFile(disk, path, lengthBytes);
    }

    /** Makes it the file {@code target}, in the place of whatever is there. Returns its length in bytes. */
    int become(Path target) throws IOException {
        disk.delete(target);
        disk.rename(path, target);
        return lengthBytes;
    }

    static void removeFrom(Disk disk, Path directory) throws IOException {
        disk.delete(directory.resolve(FILE_NAME));
    }
}
