package io.semel.server.network.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.child.ChildJvm;
import io.semel.server.child.ReportLine;
import io.semel.server.network.golden.GoldenBytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * P1: whatever bytes come, the server answers or closes the connection; it loses no buffer, no thread, and goes on
 * serving. A small share stands in the build; {@code -Dsemel.hostile.conversations=1000000} has more, and
 * {@code -Dsemel.hostile.seed=S} the same again.
 */
class HostileBytesTest {
    private static final int CONVERSATIONS = Integer.getInteger("semel.hostile.conversations", 400);
    private static final long SEED = Long.getLong("semel.hostile.seed", 20_261_122L);
    private static final long PATIENCE_SECONDS = 60;

    /** Netty looks at every buffer; a server that needs more memory for this was made to by hostile bytes. */
    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1", "-Dio.netty.leakDetection.level=paranoid");

    /** What the server must never have said. */
    private static final List<String> OMENS = List.of("LEAK", ": bug: ", "OutOfMemory", "answered twice",
            "StackOverflow", "NullPointer", "ClassCast", "Exception in thread");

    @Test
    @Timeout(3_600)
    void noBytesHurtTheServer(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("log");
        BlockingQueue<ReportLine> said = new LinkedBlockingQueue<>();
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.add("-Dorg.slf4j.simpleLogger.logFile=" + log);
        try (ChildJvm server = ChildJvm.start(options, HostileServer.class, List.of(directory.resolve("data")
                .toString()), line -> ReportLine.parse(line).ifPresent(said::add))) {
            int port = (int) next(said).counts()[0];
            HostileClient client = new HostileClient(port, SEED, GoldenBytes.read());
            for (int number = 0; number < CONVERSATIONS; number++) {
                client.converse();
                assertTrue(server.isAlive(), () -> "the server ended; seed " + SEED + ", " + client);
            }
            assertStillServes(port);
            // The child looks for buffers that nobody gave back, and for connections that nobody has any more.
            said.clear();
            while (next(said).counts()[0] > 0) {
                assertTrue(server.isAlive());
            }
            assertEquals(List.of(), omens(log), () -> "seed " + SEED);
        }
    }

    private static ReportLine next(BlockingQueue<ReportLine> said) throws InterruptedException {
        ReportLine line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(line, "the server says nothing any more");
        return line;
    }

    private static void assertStillServes(int port) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            assertEquals(1, admin.describeCluster().nodes().get(PATIENCE_SECONDS, TimeUnit.SECONDS).size());
        }
    }

    private static List<String> omens(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> OMENS.stream().anyMatch(line::contains)).limit(10).toList();
        }
    }
}
