package io.semel.verify.scenarios;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.semel.client.DeliverySemantics;
import io.semel.log.Durability;
import io.semel.server.ScratchDirectory;
import io.semel.server.SemanticsConverter;
import io.semel.server.StatusLine;
import io.semel.server.UsageException;
import io.semel.verify.programs.Copying.Placement;
import io.semel.verify.report.Report;
import io.semel.verify.scenarios.worker.Setting;
import io.semel.verify.scenarios.worker.Setting.Membership;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One scenario on the command line; its name and its words are the scenario's own. */
@Command(sortOptions = false)
public final class ScenarioCommand implements Callable<Integer>, Proving {
    private static final int MAX_KILLS = 10_000;
    private static final int MAX_SECONDS = 86_400;

    private final Scenario scenario;

    @Option(names = "--semantics", paramLabel = "HOW", defaultValue = "exactly-once", converter = SemanticsConverter.class, description = "What the programs promise: exactly-once, at-least-once or at-most-once (default: ${DEFAULT-VALUE}).")
    private DeliverySemantics semantics;

    @Option(names = "--kills", paramLabel = "N", defaultValue = "2", description = "How often the whole process dies of kill -9 meanwhile (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "12", description = "For how long records flow, over all lives (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--durability", paramLabel = "LEVEL", defaultValue = "process", converter = DurabilityConverter.class, description = "process or power (default: ${DEFAULT-VALUE}).")
    private Durability durability;

    @Mixin
    private RunOptions options;

    @Spec
    private CommandSpec spec;

    private ScenarioCommand(Scenario scenario) {
        this.scenario = scenario;
    }

    /** Adds every scenario to the commands of {@code parent}, under its name. */
    public static void addTo(CommandLine parent) {
        for (Scenario scenario : Scenario.values()) {
            CommandLine command = new CommandLine(new ScenarioCommand(scenario));
            String semantics = scenario.semantics().size() == 1 ? "" : " --semantics at-least-once";
            command.getCommandSpec().usageMessage().header(scenario.header()).description("", scenario.story(),
                    "What all programs print is the history, which is checked, and at the end the output is held against "
                            + "the input. Proves " + scenario.properties()
                            + " (ids as in docs/INVARIANTS.md). The plan follows from the seed; the operating system's "
                            + "scheduling does not.", "").footer("",
                                    "Exit codes: 0 everything held, 1 something is broken, 2 bad usage.", "",
                                    "Examples:",
                                    "  ./semel verify " + scenario.label() + " --kills 3 --seconds 20 --html target/"
                                            + scenario.label() + ".html",
                                    "  ./semel verify " + scenario.label() + " --seed 7" + semantics,
                                    "  ./semel verify " + scenario.label()
                                            + " --durability power --history target/history");
            parent.addSubcommand(scenario.label(), command);
        }
    }

    @Override
    public String properties() {
        return scenario.properties();
    }

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--kills", kills, 0, MAX_KILLS);
        UsageException.requireInRange("--seconds", seconds, 1, MAX_SECONDS);
        if (!scenario.semantics().contains(semantics)) {
            throw new UsageException("--semantics " + SemanticsConverter.shown(semantics) + " has no part in "
                    + scenario.label() + "; it is about " + scenario.semantics().stream().map(SemanticsConverter::shown)
                            .collect(Collectors.joining(", ")));
        }
        options.check();
        PrintWriter out = spec.commandLine().getOut();
        try (ScratchDirectory scratch = options.open()) {
            String subtitle = SemanticsConverter.shown(semantics) + ", " + DurabilityConverter.shown(durability) + ", "
                    + kills + " kills, " + seconds + " s, seed " + options.seed() + ", sabotage " + options.sabotage();
            out.println(scenario.label() + ": " + subtitle + ", in " + scratch.path());
            out.flush();
            StatusLine line = StatusLine.on(out);
            Path history = options.historyFile(scratch, scenario.label());
            ScenarioResult result = ScenarioRun.run(Script.of(setting(scratch), scenario.act(), kills, seconds, options
                    .seed()), history, state -> line.update(state.toString()));
            line.finish();
            String repeat = "./semel verify " + scenario.label() + " --semantics " + SemanticsConverter.shown(semantics)
                    + " --durability " + DurabilityConverter.shown(durability) + " --kills " + kills + " --seconds "
                    + seconds + options.typed();
            return options.publish(out, new Report(scenario.label(), promise(), subtitle, result.facts(), result
                    .lanes(),
                    result.killsMs(), result.faults(), result.moreFaults(), repeat));
        }
    }

    private Setting setting(ScratchDirectory scratch) {
        return new Setting(scratch.path().resolve("data"), semantics, durability, options.sabotage(),
                Placement.SAME_PARTITION, scenario == Scenario.ZOMBIE ? Membership.ASSIGNED
                        : Membership.GROUP_METADATA);
    }

    private String promise() {
        return switch (semantics) {
            case EXACTLY_ONCE -> "every record was copied exactly once, in order.";
            case AT_LEAST_ONCE -> "every record was copied at least once.";
            case AT_MOST_ONCE -> "no record was copied more than once.";
        };
    }
}
