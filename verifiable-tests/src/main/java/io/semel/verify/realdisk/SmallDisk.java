package io.semel.verify.realdisk;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A mounted file system of a few MiB, with ballast that is thrown out to make room. Thread rule: one thread, but for
 * {@link #close}, which any may call.
 */
final class SmallDisk implements Closeable {
    /**
     * Enough for every partition to find blocks, a new segment, a spare one and its side files, each at its largest,
     * while the others take as much.
     */
    static final int BALLAST_BYTES = 9 << 20;

    private static final long PROBE_BYTES = 4 << 20;

    private final Path mountPoint;
    private final Deque<Path> ballast = new ArrayDeque<>();
    private boolean mounted = true;

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    static SmallDisk mount(FileSystem kind, Path mountPoint, long sizeBytes) throws IOException {
        try {
            kind.mount(mountPoint, sizeBytes);
        } catch (IOException e) {
            removeTracesOf(mountPoint);
            throw e;
        }
        return new SmallDisk(mountPoint);
    }

    /** Tries whether this machine lets us; returns why not, or nothing. */
    static String objectionTo(FileSystem kind, Path scratch) {
        Path mountPoint = MountPoint.in(scratch, "probe-" + kind.label());
        try {
            mount(kind, mountPoint, PROBE_BYTES).close();
            return "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    Path path() {
        return mountPoint;
    }

    void takeBallast(int count) throws IOException {
        for (int index = 0; index < count; index++) {
            Path file = mountPoint.resolve("ballast-" + index);
            try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
                stream.write(new byte[BALLAST_BYTES]);
                stream.getFD().sync();
            }
            ballast.push(file);
        }
    }

    int ballastLeft() {
        return ballast.size();
    }

    void dropBallast() throws IOException {
        Files.delete(ballast.pop());
    }

    @Override
    public synchronized void close() throws IOException {
        if (!mounted) {
            return;
        }
        MountPoint.unmount(mountPoint);
        mounted = false;
        removeTracesOf(mountPoint);
    }

    private static void removeTracesOf(Path mountPoint) throws IOException {
        Files.deleteIfExists(FileSystem.imageOf(mountPoint));
        Files.deleteIfExists(mountPoint);
    }
}
