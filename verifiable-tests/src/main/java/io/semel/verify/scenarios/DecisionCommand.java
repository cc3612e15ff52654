package io.semel.verify.scenarios;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import io.semel.client.DeliverySemantics;
import io.semel.log.Durability;
import io.semel.server.ScratchDirectory;
import io.semel.server.StatusLine;
import io.semel.server.UsageException;
import io.semel.verify.programs.Copying.Placement;
import io.semel.verify.report.Report;
import io.semel.verify.scenarios.worker.Setting;
import io.semel.verify.scenarios.worker.Setting.Membership;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "decision", sortOptions = false, header = "The process dies between decision and marker, for every step between.", description = {
    "",
    "One transaction writes to three partitions and commits a group's offset. The process is killed before its end is asked for, "
            + "before the decision is in the journal, before the first marker, the second, third and fourth, before the journal "
            + "knows of the completion, and behind it; for a commit and for an abort. The next process must find all of it, or "
            + "nothing, with its offset, and nobody may be held back.",
    "Always exactly-once. Proves T1 T8 G1 (ids as in docs/INVARIANTS.md).",
    ""}, footer = {
        "",
        "Exit codes: 0 everything held, 1 something is broken, 2 bad usage.",
        "",
        "Examples:",
        "  ./semel verify decision",
        "  ./semel verify decision --durability power --seed 7 --html target/decision.html",
        "  ./semel verify decision --kills 160                    (every step ten times, in another order each time)"})
public final class DecisionCommand implements Callable<Integer>, Proving {
    private static final int MAX_KILLS = 10_000;

    @Option(names = "--kills", paramLabel = "N", defaultValue = ""
            + DecisionRun.CASES, description = "How many of the steps, one kill each; all of them first (default: ${DEFAULT-VALUE}, each once).")
    private int kills;

    @Option(names = "--durability", paramLabel = "LEVEL", defaultValue = "process", converter = DurabilityConverter.class, description = "process or power (default: ${DEFAULT-VALUE}).")
    private Durability durability;

    @Mixin
    private RunOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public String properties() {
        return "T1 T8 G1";
    }

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--kills", kills, 1, MAX_KILLS);
        options.check();
        PrintWriter out = spec.commandLine().getOut();
        try (ScratchDirectory scratch = options.open()) {
            String subtitle = DurabilityConverter.shown(durability) + ", " + kills + " kills, seed " + options.seed()
                    + ", sabotage " + options.sabotage();
            out.println("decision: " + subtitle + ", in " + scratch.path());
            out.flush();
            Setting setting = new Setting(scratch.path().resolve("data"), DeliverySemantics.EXACTLY_ONCE, durability,
                    options.sabotage(), Placement.SAME_PARTITION, Membership.ASSIGNED);
            StatusLine line = StatusLine.on(out);
            ScenarioResult result = DecisionRun.run(setting, kills, options.seed(), options.historyFile(scratch,
                    "decision"), state -> line.update(state.toString()));
            line.finish();
            String repeat = "./semel verify decision --durability " + DurabilityConverter.shown(durability)
                    + " --kills "
                    + kills + options.typed();
            return options.publish(out, new Report("decision",
                    "what was decided is there in full, and nothing else.", subtitle, result.facts(), result.lanes(),
                    result.killsMs(), result.faults(), result.moreFaults(), repeat));
        }
    }
}
