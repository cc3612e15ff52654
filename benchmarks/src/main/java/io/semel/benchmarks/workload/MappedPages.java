package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

import io.semel.log.LogConfig;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Region;

/** Files of a segment's size, one mapped at a time, in order. Thread rule: one thread. */
public final class MappedPages implements AutoCloseable {
    /** As large as a segment is by default, so that the limits pay for as many mappings as the log does. */
    public static final int FILE_BYTES = LogConfig.DEFAULT_SEGMENT_BYTES;

    private final Path directory;
    private final Blocks blocks;
    private int nextFile;
    private DiskFile file;
    private Region region;

    /** How the disk's blocks come under the pages. */
    public enum Blocks {
        /** Written before the clock starts. */
        READY,
        /** Written inside of the clock, as whoever appends for longer than its disk space lasts must. */
        WRITTEN_ON_THE_WAY,
        /** Reserved before the clock starts, and not written: the file system has yet to zero each page. */
        FALLOCATED,
        /** Not there: the file system finds one for each page that is touched. A full disk would kill the JVM. */
        SPARSE
    }

    private MappedPages(Path directory, Blocks blocks) {
        this.directory = directory;
        this.blocks = blocks;
    }

    public static MappedPages create(Path directory, Blocks blocks, long lengthBytes) throws IOException {
        MappedPages pages = new MappedPages(directory, blocks);
        for (int i = 0; (long) i * FILE_BYTES <= lengthBytes; i++) {
            switch (blocks) {
                case READY -> {
                    try (DiskFile file = FileDisk.instance().open(pages.path(i))) {
                        file.writeZeros(0, FILE_BYTES);
                    }
                }
                case FALLOCATED -> fallocate(pages.path(i));
                case WRITTEN_ON_THE_WAY, SPARSE -> {
                    // Made when it is their turn.
                }
            }
        }
        return pages;
    }

    private static void fallocate(Path file) throws IOException {
        Process process = new ProcessBuilder(List.of("fallocate", "-l", Integer.toString(FILE_BYTES), file.toString()))
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("fallocate failed: exit code " + process.exitValue() + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + file + " was allocated", e);
        }
    }

    private Path path(int index) {
        return directory.resolve("pages-" + index);
    }

    /** Maps the next file in place of the one before. */
    public ByteBuffer next() throws IOException {
        close();
        file = FileDisk.instance().open(path(nextFile++));
        if (blocks == Blocks.WRITTEN_ON_THE_WAY) {
            file.writeZeros(0, FILE_BYTES);
        }
        region = file.map(FILE_BYTES);
        return region.buffer();
    }

    @Override
    public void close() throws IOException {
        if (region != null) {
            region.release();
            file.close();
            region = null;
        }
    }
}
