package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.semel.server.StatusLine;
import io.semel.server.Table;
import io.semel.server.UsageException;
import io.semel.verify.disk.Journal;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.protocol.DelayedSteps;
import io.semel.verify.protocol.ProtocolPlan;
import io.semel.verify.protocol.ProtocolResult;
import io.semel.verify.protocol.ProtocolRun;
import io.semel.verify.scenarios.Seeds;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.scenarios.worker.SabotageConverter;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "protocol", sortOptions = false, header = "Plays producers, transactions and groups against a model, in one thread, through crashes.", description = {
    "",
    "Whole directories live in memory, on a simulated disk and a simulated clock. Producers send, send again, skip and "
            + "overlap; instances are replaced and go on without knowing; transactions commit, abort, time out and are taken "
            + "over, with offsets of groups whose members come and go; processes die, or the power, at any storage call, also "
            + "while a directory is opened. Forces fail, operators abort what others have open, and topics are deleted under "
            + "their writers and made again.",
    "After every step every answer, mark, reader and offset must be what the protocol promises. The same seed gives the same "
            + "hash.",
    ""}, footer = {
        "",
        "Exit codes: 0 nothing found, 1 a property does not hold (its id, the seed and the line that replays it are printed).",
        "",
        "Examples:",
        "  ./semel verify protocol --lives 100000",
        "  ./semel verify protocol --seed 7 --life 123      (one life, step by step; if it fails, its shortest story, too)",
        "  ./semel verify protocol --delays",
        "  ./semel verify protocol --sabotage fencing       (must find that: exit code 1)"})
final class ProtocolCommand implements Callable<Integer>, Counting {
    private static final long ALL_LIVES = -1;

    @Option(names = "--lives", paramLabel = "N", defaultValue = "20000", description = "Directories to play with (default: ${DEFAULT-VALUE}).")
    private long lives;

    @Option(names = "--seed", paramLabel = "S", description = "Of everything (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--threads", paramLabel = "N", description = "The result does not depend on them (default: one per processor).")
    private Integer threads;

    @Option(names = "--life", paramLabel = "I", defaultValue = "-1", description = "Only this life of the run, and tell what happens in it.")
    private long life;

    @Option(names = "--delays", description = "Instead: every message of three transactions late or twice, alone and in pairs (T7).")
    private boolean delays;

    @Option(names = "--sabotage", paramLabel = "CHECK", defaultValue = "none", converter = SabotageConverter.class, description = "Switch a check of the engine off, and see it missed: none, sequence-check, fencing (default: ${DEFAULT-VALUE}).")
    private Sabotage sabotage;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        UsageException.requireInRange("--lives", lives, 1, ProtocolPlan.MAX_LIVES);
        UsageException.requireInRange("--life", life, ALL_LIVES, ProtocolPlan.MAX_LIVES);
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        UsageException.requireInRange("--threads", workers, 1, ProtocolPlan.MAX_THREADS);
        // What the code says of every crash and every refusal would be millions of lines.
        System.setProperty("org.slf4j.simpleLogger.log.io.semel", "off");
        ProtocolPlan plan = new ProtocolPlan(lives, Seeds.orDrawn(seed), sabotage, workers);
        PrintWriter out = spec.commandLine().getOut();
        if (delays) {
            return delay(out);
        }
        return life == ALL_LIVES ? run(out, plan) : replay(out, plan);
    }

    private int run(PrintWriter out, ProtocolPlan plan) throws InterruptedException {
        out.printf(Locale.ROOT, "protocol: %,d lives, seed %d, %d threads%n", plan.lives(), plan.seed(), plan
                .threads());
        out.flush();
        StatusLine line = StatusLine.on(out);
        ProtocolResult result = new ProtocolRun(plan, (counts, done) -> {
            ProtocolGoal.tell(reached, done, counts);
            line.update("lives %,d/%,d".formatted(done, plan.lives()));
        }).run();
        line.finish();
        print(out, plan, result);
        return result.isClean() ? 0 : 1;
    }

    private int delay(PrintWriter out) throws IOException {
        DelayedSteps steps = new DelayedSteps();
        StatusLine line = StatusLine.on(out);
        String failure = steps.run(1, done -> {
            reached.set(Count.DELAYS, done);
            line.update("cases %,d".formatted(done));
        });
        line.finish();
        out.printf(Locale.ROOT, failure.isEmpty() ? "%,d cases: no delayed message touched a later transaction.%n"
                : "after %,d cases: VIOLATED " + failure.replace("%", "%%") + "%n", steps.cases());
        out.flush();
        return failure.isEmpty() ? 0 : 1;
    }

    private void print(PrintWriter out, ProtocolPlan plan, ProtocolResult result) {
        Table table = new Table().row("lives", result.lives());
        for (io.semel.verify.protocol.Count count : io.semel.verify.protocol.Count.values()) {
            table.row(count.words(), result.counts().of(count));
        }
        table.row("lives per second", result.livesPerSecond());
        out.println();
        table.print(out);
        out.println();
        goals(result).print(out);
        if (result.isClean()) {
            out.printf(Locale.ROOT, "Everything was as promised. hash %016x%n", result.hash());
        } else {
            out.printf(Locale.ROOT, "VIOLATED %s%n%nThe shortest story of it:%n", result.failure());
            out.println("VIOLATED " + ProtocolRun.replayShortest(plan, result.failedLife(), journalOn(out)));
            out.printf(Locale.ROOT, "See all of it: ./semel verify protocol --seed %d --life %d%s%n", plan.seed(),
                    result
                            .failedLife(), sabotage == Sabotage.NONE ? "" : " --sabotage " + sabotage);
        }
        out.flush();
    }

    /** What these lives reached of what a long run must reach, and how many lives like these would. */
    private static Table goals(ProtocolResult result) {
        Table table = new Table().row("", "a long run", "this run", "lives for it");
        for (ProtocolGoal goal : ProtocolGoal.values()) {
            table.row(goal.words(), Table.number(goal.whole()), Table.number(goal.reached(result.counts())), Table
                    .number(goal.livesFor(result.lives(), result.counts())));
        }
        return table;
    }

    private int replay(PrintWriter out, ProtocolPlan plan) {
        String failure = ProtocolRun.replay(plan, life, journalOn(out));
        if (failure.isEmpty()) {
            out.println("Nothing went wrong in this life.");
        } else {
            out.printf(Locale.ROOT, "VIOLATED %s%n%nThe shortest story of it:%n", failure);
            out.println("VIOLATED " + ProtocolRun.replayShortest(plan, life, journalOn(out)));
        }
        out.flush();
        return failure.isEmpty() ? 0 : 1;
    }

    private static Journal journalOn(PrintWriter out) {
        return (what, numbers) -> out.println(what + Arrays.stream(numbers).mapToObj(number -> " " + number).collect(
                Collectors.joining()));
    }
}
