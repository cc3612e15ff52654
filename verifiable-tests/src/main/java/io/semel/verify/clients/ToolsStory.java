package io.semel.verify.clients;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The story as Apache Kafka's own tools tell it: one after the other in one JVM, by their main methods, with their
 * class path. An answer is the exit code and what the tool printed, times and ids left out.
 *
 * <p>Thread rule: the main thread.
 */
final class ToolsStory {
    private static final String TOOLS = "org.apache.kafka.tools.";
    private static final String TOPICS = TOOLS + "TopicCommand";
    private static final String PRODUCER = TOOLS + "ConsoleProducer";
    private static final String CONSUMER = TOOLS + "consumer.ConsoleConsumer";
    private static final String GROUPS = TOOLS + "consumer.group.ConsumerGroupCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String TRANSACTIONS = TOOLS + "TransactionsCommand";
    private static final String OFFSETS = TOOLS + "GetOffsetShell";
    private static final String EXIT = "org.apache.kafka.common.utils.Exit";
    private static final String PATIENCE_MS = "15000";

    /** More would be a log, not an answer. */
    private static final int CHARACTERS_SHOWN = 400;

    private final String bootstrapServers;
    private final String topic;
    private final String group;
    private final Steps steps;
    private final PrintStream out = System.out;
    /** With what the tool wanted to end; it may catch what keeps it from that, and then try again. */
    private static Integer exitCode;

    /** A tool's end, in place of this JVM's. */
    private static final class ExitedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private ToolsStory(String bootstrapServers, String name) {
        this.bootstrapServers = bootstrapServers;
        this.topic = name + "-topic";
        this.group = name + "-group";
        this.steps = new Steps(name);
    }

