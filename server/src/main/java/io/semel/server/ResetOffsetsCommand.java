package io.semel.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import io.semel.client.Semel;
import io.semel.client.SemelAdmin;
import io.semel.client.admin.OffsetAdmin.OffsetFound;
import io.semel.client.admin.OffsetAdmin.OffsetQuery;
import io.semel.server.inspect.Fields;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code semel groups reset-offsets}. */
@Command(name = "reset-offsets", sortOptions = false, header = "Puts a group where it is to read on: shows it, and does it with --execute.", description = {
    "",
    "The names are those of Kafka's tool, and so is the rule: nothing is changed unless --execute is given. What lies outside of "
            + "a partition is put at its nearest end. A group that does not exist yet comes to be.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel groups reset-offsets word-count --topic lines --to-earliest --data /tmp/mine",
        "  ./semel groups reset-offsets word-count --topic lines:0,2 --shift-by -10 --data /tmp/mine --execute",
        "  ./semel groups reset-offsets word-count --all-topics --by-duration PT1H --data /tmp/mine --execute"})
final class ResetOffsetsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "GROUP", description = "Its name.")
    private String group;

    @Mixin
    private DataOption data;

    @Option(names = "--topic", paramLabel = "TOPIC[:N,N]", description = "A topic, or partitions of it; may be repeated.")
    private List<String> topics;

    @Option(names = "--all-topics", description = "Every partition for which the group has committed an offset.")
    private boolean allTopics;

    @Mixin
    private ResetTarget target;

    @Option(names = "--dry-run", description = "Only show what would be done; so it is without --execute.")
    private boolean dryRun;

    @Option(names = "--execute", description = "Do it.")
    private boolean execute;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    /** One partition's way; {@code from} is empty where the group has no offset. */
    private record Move(TopicPartition partition, OptionalLong from, long to, String note) {
    }

    @Override
    public Integer call() throws IOException {
        long nowMs = System.currentTimeMillis();
        target.check(nowMs);
        if (dryRun && execute) {
            throw new UsageException("--dry-run and --execute contradict each other; give one of them");
        }
        if (allTopics == (topics != null)) {
            throw new UsageException(allTopics
                    ? "--topic and --all-topics contradict each other; give one of them"
                    : "which partitions? give --topic TOPIC, --topic TOPIC:0,2 or --all-topics");
        }
        try (Semel semel = data.open()) {
            List<Move> moves = moves(semel.admin(), nowMs);
            if (execute) {
                Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
                moves.forEach(move -> offsets.put(move.partition(), new OffsetAndMetadata(move.to())));
                semel.admin().resetGroupOffsets(group, offsets);
            }
            print(moves);
        }
        return CommandLines.GOOD;
    }

    private List<Move> moves(SemelAdmin admin, long nowMs) {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.groupOffsets(group);
        Collection<TopicPartition> chosen = chosen(admin, committed);
        Map<TopicPartition, OffsetFound> first = ask(admin, chosen, OffsetQuery.EARLIEST);
        Map<TopicPartition, OffsetFound> end = ask(admin, chosen, OffsetQuery.LATEST);
        Map<TopicPartition, OffsetFound> asked = ask(admin, chosen, target.query(nowMs));
        List<Move> moves = new ArrayList<>();
        for (TopicPartition each : chosen) {
            OptionalLong from = committed.containsKey(each)
                    ? OptionalLong.of(committed.get(each).offset())
                    : OptionalLong.empty();
            long found = asked.get(each).isFound() ? asked.get(each).offset() : end.get(each).offset();
            long wanted = target.offset(found, from).orElseThrow(() -> new UsageException("nothing to shift: group "
                    + group + " has no offset of " + each + "; leave it away, or give --to-offset"));
            long to = Math.max(first.get(each).offset(), Math.min(wanted, end.get(each).offset()));
            moves.add(new Move(each, from, to, to == wanted ? "" : Table.number(wanted) + " is outside"));
        }
        return moves;
    }

    private Collection<TopicPartition> chosen(SemelAdmin admin, Map<TopicPartition, OffsetAndMetadata> committed) {
        Collection<TopicPartition> chosen = new TreeSet<>(Comparator.comparing(TopicPartition::topic).thenComparing(
                TopicPartition::partition));
        if (allTopics) {
            admin.describeGroup(group);
            committed.keySet().stream().filter(each -> admin.hasTopic(each.topic())).forEach(chosen::add);
            if (chosen.isEmpty()) {
                throw new UsageException("group " + group + " has no offset of a topic that there is; give --topic");
            }
            return chosen;
        }
        topics.forEach(each -> chosen.addAll(PartitionArgument.parse(each).existing(admin)));
        return chosen;
    }

    private static Map<TopicPartition, OffsetFound> ask(SemelAdmin admin, Collection<TopicPartition> partitions,
            OffsetQuery query) {
        return admin.listOffsets(partitions.stream().collect(Collectors.toMap(each -> each, each -> query)));
    }

    private void print(List<Move> moves) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            OutputOption.print(out, moves.stream().map(this::fields).toList());
            return;
        }
        Table table = new Table().row("partition", "from", "to", "note");
        moves.forEach(move -> table.row(move.partition().toString(), move.from().isPresent()
                ? Table.number(move.from().getAsLong())
                : "-", Table.number(move.to()), move.note()));
        table.print(out);
        out.println(execute
                ? "done: group " + group + " reads on from there"
                : "nothing was changed; repeat it with --execute to do it");
    }

    private Fields fields(Move move) {
        Fields line = new Fields().with("group", group).with("topic", move.partition().topic())
                .with("partition", move.partition().partition());
        if (move.from().isPresent()) {
            line.with("from", move.from().getAsLong());
        }
        return line.with("to", move.to()).with("note", move.note()).with("executed", execute);
    }
}
