package io.semel.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.common.TopicPartition;

import io.semel.client.Semel;
import io.semel.client.SemelAdmin;
import io.semel.client.admin.GroupAdmin.GroupLag;
import io.semel.client.admin.GroupAdmin.GroupSummary;
import io.semel.server.inspect.Fields;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "groups", header = "Lists and describes consumer groups, sets their offsets, deletes them.", synopsisSubcommandLabel = "COMMAND", description = {
    "",
    "A command opens the directory, as its next owner would: no group has members then, and what the last owner left open "
            + "in transactions, offsets too, is ended before anything is shown.",
    ""}, subcommands = ResetOffsetsCommand.class, footer = {
        "",
        "Examples:",
        "  ./semel groups list --data /tmp/mine",
        "  ./semel groups describe word-count --data /tmp/mine",
        "  ./semel groups reset-offsets word-count --topic lines --to-earliest --data /tmp/mine",
        "  ./semel groups delete-offsets word-count --topic lines:0 --data /tmp/mine",
        "  ./semel groups delete word-count --data /tmp/mine"})
final class GroupsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "say what to do with groups: list, describe, reset-offsets, delete-offsets or delete");
    }

    @Command(name = "list", header = "Prints the groups and their states.")
    int list(@Mixin DataOption data, @Mixin OutputOption output) throws IOException {
        try (Semel semel = data.open()) {
            List<GroupSummary> groups = semel.admin().listGroups();
            if (output.isJson()) {
                OutputOption.print(out(), groups.stream().map(each -> new Fields().with("group", each.group())
                        .with("state", each.state())).toList());
                return CommandLines.GOOD;
            }
            Table table = new Table();
            groups.forEach(each -> table.row(each.group(), each.state()));
            table.print(out());
        }
        return CommandLines.GOOD;
    }

    @Command(name = "describe", header = "Prints what a group has committed, and how far behind it is.", description = {
        "",
        "end: how far a committed reader gets. lag: the records that it still has before it. Markers of transactions and aborted "
                + "records are not counted, so a group that has read everything has a lag of 0, wherever its offset stands.",
        ""})
    int describe(@Mixin DataOption data, @Mixin OutputOption output,
            @Parameters(paramLabel = "GROUP", description = "Its name.") String group) throws IOException {
        try (Semel semel = data.open()) {
            SemelAdmin admin = semel.admin();
            String state = admin.describeGroup(group).state();
            Map<TopicPartition, GroupLag> lags = admin.groupLag(group);
            if (output.isJson()) {
                OutputOption.print(out(), described(group, state, lags));
                return CommandLines.GOOD;
            }
            out().println(group + "  " + state);
            Table table = new Table().row("partition", "offset", "end", "lag", "note");
            lags.forEach((partition, lag) -> table.row(partition.toString(), Table.number(lag.committed().offset()),
                    number(lag.stable()), number(lag.records()), note(lag)));
            table.print(out());
        }
        return CommandLines.GOOD;
    }

    private static List<Fields> described(String group, String state, Map<TopicPartition, GroupLag> lags) {
        List<Fields> lines = new ArrayList<>();
        lines.add(new Fields().with("group", group).with("state", state));
        lags.forEach((partition, lag) -> {
            Fields line = new Fields().with("group", group).with("topic", partition.topic())
                    .with("partition", partition.partition()).with("offset", lag.committed().offset())
                    .with("metadata", lag.committed().metadata());
            lines.add(isKnown(lag) ? line.with("end", lag.stable()).with("lag", lag.records()) : line);
        });
        return lines;
    }

    private static boolean isKnown(GroupLag lag) {
        return lag.stable() != GroupLag.UNKNOWN;
    }

    private static String number(long value) {
        return value == GroupLag.UNKNOWN ? "-" : Table.number(value);
    }

    private static String note(GroupLag lag) {
        return isKnown(lag) ? lag.committed().metadata() : "deleted or offline " + lag.committed().metadata();
    }

    @Command(name = "delete", header = "Deletes groups with all their offsets.")
    int delete(@Mixin DataOption data,
            @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Its name; may be repeated.") List<String> groups)
            throws IOException {
        try (Semel semel = data.open()) {
            // All are looked at first: a mistyped name deletes nothing.
            Set<String> named = new LinkedHashSet<>(groups);
            named.forEach(semel.admin()::describeGroup);
            for (String group : named) {
                semel.admin().deleteGroup(group);
                out().println("deleted " + group);
            }
        }
        return CommandLines.GOOD;
    }

    @Command(name = "delete-offsets", header = "Deletes a group's offsets of some partitions; the group stays.")
    int deleteOffsets(@Mixin DataOption data,
            @Parameters(paramLabel = "GROUP", description = "Its name.") String group,
            @Option(names = "--topic", paramLabel = "TOPIC[:N,N]", required = true, description = "A topic, or partitions of it; may be repeated. One that is deleted is as good.") List<String> topics)
            throws IOException {
        try (Semel semel = data.open()) {
            Set<TopicPartition> chosen = new LinkedHashSet<>();
            Set<TopicPartition> held = semel.admin().groupOffsets(group).keySet();
            semel.admin().describeGroup(group);
            for (String topic : topics) {
                chosen.addAll(held(PartitionArgument.parse(topic), held, group));
            }
            semel.admin().deleteGroupOffsets(group, chosen);
            out().println("deleted " + chosen.size() + " offset" + (chosen.size() == 1 ? "" : "s") + " of " + group);
        }
        return CommandLines.GOOD;
    }

    private static List<TopicPartition> held(PartitionArgument named, Set<TopicPartition> held, String group) {
        List<TopicPartition> found = held.stream().filter(each -> each.topic().equals(named.topic())
                && (named.partitions().isEmpty() || named.partitions().contains(each.partition()))).toList();
        if (found.isEmpty() || found.size() < Set.copyOf(named.partitions()).size()) {
            Set<String> names = new TreeSet<>();
            held.forEach(each -> names.add(each.toString()));
            throw new UsageException("group " + group + " has no offset of " + named.topic() + (named.partitions()
                    .isEmpty() ? "" : " in each of " + named.partitions()) + "; it has " + names);
        }
        return found;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
