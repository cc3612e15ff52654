package io.semel.verify.realdisk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The file systems that are filled. */
public enum FileSystem {
    /** Blocks come when a page is touched or written, and never from a medium. */
    TMPFS,
    /** With a journal, in a file behind a loop device; a block is a page. */
    EXT4,
    /** The same with four blocks to a page: one page may have some of its blocks and lack others. */
    EXT4_1K;

    private static final int SMALL_BLOCK_BYTES = 1024;
    static final int BLOCK_BYTES = 4096;

    private static final String IMAGE_SUFFIX = ".image";

    /** As options and reports name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Makes a file system of that size and mounts it on {@code mountPoint}, which is created. */
    void mount(Path mountPoint, long sizeBytes) throws IOException {
        Files.createDirectory(mountPoint);
        if (this == TMPFS) {
            SystemCommand.run(List.of("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "semel-verify",
                    mountPoint.toString()));
            return;
        }
        Path image = imageOf(mountPoint);
        make(image, sizeBytes, this == EXT4 ? BLOCK_BYTES : SMALL_BLOCK_BYTES);
        mount(image, mountPoint);
    }

    /** Makes an ext4 in a sparse file. */
    static void make(Path image, long sizeBytes, int blockBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(sizeBytes);
        }
        SystemCommand.run(List.of("mkfs.ext4", "-q", "-F", "-m", "0", "-b", Integer.toString(blockBytes), image
                .toString()));
    }

    /** Mounts what was made; the loop device goes when it is unmounted. */
    static void mount(Path image, Path mountPoint) throws IOException {
        SystemCommand.run(List.of("mount", "-o", "loop", image.toString(), mountPoint.toString()));
    }

    static Path imageOf(Path mountPoint) {
        return mountPoint.resolveSibling(mountPoint.getFileName() + IMAGE_SUFFIX);
    }
}
