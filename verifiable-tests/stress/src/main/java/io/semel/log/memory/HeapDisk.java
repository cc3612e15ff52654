package io.semel.log.memory;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A disk that is empty whenever it is looked at, and whose files are their mappings on the heap: as much as a log needs
 * that lives for microseconds and is never opened again.
 *
 * <p>Thread rule: immutable.
 */
public final class HeapDisk implements Disk {
    private final int mostBytes;

    /**
     * @param mostBytes the most that is mapped of a file, whatever is asked: a log's smallest segment is too large here
     */
    public HeapDisk(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public DiskFile open(Path file) {
        return new HeapFile(mostBytes);
    }

    @Override
    public boolean exists(Path path) {
        return false;
    }

    @Override
    public List<Path> list(Path directory) {
        return List.of();
    }

    @Override
    public void createDirectories(Path directory) {
        // There are none.
    }

    @Override
    public void delete(Path path) {
        // Nothing is ever there.
    }

    @Override
    public void rename(Path from, Path to) {
        // Nothing is ever there.
    }

    @Override
    public ByteBuffer read(Path file) {
        throw new IllegalStateException("nothing was ever written: " + file);
    }

    @Override
    public void replace(Path file, ByteBuffer content) {
        // Nobody reads it again.
    }

    @Override
    public void replaceUnforced(Path file, ByteBuffer content) {
        // Nobody reads it again.
    }

    @Override
    public Optional<UUID> boot() {
        return Optional.empty();
    }

    @Override
    public void forceDirectory(Path directory) {
        // No medium.
    }

    @Override
    public long usableBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    @Override
    public DirectoryLock lock(Path directory) {
        throw new IllegalStateException("nobody shares a heap: " + directory);
    }

    private static final class HeapFile implements DiskFile {
        private final int mostBytes;

        private HeapFile(int mostBytes) {
            this.mostBytes = mostBytes;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new IllegalStateException("a new file is not read: position=" + position);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            throw new IllegalStateException("batches come through the mapping: position=" + position);
        }

        @Override
        public void writeZeros(long position, int length) {
            // The mapping is zeroed already.
        }

        @Override
        public void truncate(long size) {
            // The mapping keeps its length, as it does under a reader's lease.
        }

        @Override
        public void force() {
            // No medium.
        }

        @Override
        public void forceData(int from, int length) {
            // No medium.
        }

        @Override
        public Region map(int length) {
            return Region.over(ByteBuffer.allocate(Math.min(length, mostBytes)), () -> {
            });
        }

        @Override
        public void close() {
            // No handle.
        }
    }
}
