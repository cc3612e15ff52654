package io.semel.server;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.Callable;

import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.client.SemelAdmin.PartitionDescription;
import io.semel.log.batch.RecordCursor;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "consume", sortOptions = false, header = "Prints the records of a topic, partition by partition.", description = {
    "",
    "Prints key, a tab and value; a record without a key prints its value alone; bytes that are no text in hexadecimal. "
            + "Commits nothing.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel consume greetings --data /tmp/mine",
        "  ./semel consume counts --data /tmp/demo --partition 2 --offset 100 --max 10",
        "  ./semel consume counts --data /tmp/demo --isolation read_uncommitted"})
final class ConsumeCommand implements Callable<Integer> {
    private static final int ALL_PARTITIONS = -1;

    /** What decoding puts where bytes are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    @Mixin
    private DataOption data;

    @Parameters(paramLabel = "TOPIC", description = "What to read.")
    private String topic;

    @Option(names = "--isolation", paramLabel = "LEVEL", defaultValue = "read_committed", description = "read_committed or read_uncommitted, which shows aborted records too (default: ${DEFAULT-VALUE}).")
    private Isolation isolation;

    @Option(names = "--partition", paramLabel = "N", defaultValue = ""
            + ALL_PARTITIONS, description = "Only this one (default: all).")
    private int partition;

    @Option(names = "--offset", paramLabel = "N", defaultValue = "0", description = "Where to begin in each partition (default: ${DEFAULT-VALUE}).")
    private long offset;

    @Option(names = "--max", paramLabel = "N", defaultValue = ""
            + Long.MAX_VALUE, showDefaultValue = Visibility.NEVER, description = "Records at most (default: all).")
    private long max;

    @Option(names = "--offsets", description = "Print partition and offset before each record.")
    private boolean withOffsets;

    @Spec
    private CommandSpec spec;

    private long printed;

    enum Isolation {
        read_committed, read_uncommitted
    }

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--offset", offset, 0, Long.MAX_VALUE);
        UsageException.requireInRange("--max", max, 0, Long.MAX_VALUE);
        try (Semel semel = data.open()) {
            int count = semel.admin().describeTopic(topic).partitions().size();
            if (partition != ALL_PARTITIONS && (partition < 0 || partition >= count)) {
                throw new ParameterException(spec.commandLine(),
                        "unknown partition: " + topic + '-' + partition + ", it has 0 to " + (count - 1));
            }
            for (PartitionDescription each : semel.admin().describeTopic(topic).partitions()) {
                if (partition == ALL_PARTITIONS || partition == each.partition()) {
                    print(semel, each);
                }
            }
        }
        spec.commandLine().getOut().flush();
        return CommandLines.GOOD;
    }

    private void print(Semel semel, PartitionDescription from) {
        DeliverySemantics semantics = isolation == Isolation.read_committed
                ? DeliverySemantics.EXACTLY_ONCE
                : DeliverySemantics.AT_LEAST_ONCE;
        PrintWriter out = spec.commandLine().getOut();
        try (Reader reader = semel.openReader(semantics, topic, from.partition(), Math.max(offset, from.start()))) {
            int read = 1;
            while (read > 0 && printed < max) {
                read = reader.poll(record -> print(out, from.partition(), record), 1);
            }
        }
    }

    private void print(PrintWriter out, int from, RecordCursor record) {
        if (printed == max) {
            return;
        }
        printed++;
        StringBuilder line = new StringBuilder();
        if (withOffsets) {
            line.append(from).append('\t').append(record.offset()).append('\t');
        }
        if (record.keyLength() >= 0) {
            line.append(text(record.copyKey())).append('\t');
        }
        out.println(line.append(record.copyValue() == null ? "null" : text(record.copyValue())));
    }

    /** Bytes that would garble a terminal are shown in hexadecimal. */
    private static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean isText = text.chars().noneMatch(
                character -> character == REPLACEMENT || Character.isISOControl(character) && character != '\t');
        return isText ? text : "0x" + HexFormat.of().formatHex(bytes);
    }
}
