package io.semel.server.operate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.Durability;
import io.semel.server.UsageException;
import io.semel.server.network.request.ServerSettings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where settings come from, and whose word is the last. */
class ConfigurationTest {
    /** What Apache Kafka 4 ships as its server.properties, without the comments. */
    private static final String KAFKAS = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.bootstrap.servers=localhost:9093
            listeners=PLAINTEXT://:9092,CONTROLLER://:9093
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT
            num.network.threads=3
            num.io.threads=8
            socket.send.buffer.bytes=102400
            socket.receive.buffer.bytes=102400
            socket.request.max.bytes=104857600
            log.dirs=/tmp/kraft-combined-logs
            num.partitions=1
            num.recovery.threads.per.data.dir=1
            offsets.topic.replication.factor=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            log.retention.hours=168
            log.segment.bytes=1073741824
            log.retention.check.interval.ms=300000
            """;

    @TempDir
    private Path scratch;

    @Test
    void theFilesWordIsTheFirstTheCommandLinesTheLast() throws IOException {
        Path file = file("num.partitions=2\nmax.connections=20\nauto.create.topics.enable=false\n");
        ServerSettings settings = new Configuration().addFile(file).addEnvironment(Map.of("SEMEL_NUM_PARTITIONS", "3",
                "SEMEL_MAX_CONNECTIONS", "30", "PATH", "/bin")).add("num.partitions", "4", "--set").settings();
        assertEquals(4, settings.defaultPartitions());
        assertEquals(30, settings.maxConnections());
        assertFalse(settings.autoCreateTopics());
    }

    @Test
    void aMistakeIsToldWithItsPlace() throws IOException {
        Path file = file("num.partitons=2\n");
        assertRefused("did you mean num.partitions? (" + file + ')', new Configuration().addFile(file));
        assertRefused("environment variable SEMEL_NUM_PARTITONS", new Configuration().addEnvironment(Map.of(
                "SEMEL_NUM_PARTITONS", "2")));
        assertRefused("allowed=true or false (--set)", new Configuration().add("delete.topic.enable", "no", "--set"));
    }

    @Test
    void whatOthersPutIntoTheEnvironmentIsNoSetting() {
        new Configuration().addEnvironment(Map.of("SEMEL_DEBUG", "1", "SEMEL_TERMINAL", "1", "SEMEL_SERVICE_HOST",
                "10.0.0.1", "SEMEL_SERVICE_PORT_CLIENTS", "9092", "SEMEL_PORT", "tcp://10.0.0.1:9092",
                "SEMEL_PORT_9092_TCP_ADDR", "10.0.0.1", "SEMEL_ADMIN_SERVICE_HOST", "10.0.0.2")).settings();
    }

    @Test
    void kafkasOwnFileIsAccepted() throws IOException {
        Configuration configuration = new Configuration().addFile(file(KAFKAS));
        ServerSettings settings = configuration.settings();
        ServerPlan plan = ServerPlan.of(settings, null, configuration.value("controller.listener.names"));
        assertEquals(Path.of("/tmp/kraft-combined-logs"), plan.data());
        assertEquals("0.0.0.0", plan.listeners().host());
        assertEquals(9092, plan.listeners().port());
        assertEquals("localhost", plan.places().get(0).advertisedHost());
        assertTrue(settings.meaningless().contains("process.roles"));
        assertTrue(plan.listeners().isOpenToOthers());
        assertEquals("1073741824", settings.topicDefaults().get("segment.bytes"));
    }

    @Test
    void withoutAnythingItIsOneBrokerOnLoopback() {
        ServerPlan plan = ServerPlan.of(ServerSettings.DEFAULT, scratch, "");
        assertEquals("127.0.0.1", plan.listeners().host());
        assertEquals(9092, plan.listeners().port());
        assertFalse(plan.listeners().isOpenToOthers());
        assertEquals(1, plan.places().size());
        assertEquals(Durability.PROCESS, plan.durability());
        assertTrue(plan.admin().isEmpty());
    }

    @Test
    void theFlagWithoutAHostMeansThisMachineAlone() {
        assertEquals("127.0.0.1:0", Listeners.ofFlag(":0"));
        assertEquals("0.0.0.0:9092", Listeners.ofFlag("0.0.0.0"));
        assertEquals("door:7000", Listeners.ofFlag("door:7000"));
    }

    @Test
    void severalBrokersHaveConsecutivePorts() {
        ServerPlan plan = plan(Map.of("semel.brokers", "3", "listeners", "PLAINTEXT://127.0.0.1:7000",
                "advertised.listeners", "PLAINTEXT://door:8000"));
        assertEquals(7002, plan.places().get(2).listens().getPort());
        assertEquals(8002, plan.places().get(2).advertisedPort());
        assertEquals("door", plan.places().get(2).advertisedHost());
    }

    @Test
    void aListenerMayHaveItsOwnNameAndIpv6ItsBrackets() {
        ServerPlan plan = plan(Map.of("listeners", "INSIDE://[::1]:7000", "listener.security.protocol.map",
                "INSIDE:PLAINTEXT"));
        assertEquals("::1", plan.listeners().host());
        assertFalse(plan.listeners().isOpenToOthers());
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertRefusedPlan("protocol not served: SSL", Map.of("listeners", "SSL://:9093"));
        assertRefusedPlan("must name one listener", Map.of("listeners", "PLAINTEXT://:1,INSIDE://:2"));
        assertRefusedPlan("must be host:port", Map.of("listeners", "PLAINTEXT://nowhere"));
        assertRefusedPlan("must be host:port", Map.of("listeners", "PLAINTEXT://:65536"));
        assertRefusedPlan("two directories", Map.of("log.dirs", "/elsewhere"));
        assertRefusedPlan("one directory", Map.of("log.dirs", "/a,/b"));
        assertRefusedPlan("semel.durability given=never", Map.of("semel.durability", "never"));
        assertRefusedPlan("semel.admin.listener must be host:port", Map.of("semel.admin.listener", ":x"));
    }

    private ServerPlan plan(Map<String, String> settings) {
        return ServerPlan.of(ServerSettings.of(settings), scratch, "");
    }

    private void assertRefusedPlan(String says, Map<String, String> settings) {
        String message = assertThrows(UsageException.class, () -> plan(settings)).getMessage();
        assertTrue(message.contains(says), message);
    }

    private static void assertRefused(String says, Configuration configuration) {
        String message = assertThrows(UsageException.class, configuration::settings).getMessage();
        assertTrue(message.contains(says), message);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(scratch.resolve("server.properties"), text);
    }
}
