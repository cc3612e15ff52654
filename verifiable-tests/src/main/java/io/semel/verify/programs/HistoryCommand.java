package io.semel.verify.programs;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.semel.client.DeliverySemantics;
import io.semel.server.SemanticsConverter;
import io.semel.server.Table;
import io.semel.server.UsageException;
import io.semel.server.inspect.Fields;
import io.semel.verify.history.Anomaly;
import io.semel.verify.history.Anomaly.Extent;
import io.semel.verify.history.Evidence;
import io.semel.verify.history.Finding;
import io.semel.verify.history.HistoryChecker;
import io.semel.verify.history.HistoryVerdict;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks what programs printed. Thread rule: one thread. */
@Command(name = "history", sortOptions = false, header = "Checks what producers, consumers and copiers printed, and shows each anomaly with its evidence.", description = {
    "",
    "Reads the lines of './semel verify producer', 'consumer --verbose' and 'copier --verbose', or of Kafka's own verifiable "
            + "producer and consumer, one file for each program; a file may go on with the next life of a program that was killed.",
    "The anomalies are those of Jepsen's workload for Kafka: lost, duplicate and aborted records, skips, steps back, cycles. "
            + "--list tells each with its definition, and which semantics forbid it.",
    "Expects that consumers begin at the start of their partitions, that values differ (--value-prefix), that nothing was "
            + "deleted, and the files of all who wrote to a topic to which a producer or copier of Semel did: they print "
            + "producer_send_begun before each send, so that what nobody sent is known.",
    ""}, footer = {
        "",
        "Exit codes: 0 nothing that the semantics forbid, 1 something that they forbid, 2 bad usage.",
        "",
        "Examples:",
        "  ./semel verify history --list",
        "  ./semel verify history producer.jsonl consumer.jsonl --complete",
        "  ./semel verify history copier.jsonl consumer.jsonl --semantics at-least-once --json"})
public final class HistoryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "0..*", description = "What the programs printed, one JSON object a line.")
    private List<Path> files = List.of();

    @Option(names = "--semantics", paramLabel = "HOW", defaultValue = "exactly-once", converter = SemanticsConverter.class, description = "What was promised: exactly-once, at-least-once or at-most-once (default: ${DEFAULT-VALUE}).")
    private DeliverySemantics semantics;

    @Option(names = "--complete", description = "The consumers went on until they had everything: what nobody saw is missing.")
    private boolean complete;

    @Option(names = "--json", description = "Print one JSON object instead.")
    private boolean json;

    @Option(names = "--list", description = "Print the anomalies and who forbids them.")
    private boolean list;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            printTable(out);
            return 0;
        }
        if (files.isEmpty()) {
            throw new UsageException("no file given; name what the programs printed, or --list");
        }
        for (Path file : files) {
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new UsageException("no such file, or it can't be read: " + file);
            }
        }
        LineHistory history = LineHistory.of(files);
        if (history.events().isEmpty()) {
            throw new UsageException("no events in " + files + ", and " + history.unreadableLines()
                    + " unreadable lines; name what the programs printed");
        }
        HistoryVerdict verdict = HistoryChecker.check(history.events());
        Set<Anomaly> forbidden = verdict.forbidden(semantics, complete ? Extent.COMPLETE : Extent.CUT_SHORT);
        if (json) {
            out.println(fields(history, verdict, forbidden).json());
        } else {
            print(out, history, verdict, forbidden);
        }
        out.flush();
        return forbidden.isEmpty() ? 0 : 1;
    }

    private static void printTable(PrintWriter out) {
        Table table = new Table().row("", "at most once", "at least once", "exactly once");
        for (Anomaly anomaly : Anomaly.values()) {
            String[] columns = Arrays.stream(DeliverySemantics.values()).map(each -> !anomaly.isForbidden(each,
                    Extent.COMPLETE) ? "allowed" : anomaly.isForbidden(each, Extent.CUT_SHORT) ? "forbidden"
                            : "if complete")
                    .toArray(String[]::new);
            table.row(anomaly.label(), columns);
        }
        table.print(out);
        out.println();
        for (Anomaly anomaly : Anomaly.values()) {
            out.println(anomaly.label() + ": " + anomaly.definition());
        }
        out.flush();
    }

    private void print(PrintWriter out, LineHistory history, HistoryVerdict verdict, Set<Anomaly> forbidden) {
        out.printf(Locale.ROOT, "history: %,d events in %d files, %s%s%n", history.events().size(), files.size(),
                SemanticsConverter.shown(semantics), complete ? ", complete" : "");
        if (history.unreadableLines() > 0) {
            out.printf(Locale.ROOT, "%,d lines are no events; a killed program may leave one%n", history
                    .unreadableLines());
        }
        if (history.pollsWithoutRecords() > 0) {
            out.printf(Locale.ROOT,
                    "%,d polls don't show their records, and are not judged; run the consumer with --verbose%n",
                    history.pollsWithoutRecords());
        }
        for (Finding finding : verdict.found()) {
            out.printf("%n%s %s in %s: %s%n", forbidden.contains(finding.anomaly()) ? "FORBIDDEN" : "allowed", finding
                    .anomaly().label(), finding.where(), finding.anomaly().definition());
            finding.evidence().forEach(each -> out.println("    " + shown(history, each)));
        }
        String counts = verdict.counts().entrySet().stream().sorted(Map.Entry.comparingByKey()).map(each -> each
                .getValue()
                + " " + each.getKey().label()).collect(Collectors.joining(", "));
        out.println();
        out.println(counts.isEmpty() ? "No anomalies." : "Found: " + counts + ".");
        if (!counts.isEmpty()) {
            out.println(forbidden.isEmpty() ? "Nothing of it is forbidden." : "This is not " + SemanticsConverter.shown(
                    semantics) + ".");
        }
    }

    private static String shown(LineHistory history, Evidence evidence) {
        return history.origin(evidence.event()) + "  " + evidence.process() + ' ' + evidence.account();
    }

    private Fields fields(LineHistory history, HistoryVerdict verdict, Set<Anomaly> forbidden) {
        return new Fields().with("semantics", SemanticsConverter.shown(semantics)).with("complete", complete).with(
                "events",
                history.events().size()).with("unreadableLines", history.unreadableLines()).with("pollsWithoutRecords",
                        history.pollsWithoutRecords()).with("clean", forbidden.isEmpty()).with("anomalies", verdict
                                .counts()
                                .entrySet().stream().sorted(Map.Entry.comparingByKey()).map(each -> new Fields().with(
                                        "name",
                                        each.getKey().label()).with("forbidden", forbidden.contains(each.getKey()))
                                        .with(
                                                "count", each.getValue()).with("found", verdict.of(each.getKey())
                                                        .stream()
                                                        .map(finding -> fields(history, finding)).toList())).toList());
    }

    private static Fields fields(LineHistory history, Finding finding) {
        return new Fields().with("where", finding.where()).with("evidence", finding.evidence().stream().map(
                each -> new Fields()
                        .with("at", history.origin(each.event())).with("process", each.process()).with("account", each
                                .account()))
                .toList());
    }
}
