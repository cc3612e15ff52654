package io.semel.log.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The disk that a log is given. {@link FileDisk} is the machine's own; tests give one that fails, tears and forgets.
 *
 * <p>Thread rule: every method may be called from any thread.
 */
public interface Disk {
    /** Some file systems don't say what is left: whoever asks goes on as if there were room. */
    long UNKNOWN_BYTES = -1;

    /** Opens a file for reading and writing and creates it when it is missing. Its directory must exist. */
    DiskFile open(Path file) throws IOException;

    boolean exists(Path path);

    /** The entries of a directory, sorted by name; empty when there is no such directory. */
    List<Path> list(Path directory) throws IOException;

    void createDirectories(Path directory) throws IOException;

    /** Deletes a file, or a directory with all that is in it. Nothing happens when it is not there. */
    void delete(Path path) throws IOException;

    /** The whole content of a small file. */
    ByteBuffer read(Path file) throws IOException;

    /**
     * Replaces a small file at once: after a crash it holds its old content or all of the new, never a part. The
     * content and the directory entry are forced before this returns.
     */
    void replace(Path file, ByteBuffer content) throws IOException;

    /**
     * As {@link #replace}, for what only has to outlive the process, and need not be there: nothing is forced, and a crash may
     * leave neither old nor new content.
     */
    void replaceUnforced(Path file, ByteBuffer content) throws IOException;

    /**
     * Names the time since the machine was started; empty where that is not to be known. What was ever written is read again
     * as long as it is the same, forced or not, unless the disk fails; after a power loss it is another.
     */
    Optional<UUID> boot();

    /** Gives a file another name in the same directory; nothing may have it open or mapped, or bear the new name. */
    void rename(Path from, Path to) throws IOException;

    /**
     * Returns once the entries of a directory, made, renamed and deleted, are on the medium.
     *
     * @throws OpenRefusedException when it could not be tried; any other failure is one of the force: never retry
     */
    void forceDirectory(Path directory) throws IOException;

    /** Bytes that can still be written where {@code directory} lives, or {@link #UNKNOWN_BYTES}. */
    long usableBytes(Path directory) throws IOException;

    /**
     * Takes the one exclusive lock of a directory. It is the operating system's, so it ends with its process and is
     * never broken by force.
     *
     * @throws DirectoryInUseException when another process, or another part of this one, holds it
     */
    DirectoryLock lock(Path directory) throws IOException;
}
