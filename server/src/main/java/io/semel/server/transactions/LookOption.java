package io.semel.server.transactions;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import io.semel.log.memory.DirectoryInUseException;
import io.semel.log.memory.DirectoryLock;
import io.semel.log.memory.Disk;
import io.semel.log.memory.ReadOnlyDisk;
import io.semel.server.UsageException;

import picocli.CommandLine.Option;

/** Whether a process may have the directory open while it is looked at. */
final class LookOption {
    private static final String LOCK = ".lock";

    @Option(names = "--live", description = "Take no lock: look beside the process that has the directory open.")
    private boolean live;

    boolean isLive() {
        return live;
    }

    DirectoryLook look(Path directory) throws IOException {
        Disk disk = new ReadOnlyDisk();
        // Without one nobody ever opened it, a copy for example.
        if (!disk.exists(directory.resolve(LOCK))) {
            return DirectoryLook.at(disk, directory);
        }
        if (live) {
            return lookBeside(disk, directory);
        }
        DirectoryLock lock = lock(disk, directory);
        try {
            return DirectoryLook.at(disk, directory);
        } finally {
            lock.close();
        }
    }

    /** Segments are deleted and checkpoints replaced while they are looked at. */
    private static DirectoryLook lookBeside(Disk disk, Path directory) throws IOException {
        try {
            return DirectoryLook.at(disk, directory);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new UsageException("a file was replaced while it was looked for: " + e.getMessage()
                    + "; repeat the command", e);
        }
    }

    private static DirectoryLock lock(Disk disk, Path directory) throws IOException {
        try {
            return disk.lock(directory);
        } catch (DirectoryInUseException e) {
            throw new UsageException(e.getMessage() + ", or look beside it with --live", e);
        }
    }
}
