package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import io.semel.server.ScratchDirectory;
import io.semel.server.StatusLine;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.stress.JcstressRun;
import io.semel.verify.stress.Mutant;
import io.semel.verify.stress.MutantRun;
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
    "With --mutants the log is weakened first, one memory order or atomic step at a time, and raced or walked through by "
            + "Lincheck; one that is not caught is damage to the tests. What no race can show on x86 differs from the declared "
            + "memory orders, and is listed with the reason. Minutes.",
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
            return (mutants ? runMutants(scratch.path(), out) : runLog(new JcstressRun(scratch.path()), out)) ? 0 : 1;
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

    private boolean runMutants(Path scratch, PrintWriter out) throws Exception {
        StatusLine status = StatusLine.on(out);
        MutantRun run = new MutantRun(MutantSources.around(home()), scratch, listener(status, out));
        List<Mutant> chosen = Mutants.ALL.stream().filter(each -> each.name().contains(mutant)).toList();
        List<Mutant> missed = new ArrayList<>();
        long startedNs = System.nanoTime();
        out.printf("%-5s  %-7s  %6s  %-50s  %s%n", "", "", "s", "mutant", "caught by");
        for (Mutant each : chosen) {
            long eachStartedNs = System.nanoTime();
            List<String> noticedBy = run.noticedBy(each);
            boolean caught = MutantRun.isCaught(each, noticedBy);
            if (!caught) {
                missed.add(each);
            }
            status.finish();
            reached.set(Count.MUTANTS, chosen.indexOf(each) + 1 - missed.size());
            out.printf(Locale.ROOT, "%2d/%-2d  %-7s  %6.1f  %-50s  %s%s%n", chosen.indexOf(each) + 1, chosen.size(),
                    caught ? "caught" : "MISSED", secondsSince(eachStartedNs), each.name(), String.join(", ",
                            noticedBy),
                    each.isHidden() ? "; no race: " + each.hiddenBecause() : "");
            out.flush();
        }
        long hidden = chosen.stream().filter(Mutant::isHidden).count();
        out.printf(Locale.ROOT, "stress: %d mutants, %d caught, %d of them by their declaration alone, in %.0f s%n",
                chosen.size(), chosen.size() - missed.size(), hidden, secondsSince(startedNs));
        missed.forEach(each -> out.printf("stress: NOT CAUGHT: %s, which %s must notice%n", each.name(), each.isHidden()
                ? MutantRun.DECLARATION
                : String.join(" or ", each.caughtBy())));
        out.flush();
        return missed.isEmpty();
    }

    private static double secondsSince(long startedNs) {
        return (System.nanoTime() - startedNs) / 1e9;
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
