package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.semel.server.ScratchDirectory;
import io.semel.server.UsageException;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.teeth.SeededBug;
import io.semel.verify.teeth.SeededBugRun;
import io.semel.verify.teeth.SeededBugs;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "teeth", sortOptions = false, header = "Plants bugs that others had into the protocol, and runs the tests that must catch them.", description = {
    "",
    "Each bug is a change to the text of one class, of the kind that a row of the failures of others tells of (docs/INVARIANTS.md). "
            + "The class is compiled anew and put before the real one, and the test that is named for it runs in a JVM of its "
            + "own: it must fail, and without the bug it must pass. A bug that is not caught is damage to the tests. Minutes.",
    "The memory orders of the log have mutants of their own: ./semel verify stress --mutants.",
    ""}, footer = {
        "",
        "Exit codes: 0 every bug is caught, 1 one is not, 2 bad usage, or a test could not be run.",
        "",
        "Examples:",
        "  ./semel verify teeth",
        "  ./semel verify teeth --row 5 -v"})
final class TeethCommand implements Callable<Integer>, Counting {
    private static final int ALL_ROWS = 0;
    private static final int MAX_ROW = 26;

    @Option(names = "--row", paramLabel = "N", defaultValue = "0", description = "Only bugs of this row.")
    private int row;

    @Option(names = "--bug", paramLabel = "TEXT", defaultValue = "", description = "Only those with this in their name.")
    private String name;

    @Option(names = {"-v", "--verbose"}, description = "Show what each test said.")
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
        UsageException.requireInRange("--row", row, ALL_ROWS, MAX_ROW);
        List<SeededBug> chosen = SeededBugs.ALL.stream().filter(each -> (row == ALL_ROWS || each.row() == row) && each
                .name().contains(name)).toList();
        if (chosen.isEmpty()) {
            throw new UsageException("no bug is planted for --row " + row + " --bug '" + name
                    + "'; leave them away for all of them");
        }
        try (ScratchDirectory scratch = ScratchDirectory.open(null, "semel-teeth")) {
            return run(chosen, new SeededBugRun(home(), scratch.path()));
        }
    }

    private int run(List<SeededBug> chosen, SeededBugRun run) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<SeededBug> missed = new ArrayList<>();
        long startedNs = System.nanoTime();
        out.printf("%3s  %-6s  %6s  %s%n", "row", "", "s", "bug, and the test that must catch it");
        for (SeededBug each : chosen) {
            long eachStartedNs = System.nanoTime();
            String failure = run.caught(each);
            if (failure.isEmpty()) {
                missed.add(each);
            }
            reached.set(Count.SEEDED_BUGS, chosen.indexOf(each) + 1 - missed.size());
            print(each, failure, secondsSince(eachStartedNs));
        }
        long rows = chosen.stream().map(SeededBug::row).distinct().count();
        out.printf(Locale.ROOT, "teeth: %d bugs planted for %d rows, %d caught, in %.0f s%n", chosen.size(), rows,
                chosen.size() - missed.size(), secondsSince(startedNs));
        missed.forEach(each -> out.printf("teeth: NOT CAUGHT: %s, which %s must notice%n", each.name(), each.test()));
        out.flush();
        return missed.isEmpty() ? 0 : 1;
    }

    private void print(SeededBug bug, String failure, double seconds) {
        PrintWriter out = spec.commandLine().getOut();
        String verdict = failure.isEmpty() ? "MISSED" : "caught";
        out.printf(Locale.ROOT, "%3d  %-6s  %6.1f  %s%n", bug.row(), verdict, seconds, bug.name());
        out.printf("%21s%s%n", "", bug.shortTest());
        if (verbose) {
            out.printf("%21s%s%n", "", failure);
        }
        out.flush();
    }

    private static double secondsSince(long startedNs) {
        return (System.nanoTime() - startedNs) / 1e9;
    }

    private static Path home() throws URISyntaxException {
        return Path.of(TeethCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
