package io.semel.verify.programs;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.server.SemanticsConverter;
import io.semel.server.UsageException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "producer", sortOptions = false, header = "Sends numbered records and prints what becomes of each, as Kafka's verifiable producer does.", description = {
    "",
    "Prints one JSON object a line: startup_complete, producer_send_success or producer_send_error for each record, "
            + "shutdown_complete, tool_data; names and fields are those of Kafka's tool. With --semantics exactly-once also "
            + "transaction_begun, transaction_committing, transaction_committed. Each line is flushed before the next step, so a "
            + "program that is killed leaves a history that './semel verify history' can judge.",
    "Values are numbers from 0 on; a program that is started again needs another --value-prefix, so that no two values of a "
            + "topic are the same.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel verify producer --data /tmp/mine --topic orders --max-messages 10000 > producer.jsonl",
        "  ./semel verify producer --data /tmp/mine --topic orders --value-prefix 2 --semantics exactly-once >> producer.jsonl",
        "  ./semel verify consumer --data /tmp/mine --topic orders --group-id g --verbose --idle-ms 500 > consumer.jsonl",
        "  ./semel verify history producer.jsonl consumer.jsonl --complete"})
public final class ProducerCommand implements Callable<Integer> {
    private static final int MAX_TRANSACTION_SIZE = 1_000_000;

    @Mixin
    private ProgramOptions options;

    @Option(names = "--topic", paramLabel = "TOPIC", required = true, description = "Where to write; made if it is missing.")
    private String topic;

    @Option(names = "--throughput", paramLabel = "N", defaultValue = "-1", description = "Records per second at most; -1: as many as it can (default: ${DEFAULT-VALUE}).")
    private long throughput;

    @Option(names = "--acks", paramLabel = "ACKS", description = "As Kafka's acks: 0, 1 or -1 (default: what the semantics need).")
    private String acks;

    @Option(names = "--value-prefix", paramLabel = "N", description = "Values are N.0, N.1 and so on.")
    private Integer valuePrefix;

    @Option(names = "--repeating-keys", paramLabel = "N", description = "Keys go round from 0 to N - 1 (default: no keys).")
    private Integer repeatingKeys;

    @Option(names = "--semantics", paramLabel = "HOW", defaultValue = "at-least-once", converter = SemanticsConverter.class, description = "exactly-once, at-least-once or at-most-once (default: ${DEFAULT-VALUE}).")
    private DeliverySemantics semantics;

    @Option(names = "--transactional-id", paramLabel = "ID", defaultValue = "verifiable-producer", description = "Of exactly-once (default: ${DEFAULT-VALUE}).")
    private String transactionalId;

    @Option(names = "--transaction-size", paramLabel = "N", defaultValue = "200", description = "Records of a transaction (default: ${DEFAULT-VALUE}).")
    private int transactionSize;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--throughput", throughput, -1, Integer.MAX_VALUE);
        UsageException.requireInRange("--repeating-keys", repeatingKeys == null ? 1 : repeatingKeys, 1,
                Integer.MAX_VALUE);
        UsageException.requireInRange("--transaction-size", transactionSize, 1, MAX_TRANSACTION_SIZE);
        EventOutput output = new EventOutput(spec.commandLine().getOut(), "");
        try (StopSignal stop = StopSignal.install(); Semel semel = options.open()) {
            options.createIfMissing(semel, topic);
            try (Producer<String, String> producer = semel.producer(semantics, configs(), new StringSerializer(),
                    new StringSerializer())) {
                Producing producing = new Producing(producer, topic, output, stop).numbered(valuePrefix, repeatingKeys)
                        .upTo(options.maxMessages(), throughput);
                if (semantics == DeliverySemantics.EXACTLY_ONCE) {
                    producing.runInTransactionsOf(transactionSize);
                } else {
                    producing.run();
                }
                return producing.isGood() ? 0 : 1;
            }
        }
    }

    private Map<String, Object> configs() {
        Map<String, Object> configs = new HashMap<>();
        if (acks != null) {
            configs.put(ProducerConfig.ACKS_CONFIG, acks);
        }
        if (semantics == DeliverySemantics.EXACTLY_ONCE) {
            configs.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        }
        return configs;
    }
}
