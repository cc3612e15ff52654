package io.semel.client.producer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.semel.log.memory.DirectoryLock;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Region;

/** The machine's disk, which the test may declare full, or unable to force some files. */
final class FullableDisk implements Disk {
    private static final String NO_FILE = "\0";

    volatile boolean isFull;
    /** Files with this in their path can't be forced. */
    volatile String unforceable = NO_FILE;
    private final Disk real = FileDisk.instance();

    @Override
    public DiskFile open(Path file) throws IOException {
        return new File(file, real.open(file));
    }

    private final class File implements DiskFile {
        private final Path path;
        private final DiskFile real;

        File(Path path, DiskFile real) {
            this.path = path;
            this.real = real;
        }

        private void requireForceable() throws IOException {
            if (path.toString().contains(unforceable)) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public void writeZeros(long position, int length) throws IOException {
            if (isFull) {
                throw new IOException("No space left on device");
            }
            real.writeZeros(position, length);
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            real.write(source, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            real.truncate(size);
        }

        @Override
        public void forceData(int from, int length) throws IOException {
            requireForceable();
            real.forceData(from, length);
        }

        @Override
        public void force() throws IOException {
            requireForceable();
            real.force();
        }

        @Override
        public Region map(int length) throws IOException {
            return real.map(length);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return real.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        real.createDirectories(directory);
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(path);
    }

    @Override
    public ByteBuffer read(Path file) throws IOException {
        return real.read(file);
    }

    @Override
    public void replace(Path file, ByteBuffer content) throws IOException {
        real.replace(file, content);
    }

    @Override
    public void replaceUnforced(Path file, ByteBuffer content) throws IOException {
        real.replaceUnforced(file, content);
    }

    @Override
    public Optional<UUID> boot() {
        return real.boot();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        real.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        real.forceDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return real.usableBytes(directory);
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        return real.lock(directory);
    }
}
