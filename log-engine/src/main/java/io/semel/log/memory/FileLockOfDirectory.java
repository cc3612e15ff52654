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

/** The operating system's lock on the file {@code .lock}, which also names its owner's process for error messages. */
final class FileLockOfDirectory implements DirectoryLock {
    private static final String FILE_NAME = ".lock";

    private final FileChannel channel;

    private FileLockOfDirectory(FileChannel channel) {
        this.channel = channel;
    }

    static FileLockOfDirectory take(Path directory) throws IOException {
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
            return new FileLockOfDirectory(channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new DirectoryInUseException(directory, "this process already");
        } catch (IOException e) {
            channel.close();
            throw e;
        }
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
    public void close() throws IOException {
        channel.close();
    }
}
