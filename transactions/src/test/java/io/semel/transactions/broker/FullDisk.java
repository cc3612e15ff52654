package io.semel.transactions.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.semel.log.memory.DirectoryLock;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.DiskFullException;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Region;

/**
 * The machine's disk, without room for whatever has the chosen name in its path, or failing under it, or under its
 * forces.
 */
final class FullDisk implements Disk {
    private final Disk real = FileDisk.instance();
    private volatile String fullFor = "";
    private volatile String undeletable = "";
    private volatile String failingFor = "";
    private volatile Supplier<IOException> failure;
    private volatile String unforceable = "";
    private volatile Optional<UUID> boot = real.boot();
    private final List<String> forced = new CopyOnWriteArrayList<>();

    /** From now on nothing new can be written where {@code part} stands in the path. */
    void fill(String part) {
        fullFor = part;
    }

    /** From now on nothing can be opened or read where {@code part} stands in the path. */
    void fail(String part, Supplier<IOException> how) {
        failure = how;
        failingFor = part;
    }

    private void read(String path) throws IOException {
        if (!failingFor.isEmpty() && path.contains(failingFor)) {
            throw failure.get();
        }
    }

    /** From now on nothing can be forced where {@code part} stands in the path. */
    void refuseForces(String part) {
        unforceable = part;
    }

    private void requireForceable(Path path) throws IOException {
        if (!unforceable.isEmpty() && path.toString().contains(unforceable)) {
            throw new IOException("Input/output error (made up): " + path);
        }
    }

    /** From now on nothing whose path ends with {@code end} can be deleted. */
    void refuseDeletion(String end) {
        undeletable = end;
    }

    /** How often files were forced that have {@code part} in their path. */
    long forcesOf(String part) {
        return forced.stream().filter(path -> path.contains(part)).count();
    }

    /** The machine went down and is up again, for whoever asks. */
    void reboot() {
        boot = Optional.of(UUID.randomUUID());
    }

    /** From now on the machine does not tell when it was started. */
    void hideBoot() {
        boot = Optional.empty();
    }

    void heal() {
        fullFor = "";
        undeletable = "";
        failingFor = "";
        unforceable = "";
    }

    private void write(Path path) throws IOException {
        if (!fullFor.isEmpty() && path.toString().contains(fullFor)) {
            throw new DiskFullException(path, 1, 0, new IOException("No space left on device (made up)"));
        }
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        read(file.toString());
        if (!real.exists(file)) {
            write(file);
        }
        return new FullFile(file, real.open(file));
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        read(directory.toString());
        return real.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (!real.exists(directory)) {
            write(directory);
        }
        real.createDirectories(directory);
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!undeletable.isEmpty() && path.toString().endsWith(undeletable)) {
            throw new IOException("not deletable (made up): " + path);
        }
        real.delete(path);
    }

    @Override
    public ByteBuffer read(Path file) throws IOException {
        read(file.toString());
        return real.read(file);
    }

    @Override
    public void replace(Path file, ByteBuffer content) throws IOException {
        write(file);
        real.replace(file, content);
    }

    @Override
    public void replaceUnforced(Path file, ByteBuffer content) throws IOException {
        write(file);
        real.replaceUnforced(file, content);
    }

    @Override
    public Optional<UUID> boot() {
        return boot;
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

    private final class FullFile implements DiskFile {
        private final Path path;
        private final DiskFile file;

        private FullFile(Path path, DiskFile file) {
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
            FullDisk.this.write(path);
            file.writeZeros(position, length);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void forceData(int from, int length) throws IOException {
            requireForceable(path);
            file.forceData(from, length);
        }

        @Override
        public void force() throws IOException {
            requireForceable(path);
            // Only counted: what these tests crash is the process; its page cache lives on.
            forced.add(path.toString());
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
