package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.semel.server.ScratchDirectory;
import io.semel.server.StatusLine;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.stress.JcstressRun;
import io.semel.verify.stress.Mutant;
import io.semel.verify.stress.MutantSources;
import io.semel.verify.stress.Mutants;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "stress", sortOptions = false, header = "Races the lock-free parts of the log, and mutants of each of their memory orders.", description = {
    "",
    "jcstress lets threads meet in claim, publish, frontier, wake-up and lease, millions of times, in code that the compiler "
            + "shuffles. One forbidden outcome is damage.",
    "With --mutants the log is weakened first, one memory order or atomic step at a time; a mutant that is not caught is "
            + "damage to the tests. What this processor can't show is listed with the reason.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel verify stress",
        "  ./semel verify stress --mode default                   (jcstress's own preset: hours)",
        "  ./semel verify stress --mutants"})
final class StressCommand implements Callable<Integer>, Counting {
    /** Enough to meet tens of thousands of times, and short enough for every build. */
    private static final int QUICK_FORKS = 1;
    private static final int QUICK_ITERATIONS = 2;
    private static final int QUICK_ITERATION_MS = 100;

    /** Several forks, because it is the compiler's dice that show a mutant whose order the processor keeps. */
    private static final int MUTANT_FORKS = 4;
    private static final int MUTANT_ITERATIONS = 3;
    private static final int MUTANT_ITERATION_MS = 150;

    enum Mode {
        QUICK, DEFAULT, TOUGH;

        List<String> options() {
            return this == QUICK
                    ? JcstressRun.quickOptions(QUICK_FORKS, QUICK_ITERATIONS, QUICK_ITERATION_MS)
                    : JcstressRun.presetOptions(name().toLowerCase(Locale.ROOT));
        }
    }

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "quick", description = "quick, default or tough (default: ${DEFAULT-VALUE}).")
    private Mode mode;

    @Option(names = "--tests", paramLabel = "REGEX", defaultValue = JcstressRun.ALL_TESTS, description = "Only these (default: ${DEFAULT-VALUE}).")
    private String tests;

    @Option(names = "--mutants", description = "Run the mutants and not the log itself.")
    private boolean mutants;

    @Option(names = "--mutant", paramLabel = "TEXT", defaultValue = "", description = "With --mutants: only those with this in their name.")
    private String mutant;

    @Option(names = {"-v", "--verbose"}, description = "Show all that jcstress says.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (ScratchDirectory scratch = ScratchDirectory.open(null, "semel-stress")) {
            JcstressRun run = new JcstressRun(scratch.path());
            return (mutants ? runMutants(run, scratch.path(), out) : runLog(run, out)) ? 0 : 1;
        }
    }

    private boolean runLog(JcstressRun run, PrintWriter out) throws IOException, InterruptedException {
        StatusLine status = StatusLine.on(out);
        Map<String, String> verdicts = run.run(tests, mode.options(), listener(status, out));
        status.finish();
        verdicts.forEach((test, verdict) -> out.printf("%-7s %s%n", verdict, test));
        long good = verdicts.values().stream().filter("OK"::equals).count();
        reached.set(Count.RACES, good);
        out.printf("stress: %d tests without a forbidden outcome, %d with damage%n", good, verdicts.size() - good);
        out.flush();
        return good == verdicts.size();
    }

    private boolean runMutants(JcstressRun run, Path scratch, PrintWriter out) throws Exception {
        MutantSources sources = MutantSources.around(home());
        List<Mutant> chosen = Mutants.ALL.stream().filter(each -> each.name().contains(mutant)).toList();
        StatusLine status = StatusLine.on(out);
        int caught = 0;
        int hidden = 0;
        for (Mutant each : chosen) {
            if (each.isHidden()) {
                hidden++;
                out.printf("hidden     %s: %s%n", each.name(), each.hiddenBecause());
                continue;
            }
            Path classes = Files.createTempDirectory(scratch, "mutant");
            sources.compile(each, classes);
            String by = catchersOf(each, run.withClassesBefore(classes), listener(status, out));
            status.finish();
            caught += by.isEmpty() ? 0 : 1;
            reached.set(Count.MUTANTS, caught);
            out.printf("%-10s %s%s%n", by.isEmpty() ? "NOT CAUGHT" : "caught", each.name(), by.isEmpty() ? "" : ", by "
                    + by);
            out.flush();
        }
        int missed = chosen.size() - caught - hidden;
        out.printf("stress: %d mutants caught, %d not caught, %d that x86 can't show%n", caught, missed, hidden);
        out.flush();
        return missed == 0;
    }

    /** The tests that find a forbidden outcome, for printing; empty when none does. */
    private static String catchersOf(Mutant mutant, JcstressRun run, Consumer<String> listener)
            throws IOException, InterruptedException {
        Map<String, String> verdicts = run.run("\\.(" + String.join("|", mutant.caughtBy()) + ")$",
                JcstressRun.quickOptions(MUTANT_FORKS, MUTANT_ITERATIONS, MUTANT_ITERATION_MS), listener);
        return verdicts.entrySet().stream().filter(each -> each.getValue().equals("FAILED"))
                .map(each -> each.getKey().substring(each.getKey().lastIndexOf('.') + 1))
                .collect(Collectors.joining(", "));
    }

    /** Else of all that jcstress says, how far it is. */
    private Consumer<String> listener(StatusLine status, PrintWriter out) {
        return verbose ? out::println : line -> {
            if (line.startsWith(JcstressRun.PROGRESS)) {
                status.update("jcstress " + line);
            }
        };
    }

    private static Path home() throws URISyntaxException {
        return Path.of(StressCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
