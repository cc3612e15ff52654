package io.semel.benchmarks.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.semel.log.LogConfig;
import io.semel.log.memory.DiskFile;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Region;

/**
 * Files of a segment's size, one mapped at a time, whose blocks are written before they are touched. Thread rule: one thread.
 */
final class MappedPages implements AutoCloseable {
    /** As large as a segment is by default, so that the limits pay for as many mappings as the log does. */
    static final int FILE_BYTES = LogConfig.DEFAULT_SEGMENT_BYTES;

    private final Path directory;
    private final Blocks blocks;
    private int nextFile;
    private DiskFile file;
    private Region region;

    /** When the blocks are written. */
    enum Blocks {
        /** Before the clock starts. */
        READY,
        /** Inside of the clock, as whoever appends for longer than its disk space lasts must. */
        WRITTEN_ON_THE_WAY
    }

    private MappedPages(Path directory, Blocks blocks) {
        this.directory = directory;
        this.blocks = blocks;
    }

    static MappedPages create(Path directory, Blocks blocks, long lengthBytes) throws IOException {
        MappedPages pages = new MappedPages(directory, blocks);
        if (blocks == Blocks.READY) {
            for (int i = 0; (long) i * FILE_BYTES <= lengthBytes; i++) {
                try (DiskFile file = FileDisk.instance().open(pages.path(i))) {
                    file.writeZeros(0, FILE_BYTES);
                }
            }
        }
        return pages;
    }

    private Path path(int index) {
        return directory.resolve("pages-" + index);
    }

    /** Maps the next file in place of the one before. */
    ByteBuffer next() throws IOException {
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
