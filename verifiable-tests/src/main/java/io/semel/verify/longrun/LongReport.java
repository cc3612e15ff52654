package io.semel.verify.longrun;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.semel.server.Table;
import io.semel.server.UsageException;
import io.semel.server.inspect.Fields;

/** What a long run tells people and machines. Thread rule: one thread at a time. */
final class LongReport {
    private final LongPlan plan;
    private final List<PartRun> runs;
    private final String commit;
    private final PrintWriter out;
    private final Instant started = Instant.now();

    LongReport(LongPlan plan, List<PartRun> runs, String commit, PrintWriter out) {
        this.plan = plan;
        this.runs = runs;
        this.commit = commit;
        this.out = out;
    }

    /**
     * Writes for machines that nothing is begun yet, so that a file that can't be written is known before hours have
     * passed.
     *
     * @throws UsageException when it can't be
     */
    void prepare() {
        try {
            writeJson();
        } catch (IOException e) {
            throw new UsageException("the result can't be written to " + plan.json().orElseThrow() + ": " + e
                    + "; name a file by --json that can be made", e);
        }
    }

    void begin(int index) {
        out.printf(Locale.ROOT, "%n=== part %d of %d: %s%n", index + 1, runs.size(), runs.get(index).part().name());
        out.flush();
    }

    /** Also for machines, so that a run of hours leaves something whatever ends it. */
    void end(PartRun run) {
        out.printf(Locale.ROOT, "=== %s: %s, %,d s%n", run.part().name(), run.verdict().words(), run.elapsedSeconds());
        out.flush();
        writeJsonIfPossible();
    }

    void print() {
        Table table = new Table().row("", "a long run", "this run", "reached", "seconds", "verdict");
        runs.forEach(run -> addRows(table, run));
        out.println();
        table.print(out);
        out.printf(Locale.ROOT, "seed %d, commit %s%n", plan.seed(), commit);
        for (PartRun run : runs) {
            switch (run.verdict()) {
                case HELD, INTERRUPTED, NOT_BEGUN -> {
                    // The table says it.
                }
                case BROKEN -> out.println("BROKEN " + run.part().name() + ": see above what " + run.lastCommand()
                        + " found");
                case NOT_PROVED -> out.println("NOT PROVED " + run.part().name() + ": " + run.reason());
            }
        }
        if (!plan.leftOut().isEmpty()) {
            out.println("Left out: " + String.join(", ", plan.leftOut()));
        }
        out.println(sentence());
        out.flush();
        writeJsonIfPossible();
    }

    private static void addRows(Table table, PartRun run) {
        String name = run.part().name() + ": ";
        for (Goal goal : run.part().goals()) {
            boolean isFirst = goal == run.part().goals().get(0);
            String[] counts = {Goal.show(goal.whole()), Goal.show(goal.wanted()), Table.number(run.reached(goal
                    .what())), isFirst ? Table.number(run.elapsedSeconds()) : "", isFirst ? run.verdict().words() : ""};
            table.row((isFirst ? name : " ".repeat(name.length())) + goal.what().words() + " (" + goal.properties()
                    + ")", counts);
        }
    }

    private String sentence() {
        if (!runs.stream().allMatch(run -> run.verdict() == Verdict.HELD)) {
            return "Not all of it holds, or not all of it was shown to.";
        }
        boolean isWhole = plan.leftOut().isEmpty() && runs.stream().flatMap(run -> run.part().goals().stream())
                .allMatch(goal -> goal.wanted() == Goal.ALL || goal.wanted() >= goal.whole());
        return isWhole ? "Everything held, and every count of a long run was reached."
                : "Everything held; this was a share of a long run.";
    }

    /** People are told all of it in any case; a full disk must not end a run of hours. */
    private void writeJsonIfPossible() {
        try {
            writeJson();
        } catch (IOException e) {
            out.println("WARNING: the result can't be written to " + plan.json().orElseThrow() + ": " + e
                    + "; what is told here is all of it");
            out.flush();
        }
    }

    private void writeJson() throws IOException {
        if (plan.json().isPresent()) {
            Path file = plan.json().get();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, json() + "\n");
        }
    }

    private String json() {
        return new Fields().with("commit", commit).with("seed", plan.seed()).with("started", started.toString())
                .with("jdk", System.getProperty("java.vm.name") + ' ' + System.getProperty("java.vm.version"))
                .with("processors", Runtime.getRuntime().availableProcessors()).with("leftOut", plan.leftOut())
                .with("parts", runs.stream().map(LongReport::fields).toList()).json();
    }

    private static Fields fields(PartRun run) {
        return new Fields().with("name", run.part().name()).with("verdict", run.verdict().name().toLowerCase(
                Locale.ROOT)).with("reason", run.reason()).with("seconds", run.elapsedSeconds())
                .with("commands", run.part().commands().stream().map(command -> String.join(" ", command)).toList())
                .with("goals", run.part().goals().stream().map(goal -> fields(goal, run)).toList());
    }

    private static Fields fields(Goal goal, PartRun run) {
        return new Fields().with("properties", goal.properties()).with("what", goal.what().words().strip())
                .with("whole", goal.whole() == Goal.ALL ? "all" : goal.whole())
                .with("wanted", goal.wanted() == Goal.ALL ? "all" : goal.wanted())
                .with("reached", run.reached(goal.what()));
    }
}
