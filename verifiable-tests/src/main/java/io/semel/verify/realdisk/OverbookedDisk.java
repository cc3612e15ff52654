package io.semel.verify.realdisk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An ext4 that has room, in a sparse file on a tmpfs that has less: at some write-back the medium gives no more, and
 * forces fail although the file system was never full. Thread rule: one thread, but for {@link #close}, which any may
 * call.
 */
final class OverbookedDisk implements Closeable {
    private final Path medium;
    private final Path image;
    private final Path mountPoint;
    private boolean mediumMounted = true;
    private boolean mounted;

    private OverbookedDisk(Path medium, Path mountPoint) {
        this.medium = medium;
        this.image = medium.resolve("image");
        this.mountPoint = mountPoint;
    }

    /**
     * @param mediumBytes what is there
     * @param sizeBytes   what the file system believes to be there
     */
    static OverbookedDisk mount(Path directory, long mediumBytes, long sizeBytes) throws IOException {
        Path medium = MountPoint.in(directory, "medium");
        Path mountPoint = Files.createDirectory(MountPoint.in(directory, "disk"));
        FileSystem.TMPFS.mount(medium, mediumBytes);
        OverbookedDisk disk = new OverbookedDisk(medium, mountPoint);
        try {
            FileSystem.make(disk.image, sizeBytes, FileSystem.BLOCK_BYTES);
            disk.mount();
        } catch (IOException e) {
            disk.close();
            throw e;
        }
        return disk;
    }

    private synchronized void mount() throws IOException {
        FileSystem.mount(image, mountPoint);
        mounted = true;
    }

    Path path() {
        return mountPoint;
    }

    /** Gives the medium the room that was promised, and mounts anew what is on it: what was only cached is gone. */
    void repair(long mediumBytes) throws IOException {
        unmount();
        SystemCommand.run(List.of("mount", "-o", "remount,size=" + mediumBytes, medium.toString()));
        // 1 says that errors were corrected; the journal is replayed first.
        SystemCommand.run(List.of("sh", "-c", "e2fsck -f -y \"$1\" || test $? -eq 1", "sh", image.toString()));
        mount();
    }

    private synchronized void unmount() throws IOException {
        if (mounted) {
            MountPoint.unmount(mountPoint);
            mounted = false;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        unmount();
        if (mediumMounted) {
            MountPoint.unmount(medium);
            mediumMounted = false;
        }
        Files.deleteIfExists(mountPoint);
        Files.deleteIfExists(medium);
    }
}
