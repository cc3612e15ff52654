package io.semel.verify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.semel.server.ScratchDirectory;
import io.semel.server.UsageException;
import io.semel.verify.longrun.Counting;
import io.semel.verify.longrun.Reached;
import io.semel.verify.scenarios.Seeds;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.scenarios.worker.SabotageConverter;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "kills", sortOptions = false, header = "Copies a topic exactly once while the copier is killed again and again.", description = {
    "",
    "A worker JVM feeds numbered records into a topic and several members copy them to another, all in transactions. It "
            + "dies of kill -9 at random moments, at work and while it recovers, and is started again. Its producers "
            + "send batches twice, late and in the wrong order, abort, and go on after they were replaced.",
    "At the end every record is read and checked: none lost, none duplicated, order kept, bytes right.",
    ""}, footer = {
        "",
        "Examples:",
        "  ./semel verify kills --kills 200",
        "  ./semel verify kills --kills 5 --sabotage fencing      (must find damage: exit code 1)"})
final class KillsCommand implements Callable<Integer>, Counting {
    @Option(names = "--kills", paramLabel = "N", defaultValue = "20", description = "How often (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(names = "--seed", paramLabel = "S", description = "What goes wrong, and when (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--members", paramLabel = "N", defaultValue = "3", description = "Copiers (default: ${DEFAULT-VALUE}).")
    private int members;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "6", description = "Of either topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--sabotage", paramLabel = "CHECK", defaultValue = "none", converter = SabotageConverter.class, description = "Switch a check of the engine off and see the damage found: none, sequence-check, fencing (default: ${DEFAULT-VALUE}).")
    private Sabotage sabotage;

    @Option(names = "--data", paramLabel = "DIR", description = "An empty or new directory, kept afterwards (default: a temporary one, removed).")
    private Path data;

    @Spec
    private CommandSpec spec;

    private final Reached reached = new Reached();

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public Integer call() throws Exception {
        UsageException.requireInRange("--kills", kills, 0, KillPlan.MAX_KILLS);
        UsageException.requireInRange("--members", members, 1, KillPlan.MAX_MEMBERS);
        UsageException.requireInRange("--partitions", partitions, 1, KillPlan.MAX_PARTITIONS);
        requireEmpty(data);
        long chosen = Seeds.orDrawn(seed);
        PrintWriter out = spec.commandLine().getOut();
        try (ScratchDirectory scratch = ScratchDirectory.open(data, "semel-verify")) {
            KillPlan plan = new KillPlan(scratch.path(), kills, chosen, members, partitions, sabotage);
            out.printf(Locale.ROOT, "kills: %d members copy %d partitions, %d kills, seed %d, sabotage %s, in %s%n",
                    members, partitions, kills, chosen, sabotage, scratch.path());
            out.flush();
            KillResult result = new KillRun(plan, new KillProgressPrinter(out, kills, reached)).run();
            KillReport.print(out, plan, result);
            return result.isClean() ? 0 : 1;
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (directory == null || !Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new UsageException("--data is not a directory: " + directory + "; name an empty or a new one");
        }
        try (var entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new UsageException("--data is not empty: " + directory
                        + "; a run checks every record of a directory, so name an empty or a new one");
            }
        }
    }
}
