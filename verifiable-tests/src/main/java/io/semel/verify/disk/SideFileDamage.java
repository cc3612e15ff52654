package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

import io.semel.log.memory.DiskFile;

/** Loses, cuts, zeroes or flips a part of one side file of a log: L4. Thread rule: one thread. */
final class SideFileDamage {
    private enum Kind {
        GONE, CUT, ZEROED, FLIPPED
    }

    private static final List<String> CHECKPOINTS = List.of("checkpoint-a", "checkpoint-b", "checkpoint-unforced");

    private final SplittableRandom random;

    SideFileDamage(SplittableRandom random) {
        this.random = random;
    }

    /** Returns what was done, in words; empty when there is no side file. */
    String inflict(SimulatedDisk disk, Path directory) throws IOException {
        List<Path> files = disk.list(directory).stream().filter(SideFileDamage::isRebuilt).toList();
        if (files.isEmpty()) {
            return "";
        }
        Path path = files.get(random.nextInt(files.size()));
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        if (kind == Kind.GONE) {
            disk.delete(path);
        } else {
            try (DiskFile file = disk.open(path)) {
                damage(file, kind);
            }
        }
        return path.getFileName() + " " + kind;
    }

    /** One of the two checkpoints is gone, or whatever sums the log up. Returns which, in words. */
    String loseCheckpoints(SimulatedDisk disk, Path directory) throws IOException {
        int drawn = random.nextInt(CHECKPOINTS.size());
        List<String> lost = drawn < 2 ? CHECKPOINTS.subList(drawn, drawn + 1) : CHECKPOINTS;
        for (String name : lost) {
            disk.delete(directory.resolve(name));
        }
        return String.join(", ", lost);
    }

    /** Of the records nothing is rebuilt, and where the log begins is data: its file alone knows. */
    private static boolean isRebuilt(Path file) {
        String name = file.getFileName().toString();
        return !name.endsWith(".log") && !name.equals("log-start-offset") && !name.endsWith(".spare");
    }

    private void damage(DiskFile file, Kind kind) throws IOException {
        int size = (int) file.size();
        int at = size == 0 ? 0 : random.nextInt(size);
        if (kind == Kind.CUT) {
            file.truncate(at);
        } else if (kind == Kind.ZEROED && size > 0) {
            file.writeZeros(at, size - at);
        } else if (size > 0) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            file.write(one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(Byte.SIZE))).flip(), at);
        }
    }
}
