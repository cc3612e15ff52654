package io.semel.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.semel.client.Semel;

import picocli.CommandLine.Option;

/** Which directory a command works on. */
final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Semel's directory.")
    private Path data;

    /** Opens a directory that must exist: a mistyped name makes no new one. */
    Semel open() throws IOException {
        Path path = data.toAbsolutePath().normalize();
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
