package io.semel.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.semel.benchmarks.workload.Data;
import io.semel.log.memory.FileDisk;

/** A directory per iteration, so that no benchmark fills the disk. */
final class ScratchDirectory implements AutoCloseable {
    private final Path path;

    private ScratchDirectory(Path path) {
        this.path = path;
    }

    static ScratchDirectory create() throws IOException {
        return new ScratchDirectory(Files.createTempDirectory(Data.directory(), "bench-jmh-"));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        FileDisk.instance().delete(path);
    }
}
