package io.semel.verify;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.semel.log.Durability;
import io.semel.server.StatusLine;
import io.semel.server.Table;
import io.semel.server.UsageException;
import io.semel.verify.disk.EngineCounts;
import io.semel.verify.disk.EnginePlan;
import io.semel.verify.disk.EngineResult;
import io.semel.verify.disk.EngineRun;
import io.semel.verify.disk.MetadataOrder;
import io.semel.verify.disk.SweepResult;
import io.semel.verify.longrun.Count;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.scenarios.Seeds;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "engine", sortOptions = false, header = "Crashes the log engine on a simulated disk and checks what every recovery finds.", description = {
    "",
    "Logs live in memory, on a disk of 4 KiB pages that have an image in the cache and one on the medium. They append, roll, "
            + "force, close and die: of kill -9, which leaves the cache, or of a power loss, which leaves each page old, new "
            + "or torn, and each file size and directory entry old or new. They die in any storage call, also while they "
            + "recover, up to three times in a row. Disks fill up, calls fail, forces fail and forget.",
    "After every crash the log must be a prefix of what was claimed, byte by byte, with all that was acknowledged, the same "
            + "however often it is recovered. The same seed gives the same hash.",
    ""}, footer = {
        "",
        "Exit codes: 0 nothing found, 1 a property does not hold (its id, the seed and the line that replays it are printed).",
        "",
        "Examples:",
        "  ./semel verify engine --images 1000000",
        "  ./semel verify engine --images 80000 --seed 7 --metadata own",
        "  ./semel verify engine --seed 7 --life 123      (one life, step by step)",
        "  ./semel verify engine --seed 7 --images 80 --sweep 1000"})
final class EngineCommand implements Callable<Integer>, Counting {
    private static final long ALL_LIVES = -1;

    @Option(names = "--images", paramLabel = "N", defaultValue = "100000", description = "Crashes to recover from (default: ${DEFAULT-VALUE}).")
    private long images;

    @Option(names = "--seed", paramLabel = "S", description = "Of everything (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--metadata", paramLabel = "ORDER", description = "How sizes and directory entries reach the medium: at_once, journaled (in order, as on ext4 and XFS), own (each on its own, as POSIX allows) (default: every life draws its own).")
    private MetadataOrder metadata;

    @Option(names = "--durability", paramLabel = "LEVEL", description = "Of the logs: process, power (default: every life draws its own).")
    private Durability durability;

    @Option(names = "--threads", paramLabel = "N", description = "The result does not depend on them (default: one per processor).")
    private Integer threads;

    @Option(names = "--life", paramLabel = "I", defaultValue = "-1", description = "Only this life of the run, and tell what happens in it.")
    private long life;

    @Option(names = "--sweep", paramLabel = "K", defaultValue = "0", description = "Instead: has each of the first K storage calls of a life be the last, fail, or be the first of many that fail; lives as --images has them, or the one of --life.")
    private long sweep;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public Integer call() throws InterruptedException {
        UsageException.requireInRange("--images", images, 1, EnginePlan.MAX_IMAGES);
        UsageException.requireInRange("--sweep", sweep, 0, EnginePlan.MAX_IMAGES);
        UsageException.requireInRange("--life", life, ALL_LIVES, EnginePlan.MAX_IMAGES);
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        UsageException.requireInRange("--threads", workers, 1, EnginePlan.MAX_THREADS);
        long chosen = Seeds.orDrawn(seed);
        // The log's own words about every torn tail would be millions of lines.
        System.setProperty("org.slf4j.simpleLogger.log.io.semel.log", "off");
        PrintWriter out = spec.commandLine().getOut();
        EnginePlan plan = new EnginePlan(images, chosen, metadata == null ? List.of(MetadataOrder.values())
                : List.of(metadata), durability == null ? List.of(Durability.values())
                        : List.of(durability), workers);
        if (sweep > 0) {
            return sweep(out, plan);
        }
        return life == ALL_LIVES ? run(out, plan) : replay(out, plan);
    }

    private int run(PrintWriter out, EnginePlan plan) throws InterruptedException {
        out.printf(Locale.ROOT, "engine: %,d images, seed %d, metadata %s, %d threads%n", plan.images(), plan.seed(),
                metadata == null ? "drawn" : name(metadata), plan.threads());
        out.flush();
        StatusLine line = StatusLine.on(out);
        EngineResult result = new EngineRun(plan, done -> {
            reached.set(Count.IMAGES, done);
            line.update("images %,d/%,d".formatted(done, plan.images()));
        }).run();
        line.finish();
        reached.set(Count.RECOVERY_CRASHES, result.counts().of(EngineCounts.Count.CRASHED_RECOVERIES));
        reached.set(Count.CORRUPTIONS, result.counts().of(EngineCounts.Count.CORRUPTIONS));
        print(out, plan, result);
        return result.isClean() ? 0 : 1;
    }

    private void print(PrintWriter out, EnginePlan plan, EngineResult result) {
        Table table = new Table().row("images", result.counts().images());
        for (EngineCounts.Count count : EngineCounts.Count.values()) {
            table.row(count.words(), result.counts().of(count));
        }
        table.row("images per second", result.imagesPerSecond());
        out.println();
        table.print(out);
        if (result.isClean()) {
            out.printf(Locale.ROOT, "Every recovery found what it must. hash %016x%n", result.hash());
        } else {
            out.printf(Locale.ROOT,
                    "VIOLATED %s%nSee it happen: ./semel verify engine --seed %d%s%s --life %d%n",
                    result.failure(), plan.seed(), metadata == null ? "" : " --metadata " + name(metadata),
                    durability == null ? "" : " --durability "
                            + name(durability), result.failedLife());
        }
        out.flush();
    }

    private int sweep(PrintWriter out, EnginePlan plan) {
        long first = life == ALL_LIVES ? 0 : life;
        long end = life == ALL_LIVES ? plan.lives() : life + 1;
        long faults = 0;
        StatusLine line = StatusLine.on(out);
        for (long number = first; number < end; number++) {
            SweepResult result = EngineRun.sweep(plan, number, sweep);
            faults += result.faults();
            reached.set(Count.LIVES, number - first + 1);
            reached.set(Count.FAULTS, faults);
            line.update("lives %,d/%,d  faults %,d".formatted(number - first + 1, end - first, faults));
            if (!result.failure().isEmpty()) {
                line.finish();
                out.printf(Locale.ROOT, "VIOLATED in life %d of seed %d, %s%n", number, plan.seed(), result
                        .failure());
                out.flush();
                return 1;
            }
        }
        line.finish();
        out.printf(Locale.ROOT,
                "%,d lives, %,d faults, one at every storage call up to %,d: every recovery found what it"
                        + " must.%n", end - first, faults, sweep);
        out.flush();
        return 0;
    }

    private int replay(PrintWriter out, EnginePlan plan) {
        String failure = EngineRun.replay(plan, life, (what, numbers) -> out.println(what + Arrays.stream(
                numbers).mapToObj(number -> " " + number).collect(Collectors.joining())));
        out.println(failure.isEmpty() ? "Nothing went wrong in this life." : "VIOLATED " + failure);
        out.flush();
        return failure.isEmpty() ? 0 : 1;
    }

    private static String name(Enum<?> option) {
        return option.name().toLowerCase(Locale.ROOT);
    }
}
