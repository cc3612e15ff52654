package io.semel.log.memory;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** The machine's disk, until it fails: from the chosen call on, for as many calls as chosen. Thread rule: any thread. */
public final class FaultyDisk implements Disk {
    private static final Set<String> NEEDS_A_DESCRIPTOR = Set.of("open", "list", "readWhole", "replace", "map",
            "forceDirectory");

    private final Disk real = FileDisk.instance();
    /** The rules of failing are set before other threads use the disk. */
    private long calls;
    private long failFrom = Long.MAX_VALUE;
    private long failUntil = Long.MAX_VALUE;
    private String failOnly = "";
    private String errorOnly = "";
    private volatile long usableBytes = Long.MAX_VALUE;
    private volatile long roomBytes = Long.MAX_VALUE;
    private boolean forces = true;
    private Optional<UUID> boot = Optional.of(new UUID(1, 1));
    private volatile boolean outOfFiles;
    private long failures;
    private Runnable beforeEachCall = () -> {
    };
    private BiConsumer<String, Path> listener = (kind, path) -> {
    };
    private final List<Region> regions = new CopyOnWriteArrayList<>();

    /** The call with this number from 0, and {@code count - 1} more, fail. */
    public void fail(long firstCall, long count) {
        failFrom = firstCall;
        failUntil = count == Long.MAX_VALUE ? count : firstCall + count;
    }

    /** After so many more calls, all fail. */
    public void failAfter(long moreCalls) {
        failNext(moreCalls, Long.MAX_VALUE);
    }

    /** After so many more calls, one fails. */
    public void failOnceAfter(long moreCalls) {
        failNext(moreCalls, 1);
    }

    /** As {@link #fail}, counted from here. */
    public synchronized void failNext(long call, long count) {
        fail(calls + call, count);
    }

    /** Sweeps of thousands of recoveries need no medium: content is written, and forced never. */
    public FaultyDisk withoutForces() {
        forces = false;
        return this;
    }

    /** From now on so many zeros can be written; a write that finds too little takes none of it. */
    public void leaveRoom(long bytes) {
        roomBytes = bytes;
    }

    /** From now on so much is said to be left, at most. */
    public void reportUsable(long bytes) {
        usableBytes = bytes;
    }

    /** From now on all calls of this kind fail. */
    public void failEvery(String kind) {
        failOnly = kind;
    }

    /** From now on all calls of this kind end with an error of the JVM, as when the medium under a mapping is gone. */
    public void breakEvery(String kind) {
        errorOnly = kind;
    }

    /** Has somebody look at the files between any two calls. */
    public void beforeEachCall(Runnable look) {
        beforeEachCall = look;
    }

    /** The machine is started anew. What it had not forced is for the test to take away. */
    public void startAnew() {
        boot = boot.map(last -> new UUID(last.getMostSignificantBits(), last.getLeastSignificantBits() + 1));
    }

    /** A system that does not name its boots. */
    public void hideBoot() {
        boot = Optional.empty();
    }

    /** From now on nothing more can be opened, as when a process has used its descriptors up: everything else works. */
    public void runOutOfFiles() {
        outOfFiles = true;
    }

    /** Has somebody told of the kind and the file of every call. */
    public void tell(BiConsumer<String, Path> told) {
        listener = told;
    }

    public void heal() {
        outOfFiles = false;
        failFrom = Long.MAX_VALUE;
        failOnly = "";
        errorOnly = "";
        roomBytes = Long.MAX_VALUE;
        usableBytes = Long.MAX_VALUE;
    }

    public long failures() {
        return failures;
    }

    /** Regions that were mapped and not unmapped yet. */
    public long mappedRegions() {
        return regions.stream().filter(region -> region.leases() > 0).count();
    }

    private void call(String kind, Path path) throws IOException {
        // Not under the monitor: who is told may wait for another thread's calls.
        listener.accept(kind, path);
        countCall(kind, path);
    }

    private synchronized void countCall(String kind, Path path) throws IOException {
        beforeEachCall.run();
        if (outOfFiles && NEEDS_A_DESCRIPTOR.contains(kind)) {
            failures++;
            String what = path + " (Too many open files, made up)";
            throw kind.equals("forceDirectory") ? new OpenRefusedException(what) : new FileNotFoundException(what);
        }
        if (kind.equals(errorOnly)) {
            failures++;
            throw new InternalError("a fault occurred in an unsafe memory access operation (made up): " + path);
        }
        long number = calls++;
        if (number >= failFrom && number < failUntil || kind.equals(failOnly)) {
            failures++;
            throw new IOException("No space left on device (made up): call=" + number + " " + kind + " " + path);
        }
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        call("open", file);
        return new FaultyFile(file, real.open(file));
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        call("list", directory);
        return real.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        call("createDirectories", directory);
        real.createDirectories(directory);
    }

    @Override
    public void delete(Path path) throws IOException {
        call("delete", path);
        real.delete(path);
    }

    @Override
    public ByteBuffer read(Path file) throws IOException {
        call("readWhole", file);
        return real.read(file);
    }

    @Override
    public void replace(Path file, ByteBuffer content) throws IOException {
        call("replace", file);
        if (forces) {
            real.replace(file, content);
        } else {
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            Files.write(file, bytes);
        }
    }

    @Override
    public void replaceUnforced(Path file, ByteBuffer content) throws IOException {
        call("replaceUnforced", file);
        real.replaceUnforced(file, content);
    }

    @Override
    public Optional<UUID> boot() {
        return boot;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call("rename", from);
        real.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        call("forceDirectory", directory);
        if (forces) {
            real.forceDirectory(directory);
        }
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return Math.min(usableBytes, real.usableBytes(directory));
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        return real.lock(directory);
    }

    private final class FaultyFile implements DiskFile {
        private final Path path;
        private final DiskFile file;

        private FaultyFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            call("size", path);
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            call("read", path);
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            call("write", path);
            file.write(source, position);
        }

        @Override
        public void writeZeros(long position, int length) throws IOException {
            try {
                call("writeZeros", path);
            } catch (IOException e) {
                // A disk fills up in the middle of a write.
                file.writeZeros(position, length / 2);
                throw e;
            }
            if (length > roomBytes) {
                throw new DiskFullException(path, length, roomBytes, new IOException("No space left (made up)"));
            }
            roomBytes -= length;
            file.writeZeros(position, length);
        }

        @Override
        public void truncate(long size) throws IOException {
            call("truncate", path);
            file.truncate(size);
        }

        @Override
        public void forceData(int from, int length) throws IOException {
            call("forceData", path);
            if (forces) {
                file.forceData(from, length);
            }
        }

        @Override
        public void force() throws IOException {
            call("force", path);
            if (forces) {
                file.force();
            }
        }

        @Override
        public Region map(int length) throws IOException {
            call("map", path);
            Region region = file.map(length);
            regions.add(region);
            return region;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
