package io.semel.verify.realdisk.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.agrona.collections.LongArrayList;

import static io.semel.verify.realdisk.worker.BrokenPromiseException.require;

/**
 * The batches of one partition that a check has seen, by base offset and CRC, on a disk that is not the one under test.
 * What was shown once stays as it was (L2).
 *
 * <p>Thread rule: one thread.
 */
final class Shown {
    private long startOffset;
    private final LongArrayList offsets = new LongArrayList();
    private final LongArrayList crcs = new LongArrayList();

    Shown(long startOffset) {
        this.startOffset = startOffset;
    }

    void add(long baseOffset, long crc) {
        offsets.addLong(baseOffset);
        crcs.addLong(crc);
    }

    int count() {
        return offsets.size();
    }

    static Shown read(Path directory, int partition) throws IOException {
        Path file = fileOf(directory, partition);
        if (!Files.exists(file)) {
            return new Shown(0);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        Shown shown = new Shown(bytes.getLong());
        while (bytes.hasRemaining()) {
            shown.add(bytes.getLong(), bytes.getLong());
        }
        return shown;
    }

    /** At once: a process that is killed meanwhile leaves the old file. */
    void write(Path directory, int partition) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * (1 + 2 * count()));
        bytes.putLong(startOffset);
        for (int index = 0; index < count(); index++) {
            bytes.putLong(offsets.getLong(index)).putLong(crcs.getLong(index));
        }
        Path file = fileOf(directory, partition);
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(fresh, bytes.array());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path fileOf(Path directory, int partition) {
        return directory.resolve("shown-" + partition);
    }

    /** All of this stands in {@code later} as it was, but for what retention took from the head. */
    void requireIn(Shown later, int partition) {
        require(later.startOffset >= startOffset, "L6", "partition " + partition + " began at offset " + startOffset
                + ", and now at " + later.startOffset);
        int at = 0;
        for (int index = 0; index < count(); index++) {
            long offset = offsets.getLong(index);
            if (offset < later.startOffset) {
                continue;
            }
            while (at < later.count() && later.offsets.getLong(at) < offset) {
                at++;
            }
            require(at < later.count() && later.offsets.getLong(at) == offset, "L2", "lost: partition " + partition
                    + " showed a batch at offset " + offset + " that is not there any more");
            require(later.crcs.getLong(at) == crcs.getLong(index), "L2", "changed: partition " + partition
                    + " shows another batch at offset " + offset + " than before");
        }
    }
}
