package io.semel.log.memory;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The machine's own file systems. */
public final class FileDisk implements Disk {
    private static final FileDisk INSTANCE = new FileDisk();

    private FileDisk() {
    }

    public static FileDisk instance() {
        return INSTANCE;
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return MappedDiskFile.open(file);
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().collect(Collectors.toUnmodifiableList());
        } catch (UncheckedIOException e) {
            // A directory that can be opened and not be read.
            throw e.getCause();
        } catch (FileSystemException e) {
            throw DiskFailures.ofOpen(directory, e);
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (FileSystemException e) {
            throw DiskFailures.ofOpen(directory, e);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                Files.delete(each);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public ByteBuffer read(Path file) throws IOException {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (FileSystemException e) {
            throw DiskFailures.ofOpen(file, e);
        }
    }

    @Override
    public void replace(Path file, ByteBuffer content) throws IOException {
        Path fresh = freshBeside(file);
        try (FileOutputStream stream = openAnew(fresh)) {
            write(stream, fresh, content);
            stream.getFD().sync();
        }
        putInPlace(fresh, file);
        forceDirectory(file.toAbsolutePath().getParent());
    }

    @Override
    public void replaceUnforced(Path file, ByteBuffer content) throws IOException {
        Path fresh = freshBeside(file);
        try (FileOutputStream stream = openAnew(fresh)) {
            write(stream, fresh, content);
        }
        // Renamed over a file that is there, ext4 would have the content written to the medium first. A kill in between costs the
        // file, which whoever does not want it forced can do without.
        Files.deleteIfExists(file);
        putInPlace(fresh, file);
    }

    private static Path freshBeside(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    private static FileOutputStream openAnew(Path fresh) throws IOException {
        try {
            return new FileOutputStream(fresh.toFile());
        } catch (FileNotFoundException e) {
            throw DiskFailures.ofOpen(fresh, e);
        }
    }

    private static void write(FileOutputStream stream, Path fresh, ByteBuffer content) throws IOException {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        try {
            stream.write(bytes);
        } catch (IOException e) {
            throw DiskFailures.ofWrite(fresh, bytes.length, e);
        }
    }

    private static void putInPlace(Path fresh, Path file) throws IOException {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Optional<UUID> boot() {
        return Boot.CURRENT;
    }

    /** Read once: a process does not outlive it. */
    private static final class Boot {
        /** Linux names it; where there is no such file it is not to be known. See random(4). */
        private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

        static final Optional<UUID> CURRENT = read();

        private static Optional<UUID> read() {
            try {
                return Optional.of(UUID.fromString(Files.readString(FILE).strip()));
            } catch (IOException | RuntimeException e) {
                // Another system: then nothing rests on it.
                return Optional.empty();
            }
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        Uninterrupted.run(() -> {
            try (FileChannel channel = openDirectory(directory)) {
                channel.force(true);
                return channel;
            }
        });
    }

    /** Nothing was forced yet, so nothing can have failed to be: a process out of descriptors may come back. */
    private static FileChannel openDirectory(Path directory) throws IOException {
        try {
            return FileChannel.open(directory);
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new OpenRefusedException("directory could not be opened to be forced: " + e.getMessage()
                    + "; if too many files are open, close some or raise the limit (ulimit -n)", e);
        }
    }

    @Override
    public long usableBytes(Path directory) {
        return DiskFailures.usableBytes(directory);
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        return FileLockOfDirectory.take(directory);
    }
}
