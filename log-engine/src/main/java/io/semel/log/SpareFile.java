package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.DiskFullException;

/**
 * A file of zeros that becomes the next segment: its blocks are written before they are needed, so that whoever rolls only
 * gives it its name. Nothing has it mapped before that.
 *
 * <p>Thread rule: one thread at a time (SegmentChain.shaping).
 */
final class SpareFile {
    /** Not the ending of a segment: what a crash leaves of it is nobody's data. */
    static final String FILE_NAME = "next-segment.spare";

    /** Written at a time, so that whoever writes ahead for many logs keeps none of them waiting. */
    static final int STEP_BYTES = Segment.MAX_LEAD_BYTES;

    private final Disk disk;
    private final Path path;
    private final Durability durability;
    private final int wantedBytes;
    private volatile int lengthBytes;

    private SpareFile(Disk disk, Path path, int wantedBytes, Durability durability) {
        this.disk = disk;
        this.path = path;
        this.wantedBytes = wantedBytes;
        this.durability = durability;
    }

    /** Writes a first step of one anew, over whatever was left behind. */
    static SpareFile begin(Disk disk, Path directory, int wantedBytes, Durability durability) throws IOException {
        Path path = directory.resolve(FILE_NAME);
        disk.delete(path);
        SpareFile begun = new SpareFile(disk, path, wantedBytes, durability);
        begun.extend();
        return begun;
    }

    /**
     * Writes the next step towards the length that was wanted when it was begun; nothing once it has that. Nor where there is no
     * room for all of it: tried at every round, it would hold the last blocks of the disk from whoever appends.
     */
    void extend() throws IOException {
        int step = Math.min(STEP_BYTES, wantedBytes - lengthBytes);
        if (step == 0) {
            return;
        }
        long usableBytes = disk.usableBytes(path.getParent());
        if (usableBytes != Disk.UNKNOWN_BYTES && usableBytes < step) {
            throw new DiskFullException(path, step, usableBytes, new IOException("not tried"));
        }
        try (DiskFile file = disk.open(path)) {
            writeOrGiveBack(file, step);
            if (durability == Durability.POWER) {
                file.force();
            }
        }
        lengthBytes += step;
    }

    private void writeOrGiveBack(DiskFile file, int step) throws IOException {
        try {
            file.writeZeros(lengthBytes, step);
        } catch (IOException e) {
            // A part of a step is of use to nobody here.
            try {
                file.truncate(lengthBytes);
            } catch (IOException truncate) {
                e.addSuppressed(truncate);
            }
            throw e;
        }
    }

    boolean isComplete() {
        return lengthBytes == wantedBytes;
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
