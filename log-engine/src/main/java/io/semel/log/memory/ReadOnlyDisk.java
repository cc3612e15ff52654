package io.semel.log.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The machine's own file systems, for whoever only looks: files are opened for reading, and whatever would change something
 * is refused as the bug that it is.
 *
 * <p>Thread rule: any thread; so are its files.
 */
public final class ReadOnlyDisk implements Disk {
    private final Disk disk = FileDisk.instance();

    private static UnsupportedOperationException refused(Path path) {
        return new UnsupportedOperationException("inspection changes nothing, not " + path + " either");
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new ReadOnlyFile(file, new RandomAccessFile(file.toFile(), "r"));
    }

    private record ReadOnlyFile(Path path, RandomAccessFile file) implements DiskFile {
        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (file) {
                file.seek(position);
                byte[] bytes = new byte[target.remaining()];
                int total = 0;
                int count = 0;
                while (total < bytes.length && count >= 0) {
                    count = file.read(bytes, total, bytes.length - total);
                    total += Math.max(0, count);
                }
                target.put(bytes, 0, total);
                return total;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) {
            throw refused(path);
        }

        @Override
        public void writeZeros(long position, int length) {
            throw refused(path);
        }

        @Override
        public void truncate(long size) {
            throw refused(path);
        }

        @Override
        public void forceData(int from, int length) {
            throw refused(path);
        }

        @Override
        public void force() {
            throw refused(path);
        }

        @Override
        public Region map(int length) {
            throw refused(path);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(Path directory) {
        throw refused(directory);
    }

    @Override
    public void delete(Path path) {
        throw refused(path);
    }

    @Override
    public ByteBuffer read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    @Override
    public void replace(Path file, ByteBuffer content) {
        throw refused(file);
    }

    @Override
    public void replaceUnforced(Path file, ByteBuffer content) {
        throw refused(file);
    }

    @Override
    public Optional<UUID> boot() {
        return disk.boot();
    }

    @Override
    public void rename(Path from, Path to) {
        throw refused(from);
    }

    @Override
    public void forceDirectory(Path directory) {
        throw refused(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return disk.usableBytes(directory);
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        return disk.lock(directory);
    }
}
