package io.semel.verify.programs;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.server.SemanticsConverter;
import io.semel.server.UsageException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "consumer", sortOptions = false, header = "Consumes a topic as members of a group and prints what happens, as Kafka's verifiable consumer does.", description = {
    "",
    "Prints one JSON object a line: startup_complete, partitions_assigned, partitions_revoked, records_consumed, with --verbose "
            + "record_data for each record, offsets_committed, shutdown_complete; names and fields are those of Kafka's tool, and "
            + "group and process beside them. What './semel verify history' is to judge needs --verbose.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel verify consumer --data /tmp/mine --topic orders --group-id g --verbose --idle-ms 500 > consumer.jsonl",
        "  ./semel verify consumer --data /tmp/mine --topic orders --group-id g --members 3 --semantics at-least-once"})
public final class ConsumerCommand implements Callable<Integer> {
    @Mixin
    private ProgramOptions options;

    @Mixin
    private MemberOptions members;

    @Option(names = "--topic", paramLabel = "TOPIC", required = true, description = "What to read; made if it is missing.")
    private String topic;

    @Option(names = "--group-id", paramLabel = "GROUP", required = true, description = "The consumer group.")
    private String group;

    @Option(names = "--idle-ms", paramLabel = "N", defaultValue = "-1", description = "End when nothing came for so long; -1: never (default: ${DEFAULT-VALUE}).")
    private long idleMs;

    @Option(names = "--session-timeout", paramLabel = "MS", defaultValue = "30000", description = "As Kafka's session.timeout.ms (default: ${DEFAULT-VALUE}).")
    private int sessionTimeoutMs;

    @Option(names = "--reset-policy", paramLabel = "POLICY", defaultValue = "earliest", description = "As Kafka's auto.offset.reset: earliest, latest or none (default: ${DEFAULT-VALUE}).")
    private String resetPolicy;

    @Option(names = "--enable-autocommit", description = "Commit as the client does by itself, instead of after each poll; at-least-once only.")
    private boolean autoCommit;

    @Option(names = "--semantics", paramLabel = "HOW", defaultValue = "exactly-once", converter = SemanticsConverter.class, description = "exactly-once (committed records only), at-least-once or at-most-once (commits before it prints) (default: ${DEFAULT-VALUE}).")
    private DeliverySemantics semantics;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--idle-ms", idleMs, -1, Integer.MAX_VALUE);
        members.check();
        if (autoCommit && semantics != DeliverySemantics.AT_LEAST_ONCE) {
            throw new UsageException("--enable-autocommit contradicts " + SemanticsConverter.shown(semantics)
                    + "; leave it out, or say --semantics at-least-once");
        }
        try (StopSignal stop = StopSignal.install(); Semel semel = options.open()) {
            options.createIfMissing(semel, topic);
            Members.run("consumer", members.count(), stop, name -> consume(semel, name, stop));
            return 0;
        }
    }

    private void consume(Semel semel, String name, StopSignal stop) {
        EventOutput output = new EventOutput(spec.commandLine().getOut(), members.shown(name));
        Consumption consumption = new Consumption(output, members.tellsRecords() ? Consumption.Detail.RECORDS
                : Consumption.Detail.POLLS);
        try (Consumer<String, String> consumer = semel.consumer(semantics, configs(), new StringDeserializer(),
                new StringDeserializer())) {
            Consuming consuming = new Consuming(consumer, output, consumption, stop, autoCommit
                    || semantics == DeliverySemantics.AT_MOST_ONCE ? Consuming.Commit.BY_THE_CLIENT
                            : Consuming.Commit.EACH_POLL);
            consuming.run(topic, group, options.maxMessages(), idleMs);
        }
        output.print(EventLine.SHUTDOWN_COMPLETE);
    }

    private Map<String, Object> configs() {
        Map<String, Object> configs = new HashMap<>();
        configs.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        configs.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionTimeoutMs);
        configs.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, resetPolicy.toLowerCase(Locale.ROOT));
        if (semantics == DeliverySemantics.AT_LEAST_ONCE) {
            configs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, Boolean.toString(autoCommit));
        }
        return configs;
    }
}
