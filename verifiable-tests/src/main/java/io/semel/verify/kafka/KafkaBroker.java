package io.semel.verify.kafka;

import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.apache.kafka.common.Uuid;

/**
 * A real Apache Kafka broker: one node that is broker and controller, on loopback, in a child JVM. It keeps its
 * directory and ports over {@link #stop} and {@link #start}, and dies with this process.
 *
 * <p>Thread rule: one thread.
 */
public final class KafkaBroker implements AutoCloseable {
    /** A broker on a busy machine; an idle one takes three seconds. */
    private static final long START_LIMIT_MS = 90_000;
    private static final long FORMAT_LIMIT_MS = 60_000;
    private static final long STOP_LIMIT_MS = 30_000;

    /** More than a failure's message shows. */
    private static final int LINES_KEPT = 200;

    private static final String NODE_ID = "1";

    private final Path directory;
    private final int port;
    /** Null while the broker is stopped. */
    private KafkaProcess process;

    private KafkaBroker(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /**
     * Formats the directory and starts a broker on it; returns when the broker serves.
     *
     * @param directory empty, or not there yet
     * @param overrides configuration by Kafka's names, over the defaults of this class
     * @throws IllegalStateException when Kafka's jars are missing, or the broker does not come up; with the end of its
     *                               log
     */
    public static KafkaBroker create(Path directory, Map<String, String> overrides)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        List<Integer> ports = freePorts();
        Properties properties = properties(directory, ports.get(0), ports.get(1));
        properties.putAll(overrides);
        KafkaBroker broker = new KafkaBroker(directory, ports.get(0));
        try (Writer writer = Files.newBufferedWriter(broker.propertiesFile())) {
            properties.store(writer, null);
        }
        broker.format();
        broker.start();
        return broker;
    }

    /** Two ports that nobody listens on now; should someone be faster than the broker, its start says so. */
    private static List<Integer> freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket other = new ServerSocket(0, 1, loopback)) {
            return List.of(one.getLocalPort(), other.getLocalPort());
        }
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", NODE_ID,
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "controller.listener.names", "CONTROLLER",
                "controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort,
                "log.dirs", directory.resolve("data").toString()));
        // One node has one replica of everything; few partitions and threads, for a quick start.
        properties.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", "1048577",
                "auto.create.topics.enable", "false"));
        return properties;
    }

    private void format() throws IOException, InterruptedException {
        List<String> arguments = List.of("format", "--cluster-id", Uuid.randomUuid().toString(),
                "--config", propertiesFile().toString());
        try (KafkaProcess tool = KafkaProcess.start(KafkaClassPath.BROKER, "kafka.tools.StorageTool", arguments,
                LINES_KEPT, "")) {
            tool.awaitSuccess(FORMAT_LIMIT_MS);
        }
    }

    /** Starts a stopped broker on its directory; returns when it serves. */
    public void start() throws IOException, InterruptedException {
        if (process != null) {
            throw new IllegalStateException("this broker runs already: " + this);
        }
        process = KafkaProcess.start(KafkaClassPath.BROKER, "kafka.Kafka", List.of(propertiesFile().toString()),
                LINES_KEPT, "Kafka Server started");
        if (!process.awaitSaid(START_LIMIT_MS)) {
            KafkaProcess failed = process;
            process = null;
            failed.close();
            throw failed.failure("does not serve, " + START_LIMIT_MS + " ms at most after its start");
        }
    }

    /**
     * Stops the broker as an operator does, by SIGTERM, and waits for its end.
     *
     * @throws IllegalStateException when it had to be killed
     */
    public void stop() throws InterruptedException {
        KafkaProcess stopping = process;
        if (stopping == null) {
            return;
        }
        process = null;
        if (!stopping.terminate(STOP_LIMIT_MS)) {
            throw stopping.failure("was killed: it did not end " + STOP_LIMIT_MS + " ms after SIGTERM");
        }
    }

    /** What clients connect to. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Where the broker keeps its partitions' directories. */
    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public Path partitionDirectory(String topic, int partition) {
        return dataDirectory().resolve(topic + "-" + partition);
    }

    private Path propertiesFile() {
        return directory.resolve("server.properties");
    }

    /** Stops the broker; the directory stays. An interrupted thread kills it instead of waiting. */
    @Override
    public void close() {
        KafkaProcess stopping = process;
        try {
            stop();
        } catch (InterruptedException e) {
            stopping.close();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "KafkaBroker{" + bootstrapServers() + ", " + directory + (process == null ? ", stopped" : "") + '}';
    }
}
