package io.semel.server.transactions;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.apache.kafka.common.TopicPartition;

import io.semel.client.admin.StateNames;
import io.semel.server.CommandLines;
import io.semel.server.DataOption;
import io.semel.server.OutputOption;
import io.semel.server.PartitionArgument;
import io.semel.server.ResetTarget;
import io.semel.server.Table;
import io.semel.server.UsageException;
import io.semel.server.inspect.Fields;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.TransactionStatus;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code semel transactions}. */
@Command(name = "transactions", header = "Lists, describes, commits and aborts transactions; says who holds committed readers back.", synopsisSubcommandLabel = "COMMAND", description = {
    "",
    "list, describe and why read the directory's files and change nothing: opening the directory would end what is open, and "
            + "there would be nothing left to show. Beside a running process give --live. abort and commit open the directory.",
    "",
    "Times of what is open are those of its first record, as its producer stamped it: the files have no others.",
    ""}, subcommands = {AbortCommand.class,
        CommitCommand.class}, footer = {
            "",
            "Examples:",
            "  ./semel transactions list --data /tmp/mine",
            "  ./semel transactions list --state Ongoing --older-than PT10M --data /tmp/mine --live",
            "  ./semel transactions describe copier-0 --data /tmp/mine",
            "  ./semel transactions why orders:0 --data /tmp/mine --live",
            "  ./semel transactions abort copier-0 --data /tmp/mine",
            "  ./semel transactions commit payments --data /tmp/mine"})
