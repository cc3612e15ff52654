package io.semel.log.memory;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells what the system's short words about a failure mean for whoever meets it: a full disk and a process out of descriptors
 * are nobody's damage, and pass. The words themselves are in the user's language, so the state of things is asked too. Stateless.
 */
final class DiskFailures {
    /** What the entry of a new file may take: a block of its directory. */
    static final long ENTRY_BYTES = 4096;

    /** A quota is a full disk to whoever has used it up, though others have room. */
    private static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded");
    /** The medium failed, on whatever room: to call that full would have it tried again. */
    private static final String FAILED = "Input/output error";

    private DiskFailures() {
    }

    /** Why something could not be written, with the file's name. */
    static IOException ofWrite(Path file, long wantedBytes, IOException cause) {
        long usableBytes = usableBytes(file.toAbsolutePath().getParent());
        boolean hasNoRoom = usableBytes != Disk.UNKNOWN_BYTES && usableBytes < wantedBytes;
        String said = String.valueOf(cause.getMessage());
        boolean full = FULL.stream().anyMatch(said::contains) || hasNoRoom && !said.contains(FAILED);
        return full ? new DiskFullException(file, wantedBytes, usableBytes, cause)
                : new IOException("write failed: " + wantedBytes + " bytes of " + file + ": " + cause.getMessage()
                        + "; check the disk", cause);
    }

    /** What is left where {@code directory} lives. Needs neither a descriptor nor the list of mounts, as a FileStore does. */
    static long usableBytes(Path directory) {
        // Of a file system that does not answer both are 0.
        File asked = directory.toFile();
        return asked.getTotalSpace() > 0 ? asked.getUsableSpace() : Disk.UNKNOWN_BYTES;
    }

    /**
     * Why something could not be opened, or made. What is there and may be read and written does not fail to open by itself:
     * then it is the process, or the system, that has no descriptor left.
     */
    static IOException ofOpen(Path path, IOException cause) {
        boolean unnamed = cause.getClass() == FileSystemException.class
                || cause instanceof FileNotFoundException && !Files.isDirectory(path);
        if (!unnamed) {
            return cause;
        }
        boolean missing = Files.notExists(path);
        if (missing && ofWrite(path, ENTRY_BYTES, cause) instanceof DiskFullException full) {
            return full;
        }
        Path asked = missing ? path.toAbsolutePath().getParent() : path;
        boolean allowed = Files.isReadable(asked) && Files.isWritable(asked);
        return !allowed ? cause
                : new OpenRefusedException("could not be opened: " + path + ": " + cause.getMessage()
                        + "; if too many files are open, close some or raise the limit (ulimit -n)", cause);
    }
}
