package io.semel.log.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The operating system's lock on the file {@code .lock}, which also names its owner's process for error messages.
 *
 * <p>POSIX gives such a lock to the process and takes it away as soon as the process closes <em>any</em> descriptor of
 * that file. So a directory that this process holds is recognised without opening its lock file.
 */
final class FileLockOfDirectory implements DirectoryLock {
    private static final String FILE_NAME = ".lock";

    /** Real paths of the directories that this class holds. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** Descriptors that must not be closed, not even by the collector: see {@link #take}. */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final Path realDirectory;
    private final FileChannel channel;

    private FileLockOfDirectory(Path realDirectory, FileChannel channel) {
        this.realDirectory = realDirectory;
        this.channel = channel;
    }

    static FileLockOfDirectory take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw heldByThisProcess(directory);
        }
        try {
            return new FileLockOfDirectory(real, Uninterrupted.run(() -> lockedChannel(directory)));
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            throw e;
        }
    }

    private static FileChannel lockedChannel(Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new DirectoryInUseException(directory, ownerOf(file));
            }
            String owner = "process " + ProcessHandle.current().pid();
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
            return channel;
        } catch (OverlappingFileLockException e) {
            // This class was loaded twice, and the other one holds the lock: closing the channel would drop it.
            NEVER_CLOSED.add(channel);
            throw heldByThisProcess(directory);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static DirectoryInUseException heldByThisProcess(Path directory) {
        return new DirectoryInUseException(directory, "this process already");
    }

    private static String ownerOf(Path file) {
        try {
            String owner = Files.readString(file).trim();
            return owner.isEmpty() ? "another process" : owner;
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(realDirectory);
        }
    }
}
