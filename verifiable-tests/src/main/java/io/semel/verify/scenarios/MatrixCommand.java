package io.semel.verify.scenarios;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import io.semel.server.ScratchDirectory;
import io.semel.server.StatusLine;
import io.semel.server.UsageException;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.report.Fault;
import io.semel.verify.report.Report;
import io.semel.verify.report.Report.Fact;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "matrix", sortOptions = false, header = "Copies a topic under kill -9 in 32 ways, and checks each history.", description = {
    "",
    "Each cell is a run in a directory of its own: several kills, then the copy is finished, both topics are read through, the "
            + "history is checked and the output held against the input. The axes:",
    "  killed      producers, copiers, all (one process with both), or random (as all, with restarts, rebalances, zombies)",
    "  order       ordered: copies keep their partition, and their order is checked; counted: they go to any",
    "  sharing     group: members of a group, whose metadata stands in each transaction; assigned: one partition each",
    "  durability  process, power",
    "Always exactly-once. Proves E1 T2-T5 (ids as in docs/INVARIANTS.md).",
    ""}, footer = {
        "",
        "Exit codes: 0 everything held, 1 something is broken, 2 bad usage.",
        "",
        "Examples:",
        "  ./semel verify matrix                                  (each cell once)",
        "  ./semel verify matrix --histories 120 --kills 5        (what one long run must reach)",
        "  ./semel verify matrix --cell copiers-ordered-group-power --histories 10 --html target/cell.html",
        "  ./semel verify matrix --list"})
public final class MatrixCommand implements Callable<Integer>, Counting, Proving {
    private static final int MAX_KILLS = 1_000;
    private static final int MAX_HISTORIES = 100_000;

    @Option(names = "--histories", paramLabel = "N", defaultValue = ""
            + Cell.COUNT, description = "Runs, over all cells in turn (default: ${DEFAULT-VALUE}, each cell once).")
    private int histories;

    @Option(names = "--kills", paramLabel = "N", defaultValue = "3", description = "Of each run (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(names = "--cell", paramLabel = "CELL", description = "This cell alone.")
    private String cell;

    @Option(names = "--list", description = "Print the names of the cells.")
    private boolean list;

    @Mixin
    private RunOptions options;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public String properties() {
        return "E1 T2-T5";
    }

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--histories", histories, 1, MAX_HISTORIES);
        UsageException.requireInRange("--kills", kills, 0, MAX_KILLS);
        PrintWriter out = spec.commandLine().getOut();
        List<Cell> cells = cells();
        if (list) {
            cells.forEach(each -> out.println(each.label()));
            out.flush();
            return 0;
        }
        options.check();
        try (ScratchDirectory scratch = options.open()) {
            String subtitle = histories + " histories of " + cells.size() + " cells, " + kills + " kills each, seed "
                    + options.seed() + ", sabotage " + options.sabotage();
            out.println("matrix: " + subtitle + ", in " + scratch.path());
            out.flush();
            return options.publish(out, run(out, scratch, cells, subtitle));
        }
    }

    private List<Cell> cells() {
        List<Cell> all = IntStream.range(0, Cell.COUNT).mapToObj(Cell::of).toList();
        if (cell == null) {
            return all;
        }
        List<Cell> one = all.stream().filter(each -> each.label().equals(cell)).toList();
        if (one.isEmpty()) {
            throw new UsageException("no such cell: '" + cell + "'; --list names them");
        }
        return one;
    }

    /** The picture is of the first run that is broken, else of the last one. */
    private Report run(PrintWriter out, ScratchDirectory scratch, List<Cell> cells, String subtitle) throws IOException,
            InterruptedException {
        Map<String, Long> totals = new LinkedHashMap<>();
        Map<String, Long> ofCells = new TreeMap<>();
        List<Fault> faults = new ArrayList<>();
        ScenarioResult shown = null;
        String repeat = "./semel verify matrix --histories " + histories + " --kills " + kills + options.typed();
        long more = 0;
        for (int number = 0; number < histories; number++) {
            Cell next = cells.get(number % cells.size());
            ScenarioResult result = run(out, scratch, next, number);
            result.facts().forEach(fact -> totals.merge(fact.name(), fact.count(), Long::sum));
            ofCells.merge("  copied in " + next.label(), result.count(Recording.Tally.COPIED.words()), Long::sum);
            if (faults.isEmpty()) {
                shown = result;
            }
            if (!result.isClean() && faults.isEmpty()) {
                repeat = "./semel verify matrix --cell " + next.label() + " --histories 1 --kills " + kills + typed(
                        number);
            }
            result.faults().forEach(fault -> faults.add(new Fault(next.label() + ": " + fault.what(), fault.where(),
                    fault
                            .definition(), fault.proofs())));
            more += result.moreFaults();
            reached.set(Count.HISTORIES_CHECKED, number + 1L);
        }
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("histories checked", histories));
        totals.putAll(ofCells);
        totals.forEach((name, count) -> facts.add(new Fact(name, count)));
        return new Report("matrix", "in every cell the output is the input.", subtitle, facts, shown.lanes(), shown
                .killsMs(), faults, more, repeat);
    }

    private String typed(int number) {
        return " --seed " + (options.seed() + number) + options.typed().replaceFirst(" --seed \\d+", "");
    }

    private ScenarioResult run(PrintWriter out, ScratchDirectory scratch, Cell next, int number) throws IOException,
            InterruptedException {
        String name = String.format(Locale.ROOT, "%03d-%s", number + 1, next.label());
        try (ScratchDirectory own = ScratchDirectory.open(scratch.path().resolve(name), "semel-verify")) {
            StatusLine line = StatusLine.on(out);
            Path history = options.historyFile(own, name);
            ScenarioResult result = ScenarioRun.run(next.script(own.path().resolve("data"), options.sabotage(), kills,
                    options.seed() + number), history, state -> line.update(next.label() + "  " + state));
            line.say((result.isClean() ? "held    " : "BROKEN  ") + name + "  copied " + result.count(
                    Recording.Tally.COPIED.words()));
            return result;
        }
    }
}
