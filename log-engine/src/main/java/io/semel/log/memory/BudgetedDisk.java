package io.semel.log.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A disk whose open files and mappings are counted, and refused past the limits. Files that are open only for the length of a
 * call, to replace a small file or to force a directory, are not counted: there is one for each thread at most.
 *
 * <p>Thread rule: any thread.
 */
public final class BudgetedDisk implements Disk {
    private final Disk disk;
    private final Budget budget;

    public BudgetedDisk(Disk disk, Budget budget) {
        this.disk = disk;
        this.budget = budget;
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        take(budget.openFiles(), 1, file, "raise Limits.openFiles, and the process's own limit (ulimit -n) if need be,"
                + " or hold fewer partitions");
        try {
            return new CountedFile(file, disk.open(file));
        } catch (IOException | RuntimeException | Error e) {
            budget.openFiles().giveBack(1);
            throw e;
        }
    }

    private static void take(Limit limit, long amount, Path file, String remedy) throws OpenRefusedException {
        if (!limit.tryTake(amount)) {
            throw new OpenRefusedException("limit reached: " + limit + ", wanted " + amount + " more for " + file + "; "
                    + remedy);
        }
    }

    private final class CountedFile implements DiskFile {
        private final Path path;
        private final DiskFile file;
        private final AtomicBoolean closed = new AtomicBoolean();

        private CountedFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

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
        public void writeZeros(long position, int length) throws IOException {
            file.writeZeros(position, length);
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

        /** What is mapped stays so until its last lease is gone, and counts until then. */
        @Override
        public Region map(int length) throws IOException {
            take(budget.mappings(), 1, path, "raise Limits.mappings, and vm.max_map_count if need be, keep less"
                    + " (retention.ms, retention.bytes), or let segments be larger (segment.bytes)");
            boolean mapped = false;
            try {
                Region counted = mapWithin(length);
                mapped = true;
                return counted;
            } finally {
                if (!mapped) {
                    budget.mappings().giveBack(1);
                }
            }
        }

        private Region mapWithin(int length) throws IOException {
            take(budget.mappedBytes(), length, path,
                    "raise Limits.mappedBytes, keep less (retention.ms, retention.bytes),"
                            + " or hold fewer partitions");
            try {
                Region region = file.map(length);
                return Region.over(region.buffer(), () -> {
                    region.release();
                    budget.mappedBytes().giveBack(length);
                    budget.mappings().giveBack(1);
                });
            } catch (IOException | RuntimeException | Error e) {
                budget.mappedBytes().giveBack(length);
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                file.close();
            } finally {
                if (closed.compareAndSet(false, true)) {
                    budget.openFiles().giveBack(1);
                }
            }
        }

        @Override
        public String toString() {
            return file.toString();
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
}
