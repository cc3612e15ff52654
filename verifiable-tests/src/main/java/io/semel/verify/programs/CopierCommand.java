package io.semel.verify.programs;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;
import io.semel.server.UsageException;
import io.semel.verify.programs.Copying.GroupMetadata;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "copier", sortOptions = false, header = "Copies a topic in transactions, offsets with them, and prints how far it is, as Kafka's transactional message copier does.", description = {
    "",
    "Prints one JSON object a line: progress (totalProcessed, consumed, remaining, time, stage) and at the end "
            + "shutdown_complete, with the fields of Kafka's tool; with --verbose also each record polled and sent and each end of "
            + "a transaction, with the names of './semel verify producer' and 'consumer', for './semel verify history' to judge.",
    "Ends when it has copied what was there when it got its partitions. Start it again after a kill: it goes on where the last "
            + "committed transaction left off.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel verify copier --data /tmp/mine --input-topic orders --output-topic copy --group-mode --consumer-group c \\",
        "      --transactional-id t --members 3 --enable-random-aborts --verbose > copier.jsonl",
        "  ./semel verify consumer --data /tmp/mine --topic copy --group-id g --verbose --idle-ms 500 > consumer.jsonl",
        "  ./semel verify history copier.jsonl consumer.jsonl --complete"})
public final class CopierCommand implements Callable<Integer> {
    private static final int MAX_TRANSACTION_SIZE = 1_000_000;

    /** Small, as in Kafka's tool: several batches of a transaction are on their way at once. */
    private static final int BATCH_BYTES = 512;

    @Mixin
    private ProgramOptions options;

    @Mixin
    private MemberOptions members;

    @Option(names = "--input-topic", paramLabel = "TOPIC", required = true, description = "What to read; made if it is missing.")
    private String inputTopic;

    @Option(names = "--input-partition", paramLabel = "N", defaultValue = "0", description = "Which partition of it, without --group-mode (default: ${DEFAULT-VALUE}).")
    private int inputPartition;

    @Option(names = "--output-topic", paramLabel = "TOPIC", required = true, description = "Where to write, into the partition of the same number; made if it is missing.")
    private String outputTopic;

    @Option(names = "--consumer-group", paramLabel = "GROUP", required = true, description = "Whose offsets are committed.")
    private String group;

    @Option(names = "--transactional-id", paramLabel = "ID", required = true, description = "Of the producer; of several members, its beginning.")
    private String transactionalId;

    @Option(names = "--transaction-size", paramLabel = "N", defaultValue = "200", description = "Records of a transaction at most (default: ${DEFAULT-VALUE}).")
    private int transactionSize;

    @Option(names = "--transaction-timeout", paramLabel = "MS", defaultValue = "60000", description = "As Kafka's transaction.timeout.ms (default: ${DEFAULT-VALUE}).")
    private int transactionTimeoutMs;

    @Option(names = "--enable-random-aborts", description = "Abort a third of the transactions, and copy again what was in them.")
    private boolean randomAborts;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Which ones are aborted (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--group-mode", description = "Subscribe to the whole input topic, instead of one partition.")
    private boolean groupMode;

    @Option(names = "--use-group-metadata", description = "Commit offsets with the member's generation, so that one that lost its partitions is refused.")
    private boolean useGroupMetadata;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--transaction-size", transactionSize, 1, MAX_TRANSACTION_SIZE);
        members.check();
        if (members.count() > 1 && !groupMode) {
            throw new UsageException("--members " + members.count()
                    + " needs --group-mode: one partition is for one copier");
        }
        try (StopSignal stop = StopSignal.install(); Semel semel = options.open()) {
            options.createIfMissing(semel, inputTopic);
            if (!semel.admin().hasTopic(outputTopic)) {
                semel.admin().createTopic(outputTopic, semel.admin().describeTopic(inputTopic).partitions().size());
            }
            Members.run("copier", members.count(), stop, name -> copy(semel, name, stop));
            return 0;
        }
    }

    private void copy(Semel semel, String name, StopSignal stop) {
        String id = members.count() == 1 ? transactionalId : transactionalId + '-' + name;
        CopierOutput output = new CopierOutput(spec.commandLine().getOut(), members.shown(name), id,
                members.tellsRecords() ? CopierOutput.Detail.HISTORY : CopierOutput.Detail.PROGRESS);
        try (Producer<String, String> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE, producerConfigs(id),
                new StringSerializer(), new StringSerializer());
                Consumer<String, String> consumer = semel.consumer(DeliverySemantics.EXACTLY_ONCE, consumerConfigs(),
                        new StringDeserializer(), new StringDeserializer())) {
            Copying copying = new Copying(consumer, producer, output, stop, new SplittableRandom(seed + id.hashCode()));
            copying.configure(outputTopic, group, useGroupMetadata ? GroupMetadata.OF_THE_MEMBER
                    : GroupMetadata.OF_NOBODY,
                    options.maxMessages(), randomAborts ? Copying.PERCENT_ABORTED : 0);
            if (groupMode) {
                copying.subscribe(inputTopic);
            } else {
                copying.assign(inputTopic, inputPartition);
            }
            copying.run();
        }
        output.end();
    }

    private Map<String, Object> producerConfigs(String id) {
        Map<String, Object> configs = new HashMap<>();
        configs.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        configs.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        configs.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, transactionTimeoutMs);
        return configs;
    }

    private Map<String, Object> consumerConfigs() {
        Map<String, Object> configs = new HashMap<>();
        configs.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        configs.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, transactionSize);
        configs.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return configs;
    }
}
