package io.semel.benchmarks.paired;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** JVM flags that stand in files beside this class. Stateless. */
final class JvmFlags {
    private JvmFlags() {
    }

    static List<String> ofChronicleQueue() {
        try (InputStream file = JvmFlags.class.getResourceAsStream("chronicle-queue.flags")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable resource: chronicle-queue.flags", e);
        }
    }
}
