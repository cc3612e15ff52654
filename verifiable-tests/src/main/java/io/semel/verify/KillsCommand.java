package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.semel.client.DeliverySemantics;
import io.semel.server.ScratchDirectory;
import io.semel.server.UsageException;
import io.semel.verify.history.Anomaly.Extent;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.report.Lane;
import io.semel.verify.report.Report;
import io.semel.verify.scenarios.HistoryFaults;
import io.semel.verify.scenarios.Proving;
import io.semel.verify.scenarios.Recording;
import io.semel.verify.scenarios.RunOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "kills", sortOptions = false, header = "Copies a topic exactly once while the copier is killed again and again.", description = {
    "",
    "A worker JVM feeds numbered records into a topic and several members copy them to another, all in transactions. It "
            + "dies of kill -9 at random moments, at work and while it recovers, and is started again. Its producers "
            + "send batches twice, late and in the wrong order, abort, and go on after they were replaced.",
    "At the end every record is read and checked: none lost, none duplicated, order kept, bytes right. With --history or --html "
            + "the members also tell each record and each end of a transaction, and the history is checked.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel verify kills --kills 200",
        "  ./semel verify kills --kills 20 --history target/history --html target/kills.html",
        "  ./semel verify kills --kills 5 --sabotage fencing      (must find damage: exit code 1)"})
final class KillsCommand implements Callable<Integer>, Counting, Proving {
    /** Without a history there is nothing in it. */
    private static final HistoryFaults NOTHING_TOLD = new HistoryFaults(List.of(), List.of(), 0);

    @Option(names = "--kills", paramLabel = "N", defaultValue = "20", description = "How often (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(names = "--members", paramLabel = "N", defaultValue = "3", description = "Copiers (default: ${DEFAULT-VALUE}).")
    private int members;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "6", description = "Of either topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Mixin
    private RunOptions options;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public String properties() {
        return "L1 T1 T6 E1";
    }

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--kills", kills, 0, KillPlan.MAX_KILLS);
        UsageException.requireInRange("--members", members, 1, KillPlan.MAX_MEMBERS);
        UsageException.requireInRange("--partitions", partitions, 1, KillPlan.MAX_PARTITIONS);
        options.check();
        PrintWriter out = spec.commandLine().getOut();
        try (ScratchDirectory scratch = options.open()) {
            Path data = scratch.path();
            String subtitle = String.format(Locale.ROOT,
                    "%d members copy %d partitions, %d kills, seed %d, sabotage %s", members, partitions, kills, options
                            .seed(), options.sabotage());
            out.println("kills: " + subtitle + ", in " + data);
            out.flush();
            return options.publish(out, options.showsHistory() ? runWithHistory(out, scratch, subtitle) : report(
                    subtitle, run(out, data, Optional.empty()), NOTHING_TOLD, List.of(), List.of()));
        }
    }

    private KillResult run(PrintWriter out, Path data, Optional<Recording> recording) throws IOException,
            InterruptedException {
        KillPlan plan = new KillPlan(data, kills, options.seed(), members, partitions, options.sabotage(), recording
                .isPresent() ? Tale.HISTORY : Tale.COUNTS);
        return new KillRun(plan, new KillProgressPrinter(out, kills, reached), recording).run();
    }

    private Report runWithHistory(PrintWriter out, ScratchDirectory scratch, String subtitle) throws IOException,
            InterruptedException {
        try (Recording recording = Recording.to(options.historyFile(scratch, "kills"))) {
            KillResult result = run(out, scratch.path().resolve("data"), Optional.of(recording));
            recording.finish();
            HistoryFaults history = HistoryFaults.of(recording, DeliverySemantics.EXACTLY_ONCE, result.failure()
                    .isEmpty() ? Extent.COMPLETE : Extent.CUT_SHORT);
            return report(subtitle, result, history, recording.lanes(), recording.killsMs());
        }
    }

    private Report report(String subtitle, KillResult result, HistoryFaults history, List<Lane> lanes,
            List<Long> killsMs) {
        return KillReport.of(subtitle, result, history, lanes, killsMs, "./semel verify kills --kills " + kills
                + " --members " + members + " --partitions " + partitions + options.typed());
    }
}
