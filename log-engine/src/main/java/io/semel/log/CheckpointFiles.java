package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.semel.log.memory.Disk;

/**
 * The two checkpoints of a log. The older one is replaced, so a crash or damage always leaves one; and what retention
 * deletes is summed up in both.
 *
 * <p>In PROCESS there is a third, for which nothing was forced: it spares the opening after a kill most of the scan, and
 * counts for nothing once the machine was started anew. Nothing is ever deleted on its word.
 *
 * <p>Thread rule: one thread at a time.
 */
final class CheckpointFiles {
    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointFiles.class);

    static final String FIRST_NAME = "checkpoint-a";
    static final String SECOND_NAME = "checkpoint-b";
    static final String UNFORCED_NAME = "checkpoint-unforced";

    private final Disk disk;
    private final Path[] files;
    private final Path unforced;
    private long unforcedSequenceNumber;
    private boolean unbelieved;
    private final long[] sequenceNumbers = new long[2];
    /** As far as a fold's state is held: 0 for a checkpoint without a snapshot. */
    private final long[] summedOffsets = new long[2];
    private final long[] startOffsets = new long[2];
    private Optional<Checkpoint> newest = Optional.empty();

    private CheckpointFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.files = new Path[] {directory.resolve(FIRST_NAME), directory.resolve(SECOND_NAME)};
        this.unforced = directory.resolve(UNFORCED_NAME);
    }

    static boolean isNameOfOne(String fileName) {
        return fileName.equals(FIRST_NAME) || fileName.equals(SECOND_NAME) || fileName.equals(UNFORCED_NAME);
    }

    /** Whether a checkpoint says that its log never held a record; one that is damaged says nothing. */
    static boolean isOfNothing(Disk disk, Path file) throws IOException {
        return Checkpoint.decode(disk.read(file), file).map(found -> found.offset() == 0).orElse(true);
    }

    /** Reads all. One that is missing or damaged counts for nothing; one that the disk won't read stops the opening. */
    static CheckpointFiles load(Disk disk, Path directory, Durability durability) throws IOException {
        CheckpointFiles loaded = new CheckpointFiles(disk, directory);
        for (int slot = 0; slot < 2; slot++) {
            Optional<Checkpoint> found = loaded.read(loaded.files[slot]);
            if (found.isPresent()) {
                loaded.note(slot, found.get());
                loaded.preferNewer(found.get());
            }
        }
        loaded.loadUnforced(durability);
        return loaded;
    }

    private Optional<Checkpoint> read(Path file) throws IOException {
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        Optional<Checkpoint> found = Checkpoint.decode(disk.read(file), file);
        if (found.isEmpty()) {
            // After a power loss an unforced one usually is.
            LOGGER.atLevel(file.equals(unforced) ? Level.DEBUG : Level.WARN)
                    .log("{} is damaged and not used; it will be written anew", file);
        }
        return found;
    }

    private void preferNewer(Checkpoint found) {
        if (newest.isEmpty() || newest.get().sequenceNumber() < found.sequenceNumber()) {
            newest = Optional.of(found);
        }
    }

    /** In POWER what was not forced counts for nothing, also when the level was another one before. */
    private void loadUnforced(Durability durability) throws IOException {
        Optional<Checkpoint> found = read(unforced);
        if (found.isPresent()) {
            unforcedSequenceNumber = found.get().sequenceNumber();
            if (durability == Durability.PROCESS && disk.boot().equals(Optional.of(found.get().boot()))) {
                preferNewer(found.get());
            }
        }
        // One that is not believed now may not be believed later either: what is forced meanwhile may fail.
        unbelieved = disk.exists(unforced) && newest.map(Checkpoint::isForced).orElse(true);
    }

    /** Deletes an unforced one that this opening did not go on from. */
    void dropUnbelieved() throws IOException {
        if (unbelieved) {
            distrustUnforced(disk, unforced.getParent());
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
        return Math.max(Math.max(sequenceNumbers[0], sequenceNumbers[1]), unforcedSequenceNumber) + 1;
    }

    /** Replaces the older one of its kind; when this returns it is as durable as what it says. Returns the bytes written. */
    int write(Checkpoint checkpoint) throws IOException {
        ByteBuffer encoded = checkpoint.encode();
        int length = encoded.remaining();
        if (!checkpoint.isForced()) {
            disk.replaceUnforced(unforced, encoded);
            unforcedSequenceNumber = checkpoint.sequenceNumber();
            return length;
        }
        int slot = sequenceNumbers[0] <= sequenceNumbers[1] ? 0 : 1;
        disk.replace(files[slot], encoded);
        note(slot, checkpoint);
        return length;
    }

    /**
     * Deletes the unforced one, before anything is forced: a force that fails may leave pages that are read as they were written,
     * and are neither on the medium nor to be forced again. Where there is none, the opening stores its tail again.
     */
    static void distrustUnforced(Disk disk, Path directory) throws IOException {
        disk.delete(directory.resolve(UNFORCED_NAME));
    }
}
