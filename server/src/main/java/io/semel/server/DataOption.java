package io.semel.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.semel.client.Semel;

import picocli.CommandLine.Option;

/** Which directory a command works on. */
public final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Semel's directory.")
    private Path data;

    /** As it was given, made absolute. */
    public Path path() {
        return data.toAbsolutePath().normalize();
    }

    /** Opens a directory that must exist: a mistyped name makes no new one. */
    public Semel open() throws IOException {
        Path path = path();
        if (!Files.isDirectory(path)) {
            throw new UsageException("no such directory: " + path
                    + "; './semel topics create NAME --data DIR' makes one");
        }
        return openOrCreate();
    }

    Semel openOrCreate() throws IOException {
        try (ScratchDirectory checked = ScratchDirectory.open(data, "semel")) {
            return Semel.open(checked.path());
        }
    }
}
