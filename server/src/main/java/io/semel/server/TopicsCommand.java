package io.semel.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

import io.semel.client.Semel;
import io.semel.client.SemelAdmin.PartitionDescription;
import io.semel.client.SemelAdmin.TopicDescription;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "topics", header = "Lists, creates, describes and deletes topics.", synopsisSubcommandLabel = "COMMAND", footer = {
    "",
    "Examples:",
    "  ./semel topics create orders --partitions 4 --data /tmp/mine",
    "  ./semel topics list --data /tmp/mine",
    "  ./semel topics describe orders --data /tmp/mine"})
final class TopicsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "say what to do with topics: list, create, describe or delete");
    }

    @Command(name = "list", header = "Prints the names of the topics, one a line.")
    int list(@Mixin DataOption data) throws IOException {
        try (Semel semel = data.open()) {
            semel.admin().listTopics().forEach(out()::println);
        }
        return CommandLines.GOOD;
    }

    @Command(name = "create", header = "Creates a topic, and the directory if it is missing.")
    int create(@Mixin DataOption data, @Parameters(paramLabel = "TOPIC", description = "Its name.") String topic,
            @Option(names = "--partitions", paramLabel = "N", defaultValue = "1", description = "How many (default: ${DEFAULT-VALUE}).") int partitions,
            @Option(names = "--config", paramLabel = "NAME=VALUE", description = "A setting by Kafka's name; may be repeated.") Map<String, String> configs)
            throws IOException {
        Map<String, String> given = configs == null ? Map.of() : new LinkedHashMap<>(configs);
        try (Semel semel = data.openOrCreate()) {
            semel.admin().createTopic(topic, partitions, given);
        }
        out().println("created " + topic + " with " + partitions + " partition" + (partitions == 1 ? "" : "s"));
        return CommandLines.GOOD;
    }

    @Command(name = "delete", header = "Deletes a topic with all its records.")
    int delete(@Mixin DataOption data, @Parameters(paramLabel = "TOPIC", description = "Its name.") String topic)
            throws IOException {
        try (Semel semel = data.open()) {
            semel.admin().deleteTopic(topic);
        }
        out().println("deleted " + topic);
        return CommandLines.GOOD;
    }

    @Command(name = "describe", header = "Prints a topic's partitions and their offsets.", description = {
        "start: the first record. stable: committed readers get this far. end: where the next record will stand."})
    int describe(@Mixin DataOption data, @Parameters(paramLabel = "TOPIC", description = "Its name.") String topic)
            throws IOException {
        try (Semel semel = data.open()) {
            TopicDescription found = semel.admin().describeTopic(topic);
            out().println(found.name() + "  id " + found.id() + "  " + (found.configs().isEmpty()
                    ? "default configuration"
                    : found.configs()));
            Table table = new Table().row("partition", "start", "stable", "end", "bytes");
            for (PartitionDescription partition : found.partitions()) {
                String number = Integer.toString(partition.partition());
                if (partition.isOffline()) {
                    table.row(number, "offline", "-", "-", "-");
                } else {
                    table.row(number, partition.start(), partition.stable(), partition.end(), partition.sizeInBytes());
                }
            }
            table.print(out());
            found.partitions().stream().filter(PartitionDescription::isOffline).forEach(each -> out().println(each
                    .offline()));
        }
        return CommandLines.GOOD;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
