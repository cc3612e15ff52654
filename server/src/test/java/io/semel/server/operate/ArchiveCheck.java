package io.semel.server.operate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The archive, unpacked as a user does it: the build runs this once it is there, after the other tests. */
class ArchiveCheck {
    @TempDir
    private Path scratch;

    @Test
    void whatIsUnpackedServesAndIsHealthyAndEndsWell() throws Exception {
        Path home = unpack();
        Path output = scratch.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/semel-server").toString(), "--data", scratch
                .resolve("data").toString(), "--listen", ":0", "--admin-port", "0").redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SEMEL_JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC");
        Process process = builder.start();
        try {
            while (!Files.readString(output).contains("firstAnswerMs=")) {
                assertTrue(process.isAlive(), () -> "it ended: " + output);
                Thread.onSpinWait();
            }
            String ready = Files.readString(output).lines().filter(line -> line.startsWith("ready ")).findFirst()
                    .orElseThrow();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", ServerChild.field(ready, "bootstrap")))) {
                assertEquals(1, admin.describeCluster().nodes().get().size());
            }
            String admin = ServerChild.field(ready, "admin");
            String health = home.resolve("bin/semel-health").toString();
            assertEquals(0, new ProcessBuilder(health, admin.substring(admin.lastIndexOf(':') + 1)).start().waitFor());
            process.destroy();
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
        assertEquals(1, new ProcessBuilder(home.resolve("bin/semel-health").toString(), "1").start().waitFor());
    }

    private Path unpack() throws IOException, InterruptedException {
        List<Path> archives;
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            archives = files.filter(file -> file.getFileName().toString().matches("semel-.*\\.tar\\.gz")).toList();
        }
        assertEquals(1, archives.size(), archives::toString);
        assertEquals(0, new ProcessBuilder("tar", "-xzf", archives.get(0).toString(), "-C", scratch.toString())
                .inheritIO().start().waitFor());
        try (Stream<Path> files = Files.list(scratch)) {
            return files.filter(file -> file.getFileName().toString().startsWith("semel-")).findFirst().orElseThrow();
        }
    }
}
