package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.memory.Disk;

/**
 * The two checkpoints of a log. The older one is replaced, so a crash or damage always leaves one; and what retention
 * deletes is summed up in both.
 *
 * <p>Thread rule: one thread at a time.
 */
final class CheckpointFiles {
    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointFiles.class);

    static final String FIRST_NAME = "checkpoint-a";
    static final String SECOND_NAME = "checkpoint-b";

    private final Disk disk;
    private final Path[] files;
    private final long[] sequenceNumbers = new long[2];
    /** As far as a fold's state is held: 0 for a checkpoint without a snapshot. */
    private final long[] summedOffsets = new long[2];
    private final long[] startOffsets = new long[2];
    private Optional<Checkpoint> newest = Optional.empty();

    private CheckpointFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.files = new Path[] {directory.resolve(FIRST_NAME), directory.resolve(SECOND_NAME)};
    }

    static boolean isNameOfOne(String fileName) {
        return fileName.equals(FIRST_NAME) || fileName.equals(SECOND_NAME);
    }

    /** Whether a checkpoint says that its log never held a record; one that is damaged says nothing. */
    static boolean isOfNothing(Disk disk, Path file) throws IOException {
        return Checkpoint.decode(disk.read(file), file).map(found -> found.offset() == 0).orElse(true);
    }

    /** Reads both. One that is missing or damaged counts for nothing; one that the disk won't read stops the opening. */
    static CheckpointFiles load(Disk disk, Path directory) throws IOException {
        CheckpointFiles loaded = new CheckpointFiles(disk, directory);
        for (int slot = 0; slot < 2; slot++) {
            loaded.load(slot);
        }
        return loaded;
    }

    private void load(int slot) throws IOException {
        if (!disk.exists(files[slot])) {
            return;
        }
        Optional<Checkpoint> found = Checkpoint.decode(disk.read(files[slot]), files[slot]);
        if (found.isEmpty()) {
            LOGGER.warn("{} is damaged and not used; it will be written anew", files[slot]);
            return;
        }
        note(slot, found.get());
        if (newest.isEmpty() || newest.get().sequenceNumber() < sequenceNumbers[slot]) {
            newest = found;
        }
    }

    private void note(int slot, Checkpoint checkpoint) {
        sequenceNumbers[slot] = checkpoint.sequenceNumber();
        summedOffsets[slot] = checkpoint.snapshot().isPresent() ? checkpoint.offset() : 0;
        startOffsets[slot] = checkpoint.startOffset();
    }

    /** The lower of the offsets up to which the two hold a fold's state; 0 while there are not two that do. */
    long lowestSummedOffset() {
        return Math.min(summedOffsets[0], summedOffsets[1]);
    }

    /** The lower of the offsets at which the log began when the two were taken; 0 while there are not two. */
    long lowestStartOffset() {
        return Math.min(startOffsets[0], startOffsets[1]);
    }

    /** The newest good checkpoint. Let go of by {@link #release}: it may be large. */
    Optional<Checkpoint> newest() {
        return newest;
    }

    void release() {
        newest = Optional.empty();
    }

    long nextSequenceNumber() {
        return Math.max(sequenceNumbers[0], sequenceNumbers[1]) + 1;
    }

    /** Replaces the older one. Durable, with the directory's entries, when this returns; returns the bytes written. */
    int write(Checkpoint checkpoint) throws IOException {
        int slot = sequenceNumbers[0] <= sequenceNumbers[1] ? 0 : 1;
        ByteBuffer encoded = checkpoint.encode();
        int length = encoded.remaining();
        disk.replace(files[slot], encoded);
        note(slot, checkpoint);
        return length;
    }
}
