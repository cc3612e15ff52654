package io.semel.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.semel.client.Semel;
import io.semel.client.SemelAdmin;
import io.semel.client.admin.GroupAdmin.GroupSummary;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "groups", header = "Lists and describes consumer groups.", synopsisSubcommandLabel = "COMMAND", footer = {
    "",
    "Examples:",
    "  ./semel groups list --data /tmp/mine",
    "  ./semel groups describe word-count --data /tmp/mine"})
final class GroupsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with groups: list or describe");
    }

    @Command(name = "list", header = "Prints the groups and their states.")
    int list(@Mixin DataOption data) throws IOException {
        try (Semel semel = data.open()) {
            Table table = new Table();
            for (GroupSummary group : semel.admin().listGroups()) {
                table.row(group.group(), group.state());
            }
            table.print(out());
        }
        return CommandLines.GOOD;
    }

    @Command(name = "describe", header = "Prints what a group has committed, and how far behind it is.", description = {
        "end: how far a committed reader can get; it counts markers of transactions, so a group that has read "
                + "everything may stand one short of it."})
    int describe(@Mixin DataOption data, @Parameters(paramLabel = "GROUP", description = "Its name.") String group)
            throws IOException {
        try (Semel semel = data.open()) {
            SemelAdmin admin = semel.admin();
            out().println(group + "  " + admin.describeGroup(group).state());
            Table table = new Table().row("partition", "offset", "end", "note");
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.groupOffsets(group);
            List<TopicPartition> partitions = offsets.keySet().stream()
                    .sorted(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition))
                    .toList();
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata committed = offsets.get(partition);
                table.row(partition.toString(), Table.number(committed.offset()), end(admin, partition),
                        committed.metadata());
            }
            table.print(out());
        }
        return CommandLines.GOOD;
    }

    private static String end(SemelAdmin admin, TopicPartition partition) {
        if (!admin.hasTopic(partition.topic())) {
            return "-";
        }
        List<SemelAdmin.PartitionDescription> partitions = admin.describeTopic(partition.topic()).partitions();
        if (partition.partition() >= partitions.size()) {
            return "-";
        }
        SemelAdmin.PartitionDescription found = partitions.get(partition.partition());
        return found.isOffline() ? "offline" : Table.number(found.stable());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
