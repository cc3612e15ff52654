package io.semel.verify.realdisk.worker;

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

/**
 * The machine's disk, but the zeros that are written ahead are not: {@link Weakness#HOLES}. Thread rule: any thread.
 */
final class HollowDisk implements Disk {
    private final Disk disk = FileDisk.instance();

    @Override
    public DiskFile open(Path file) throws IOException {
        return new HollowFile(disk.open(file));
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
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
    }

    @Override
    public ByteBuffer read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public void replace(Path file, ByteBuffer content) throws IOException {
        disk.replace(file, content);
    }

    @Override
    public void replaceUnforced(Path file, ByteBuffer content) throws IOException {
        disk.replaceUnforced(file, content);
    }

    @Override
    public Optional<UUID> boot() {
        return disk.boot();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        disk.forceDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return disk.usableBytes(directory);
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        return disk.lock(directory);
    }

    private record HollowFile(DiskFile file) implements DiskFile {
        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void writeZeros(long position, int length) {
            // That is the weakness.
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void forceData(int from, int length) throws IOException {
            file.forceData(from, length);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public Region map(int length) throws IOException {
            return file.map(length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
