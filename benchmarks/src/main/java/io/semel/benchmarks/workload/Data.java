package io.semel.benchmarks.workload;

import java.nio.file.Path;

/** Where benchmarks write. Stateless. */
public final class Data {
    public static final String DIRECTORY_PROPERTY = "semel.bench.dir";

    private Data() {
    }

    /** The system property, else the directory for temporary files. */
    public static Path directory() {
        return Path.of(System.getProperty(DIRECTORY_PROPERTY, System.getProperty("java.io.tmpdir")));
    }
}