    /** Servers, name of the story, act. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Class<?> procedure = Class.forName(EXIT + "$Procedure");
        Object exit = Proxy.newProxyInstance(ToolsStory.class.getClassLoader(), new Class<?>[] {procedure}, (proxy,
                method, values) -> {
            exitCode = exitCode == null ? (Integer) values[0] : exitCode;
            throw new ExitedException();
        });
        for (String which : List.of("setExitProcedure", "setHaltProcedure")) {
            Class.forName(EXIT).getMethod(which, procedure).invoke(null, exit);
        }
        ToolsStory story = new ToolsStory(arguments[0], arguments[1]);
        if (arguments[2].equals(Act.VERSION.title())) {
            System.out.println("version: Apache Kafka's tools " + KafkaVersion.read());
        } else if (arguments[2].equals(Act.FIRST.title())) {
            story.tellFirst();
        } else {
            story.tellSecond();
        }
        Runtime.getRuntime().halt(0);
    }

    private void tellFirst() {
        tool("create topic", TOPICS, "--create", "--topic", topic, "--partitions", "1", "--replication-factor", "1",
                "--config", "retention.ms=86400000");
        tool("create it again", TOPICS, "--create", "--topic", topic);
        tool("metadata", TOPICS, "--describe", "--topic", topic);
        tool("list topics", TOPICS, "--list", "--topic", topic);
        steps.step("produce none", () -> run("key:one\nkey:two\nkey:three\n", PRODUCER, "--topic", topic,
                "--reader-property",
                "parse.key=true", "--reader-property", "key.separator=:"));
        steps.step("produce zstd", () -> run("a\nb\n", PRODUCER, "--topic", topic, "--compression-codec", "zstd"));
        steps.step("consume", () -> sorted(consume("--from-beginning", "--group", group, "--max-messages", "5",
                "--formatter-property", "print.key=true")));
        tool("first and last offset", OFFSETS, "--topic", topic, "--time", "earliest");
        tool("last offset", OFFSETS, "--topic", topic);
        steps.step("list groups", () -> own(run("", GROUPS, "--list")));
        tool("describe group", GROUPS, "--describe", "--group", group);
        tool("state of a group", GROUPS, "--describe", "--group", group, "--state");
        tool("reset offsets", GROUPS, "--reset-offsets", "--group", group, "--topic", topic, "--to-offset", "3",
                "--execute");
        tool("delete a group that is not there", GROUPS, "--delete", "--group", group + "-nobody");
        tool("describe configs", CONFIGS, "--describe", "--topic", topic);
        tool("alter configs", CONFIGS, "--alter", "--topic", topic, "--add-config", "retention.ms=90000000");
        tool("configs afterwards", CONFIGS, "--describe", "--topic", topic);
        tool("alter nonsense", CONFIGS, "--alter", "--topic", topic, "--add-config", "retention.ms=soon");
        steps.step("delete records", this::deleteRecords);
        steps.step("list transactions", () -> own(run("", TRANSACTIONS, "list")));
        tool("describe producers", TRANSACTIONS, "describe-producers", "--topic", topic, "--partition", "0");
        tool("add partitions", TOPICS, "--alter", "--topic", topic, "--partitions", "2");
        perform();
        tool("delete topic", TOPICS, "--delete", "--topic", topic + "-perf");
    }

    private void perform() {
        String where = topic + "-perf";
        tool("create a second topic", TOPICS, "--create", "--topic", where, "--partitions", "1");
        steps.step("producer's performance", () -> counted(run("", TOOLS + "ProducerPerformance", "--topic", where,
                "--num-records", "5000", "--record-size", "100", "--throughput", "-1", "--producer-props",
                "bootstrap.servers=" + bootstrapServers)));
        steps.step("producer's performance in transactions", () -> counted(run("", TOOLS + "ProducerPerformance",
                "--topic", where, "--num-records", "2000", "--record-size", "100", "--throughput", "-1",
                "--producer-props", "bootstrap.servers=" + bootstrapServers, "--transactional-id", topic + "-perf",
                "--transaction-duration-ms", "50")));
        steps.step("consumer's performance", () -> run("", TOOLS + "ConsumerPerformance", "--topic", where,
                "--num-records", "7000", "--hide-header", "--timeout", PATIENCE_MS).matches(
                        "(?s).*, 7\\d{3}, .*") ? "so many records" : "others");
    }

    private void tellSecond() {
        steps.step("read after a restart", () -> sorted(consume("--from-beginning", "--max-messages", "3")));
        tool("committed after a restart", GROUPS, "--describe", "--group", group);
        steps.step("resume after a restart", () -> sorted(consume("--group", group, "--max-messages", "2")));
        tool("configs after a restart", CONFIGS, "--describe", "--topic", topic);
    }

    private String consume(String... more) throws ReflectiveOperationException {
        List<String> arguments = new ArrayList<>(List.of("--topic", topic, "--timeout-ms", PATIENCE_MS));
        arguments.addAll(Arrays.asList(more));
        return run("", CONSUMER, arguments.toArray(new String[0]));
    }

    private String deleteRecords() throws Exception {
        Path file = Files.createTempFile("records", ".json");
        try {
            Files.writeString(file, "{\"version\": 1, \"partitions\": [{\"topic\": \"" + topic
                    + "\", \"partition\": 0, \"offset\": 2}]}");
            return run("", TOOLS + "DeleteRecordsCommand", "--offset-json-file", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    private void tool(String step, String mainClass, String... arguments) {
        steps.step(step, () -> run("", mainClass, arguments));
    }

    /** Runs the tool, with the servers among its arguments; its exit code when that is not 0, and what it printed. */
    private String run(String input, String mainClass, String... arguments) throws ReflectiveOperationException {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (!all.contains("--producer-props")) {
            all.addAll(0, List.of("--bootstrap-server", bootstrapServers));
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        InputStream in = System.in;
        String thrown = "";
        exitCode = null;
        try (PrintStream captured = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object) all.toArray(
                    new String[0]));
        } catch (InvocationTargetException e) {
            thrown = e.getCause() instanceof ExitedException ? "" : e.getCause().getClass().getSimpleName() + ' ';
        } finally {
            System.setOut(out);
            System.setIn(in);
        }
        String code = exitCode == null || exitCode == 0 ? "" : "exit code " + exitCode + ' ';
        return thrown + code + masked(said.toString(StandardCharsets.UTF_8));
    }

    private static String masked(String said) {
        String text = said.replaceAll("TopicId: \\S+", "TopicId: ID").replaceAll("\\d{4}-\\d\\d-\\d\\d[ T][\\d:,.]+",
                "TIME").replaceAll("127.0.0.1:\\d+", "HOST").replaceAll("\\d{13}", "MS")
                .replaceAll("(?m)^\\d+\\s+", "ID ").strip();
        return text.substring(0, Math.min(CHARACTERS_SHOWN, text.length()));
    }

    private static String counted(String said) {
        return said.lines().map(String::strip).filter(line -> line.matches("\\d+ records sent, .*99.9th.*|exit.*"))
                .map(line -> line.replaceFirst(",.*", "")).collect(Collectors.joining("; "));
    }

    /** What others made is none of this story's business. */
    private String own(String said) {
        return said.lines().filter(line -> line.contains(topic) || line.contains(group)).collect(Collectors.joining());
    }

    private static String sorted(String lines) {
        return lines.lines().sorted().collect(Collectors.joining(", "));
    }
}
