package io.semel.server.inspect;

import java.io.IOException;
import java.nio.file.Path;

import io.semel.log.SideFiles;
import io.semel.log.SideFiles.CheckpointContent;
import io.semel.log.memory.Disk;

/** Where a log begins to count. Stateless. */
final class LogHead {
    private LogHead() {
    }

    /** The first offset that is served, as far as its file tells; else 0. */
    private static long startOffset(Disk disk, Path directory) throws IOException {
        return offsetIn(disk, directory.resolve(SideFiles.LOG_START));
    }

    private static long offsetIn(Disk disk, Path file) throws IOException {
        return disk.exists(file) ? Math.max(0, SideFiles.offset(disk.read(file)).found()) : 0;
    }

    /**
     * Aborted transactions that ended below may be forgotten: nothing of them is served, or compaction took what they
     * wrote.
     */
    static long forgottenBelow(Disk disk, Path directory) throws IOException {
        return Math.max(startOffset(disk, directory), offsetIn(disk, directory.resolve(SideFiles.COMPACTED)));
    }

    /** Segments wholly below are about to be deleted: they are not served, and both checkpoints sum them up. */
    static long goneBelow(Disk disk, Path directory) throws IOException {
        long gone = startOffset(disk, directory);
        for (String name : SideFiles.CHECKPOINTS) {
            Path file = directory.resolve(name);
            if (gone > 0 && disk.exists(file)) {
                gone = Math.min(gone, SideFiles.checkpoint(disk.read(file), file).found().map(CheckpointContent::offset)
                        .orElse(0L));
            }
        }
        return gone;
    }
}