public final class TransactionsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "say what to do with transactions: list, describe, why, abort or commit");
    }

    private DirectoryLook look(DataOption data, LookOption option) throws IOException {
        DirectoryLook look = option.look(data.path());
        look.damages().forEach(each -> spec.commandLine().getErr().println("semel: " + each
                + ", and is not looked at further; ./semel verify-log " + data.path() + " says more"));
        return look;
    }

    @Command(name = "list", header = "Prints the transactional ids with the state of their last transaction.", description = {
        "",
        "Hanging is what is open and belongs to no transactional id. since: when the first record of what is open was made, or "
                + "the last transaction began.",
        ""})
    int list(@Mixin DataOption data, @Mixin LookOption live, @Mixin OutputOption output,
            @Option(names = "--state", paramLabel = "STATE", split = ",", description = "Only those in this state: Ongoing, Empty, PrepareCommit, ...; may be repeated.") List<String> states,
            @Option(names = "--older-than", paramLabel = "DURATION", description = "Only those begun so long ago or longer: PT30S, PT10M.") String olderThan)
            throws IOException {
        List<String> wanted = states == null ? List.of() : states.stream().map(TransactionsCommand::known).toList();
        long youngestMs = olderThan == null
                ? Long.MAX_VALUE
                : System.currentTimeMillis() - ResetTarget.durationOf("--older-than", olderThan).toMillis();
        List<FoundTransaction> found = look(data, live).transactions().stream()
                .filter(each -> wanted.isEmpty() || wanted.contains(each.state()))
                .filter(each -> olderThan == null || each.beganMs() >= 0 && each.beganMs() <= youngestMs).toList();
        if (output.isJson()) {
            OutputOption.print(out(), found.stream().map(TransactionsCommand::fields).toList());
            return CommandLines.GOOD;
        }
        Table table = new Table().row("transactional id", "state", "producer", "epoch", "timeout ms", "since",
                "open in");
        found.forEach(each -> table.row(each.name(), each.state(), Long.toString(each.producerId()), Short.toString(each
                .epoch()), each.timeoutMs() < 0 ? "-" : Table.number(each.timeoutMs()), Hold.time(each.beganMs()), Table
                        .number(each.branches().size())));
        table.print(out());
        return CommandLines.GOOD;
    }

    private static String known(String given) {
        List<String> known = Stream.concat(Stream.of(TransactionStatus.values()).map(StateNames::nameOf), Stream
                .of(
                        FoundTransaction.HANGING)).toList();
        return known.stream().filter(given::equalsIgnoreCase).findFirst()
                .orElseThrow(() -> new UsageException("no such state: --state given=" + given + "; there are " + String
                        .join(", ", known)));
    }

    private static Fields fields(FoundTransaction found) {
        return new Fields().with("transactionalId", found.transactionalId()).with("state", found.state())
                .with("producerId", found.producerId()).with("epoch", found.epoch()).with("timeoutMs", found
                        .timeoutMs())
                .with("since", Hold.time(found.beganMs())).with("openPartitions", found.branches().size());
    }

    @Command(name = "describe", header = "Prints what a transactional id has open, and what to do about it.")
    int describe(@Mixin DataOption data, @Mixin LookOption live, @Mixin OutputOption output,
            @Parameters(paramLabel = "ID", description = "The transactional id.") String id) throws IOException {
        FoundTransaction found = find(look(data, live), id, data.path());
        String remedy = new Remedy(data.path(), live.isLive(), System.currentTimeMillis()).of(found);
        if (output.isJson()) {
            List<Fields> branches = found.branches().stream().map(each -> new Fields().with("topic", each.partition()
                    .topic()).with("partition", each.partition().partition()).with("firstOffset", each.firstOffset())
                    .with("since", Hold.time(each.sinceMs()))).toList();
            List<Fields> held = found.held().stream().map(each -> new Fields().with("group", each.groupId()).with(
                    "topic",
                    each.partition().topic()).with("partition", each.partition().partition())
                    .with("offset", each.offset())).toList();
            OutputOption.print(out(), List.of(fields(found).with("partitions", branches).with("offsets", held)
                    .with("remedy", remedy)));
            return CommandLines.GOOD;
        }
        out().println(found.name() + "  " + found.state() + "  producer " + found.producerId() + " epoch " + found
                .epoch()
                + "  timeout " + Table.number(found.timeoutMs()) + " ms  since " + Hold.time(found.beganMs()));
        if (found.isOpen()) {
            Table table = new Table().row("open in", "from offset", "since");
            found.branches().forEach(each -> table.row(each.partition().toString(), Table.number(each.firstOffset()),
                    Hold
                            .time(each.sinceMs())));
            table.print(out());
            found.held().forEach(each -> out().println("  holds offset " + Table.number(each.offset()) + " of group "
                    + each.groupId() + " for " + each.partition().topic() + '-' + each.partition().partition()));
            out().println("what to do: " + remedy);
        }
        return CommandLines.GOOD;
    }

    static FoundTransaction find(DirectoryLook look, String id, Path directory) {
        return look.transactions().stream().filter(each -> each.transactionalId().equals(id)).findFirst()
                .orElseThrow(() -> new UsageException("no such transactional id: " + id + " in " + directory
                        + "; './semel transactions list --data " + directory + "' names those that there are"));
    }

    @Command(name = "why", header = "Says why committed readers do not get further: who holds the last stable offset.", description = {
        "",
        "Since when, as offset and time, how far the end is, and what to do: wait, or the command that ends it.", ""})
    int why(@Mixin DataOption data, @Mixin LookOption live, @Mixin OutputOption output,
            @Parameters(paramLabel = "TOPIC[:N,N]", description = "A topic, or partitions of it.") String topic)
            throws IOException {
        PartitionArgument asked = PartitionArgument.parse(topic);
        DirectoryLook look = look(data, live);
        int count = look.partitionCount(asked.topic()).orElseThrow(() -> new UsageException("unknown topic: " + asked
                .topic() + " in " + data.path() + "; there are " + look.topicNames()));
        Remedy remedy = new Remedy(data.path(), live.isLive(), System.currentTimeMillis());
        List<Fields> lines = new ArrayList<>();
        for (TopicPartition each : asked.existing(count)) {
            PartitionId id = new PartitionId(each.topic(), each.partition());
            PartitionLook partition = look.partition(id).orElseThrow(() -> new UsageException("directory of " + id
                    + " is missing in " + data.path() + "; ./semel verify-log " + data.path() + " says more"));
            Hold hold = Hold.of(id, partition, look);
            lines.add(hold.fields(remedy));
            if (!output.isJson()) {
                print(hold, remedy);
            }
        }
        if (output.isJson()) {
            OutputOption.print(out(), lines);
        }
        return CommandLines.GOOD;
    }

    private void print(Hold hold, Remedy remedy) {
        if (hold.holder().isEmpty()) {
            out().println(hold.partition() + ": nothing is open, committed readers get to the end, offset " + Table
                    .number(
                            hold.end()));
            return;
        }
        FoundTransaction holder = hold.holder().get();
        out().println(hold.partition() + ": committed readers stop at offset " + Table.number(hold.stable())
                + ", the end is " + Table.number(hold.end() - hold.stable()) + " offsets further, at " + Table.number(
                        hold
                                .end()));
        out().println("  held by     " + (holder.transactionalId().isEmpty()
                ? "no transactional id"
                : "transactional id " + holder.transactionalId()) + ", " + holder.state() + ", producer " + holder
                        .producerId() + " epoch " + holder.epoch());
        out().println("  since       offset " + Table.number(hold.stable()) + ", " + Hold.time(hold.sinceMs()));
        if (hold.openCount() > 1) {
            out().println("  behind it   " + (hold.openCount() - 1) + " more open here");
        }
        out().println("  what to do  " + remedy.of(holder));
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
