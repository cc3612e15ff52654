package io.semel.server.operate;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Semel;
import io.semel.server.network.WireClient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The server as a process: how it begins, what it says, how it ends. */
class ServerCommandTest {
    @TempDir
    private Path scratch;

    @Test
    void itSaysWhatIsOpenIsUsedAndEndsWellOnASignal() throws Exception {
        try (Semel semel = Semel.open(scratch.resolve("data"))) {
            semel.admin().createTopic("orders", 3, Map.of());
        }
        try (ServerChild child = ServerChild.start("--data", scratch.resolve("data").toString(), "--listen", ":0",
                "--admin-port", "0", "--brokers", "2", "--set", "process.roles=broker")) {
            child.line("no meaning here, read over: process.roles");
            child.line("2 brokers are 2 ports to one copy of the data: this is not replication");
            String ready = child.line("ready ");
            assertEquals("1", ServerChild.field(ready, "topics"));
            assertEquals("3", ServerChild.field(ready, "partitions"));
            assertEquals("0", ServerChild.field(ready, "offline"));
            assertEquals("process", ServerChild.field(ready, "durability"));
            assertTrue(Long.parseLong(ServerChild.field(ready, "firstAnswerMs")) > 0, ready);
            String bootstrap = ServerChild.field(ready, "bootstrap");
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
                assertEquals(2, admin.describeCluster().nodes().get().size());
                assertTrue(admin.listTopics().names().get().contains("orders"));
            }
            String adminAt = "http://" + ServerChild.field(ready, "admin");
            assertEquals("ready\n", get(adminAt + "/health/ready"));
            assertTrue(get(adminAt + "/metrics").contains("kafka_server_replicamanager_partitioncount 3\n"));
            int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
            try (WireClient idle = WireClient.to(port)) {
                child.terminate();
                assertThrows(IOException.class, idle::receiveRaw);
            }
            child.line("stopped");
            assertEquals(0, child.jvm().exitCode());
        }
        try (Semel semel = Semel.open(scratch.resolve("data"))) {
            assertEquals(0, semel.recovery().abortedBranches());
            assertTrue(semel.admin().hasTopic("orders"));
        }
    }

    @Test
    void itWarnsWhenOthersCanReachIt() throws Exception {
        try (ServerChild child = ServerChild.start("--data", scratch.resolve("data").toString(), "--listen",
                "0.0.0.0:0", "--advertised-host", "127.0.0.1")) {
            assertTrue(child.line("semel: WARNING: 0.0.0.0:0").contains("other machines"));
            assertTrue(ServerChild.field(child.line("ready "), "bootstrap").startsWith("127.0.0.1:"));
            child.terminate();
            assertEquals(0, child.jvm().exitCode());
        }
    }

    /** The JVM's own warnings pass by {@code System.err}: the process's standard error is looked at. */
    @Test
    void neitherNettyNorTheJvmHasAnythingToSayOnStandardError() throws Exception {
        Path errors = scratch.resolve("errors");
        Path output = scratch.resolve("output");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "io.semel.server.SemelCommand", "server", "--data", scratch
                        .resolve("data").toString(), "--listen", ":0").redirectError(errors.toFile()).redirectOutput(
                                output.toFile()).start();
        try {
            while (!Files.readString(output).contains("ready ")) {
                assertTrue(process.isAlive(), () -> "it ended: " + text(errors));
                Thread.onSpinWait();
            }
            String ready = Files.readString(output).lines().filter(line -> line.startsWith("ready ")).findFirst()
                    .orElseThrow();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", ServerChild.field(ready, "bootstrap")))) {
                assertEquals(1, admin.describeCluster().nodes().get().size());
            }
            process.destroy();
            assertEquals(0, process.waitFor());
            assertEquals("", text(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenIsABadInputAndLeavesTheDirectoryFree() throws Exception {
        try (ServerChild first = ServerChild.start("--data", scratch.resolve("one").toString(), "--listen", ":0")) {
            String bootstrap = ServerChild.field(first.line("ready "), "bootstrap");
            try (ServerChild second = ServerChild.start("--data", scratch.resolve("two").toString(), "--listen",
                    bootstrap)) {
                assertTrue(second.line("semel: ").contains("can't listen on " + bootstrap));
                assertEquals(2, second.jvm().exitCode());
            }
            try (ServerChild third = ServerChild.start("--data", scratch.resolve("one").toString(), "--listen", ":0")) {
                assertFalse(third.line("semel: ").isEmpty());
                assertEquals(2, third.jvm().exitCode());
            }
        }
        Semel.open(scratch.resolve("two")).close();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String get(String uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(uri).toURL().openConnection();
        assertEquals(200, connection.getResponseCode(), uri);
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
