package io.semel.verify.scenarios;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import io.semel.server.ScratchDirectory;
import io.semel.server.UsageException;
import io.semel.verify.report.Report;
import io.semel.verify.report.ReportOptions;
import io.semel.verify.scenarios.worker.Sabotage;
import io.semel.verify.scenarios.worker.SabotageConverter;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every scenario with processes that die lets one choose: the seed, where it works, what it leaves behind. */
public final class RunOptions {
    @Option(names = "--seed", paramLabel = "S", description = "What goes wrong, and when (default: drawn, and printed).")
    private Long seed;

    @Option(names = "--sabotage", paramLabel = "CHECK", defaultValue = "none", converter = SabotageConverter.class, description = "Switch a check of the engine off and see the damage found: none, sequence-check, fencing (default: ${DEFAULT-VALUE}).")
    private Sabotage sabotage;

    @Option(names = "--data", paramLabel = "DIR", description = "An empty or new directory, kept afterwards (default: a temporary one, removed).")
    private Path data;

    @Option(names = "--history", paramLabel = "DIR", description = "Keep there what the programs printed, for './semel verify history'.")
    private Path history;

    @Mixin
    private ReportOptions report;

    private long chosenSeed;

    /** Before the work: tells what can't be. */
    public void check() {
        chosenSeed = Seeds.orDrawn(seed);
        requireEmpty(data);
        report.requireWritable();
        if (history != null) {
            try {
                Files.createDirectories(history);
            } catch (IOException e) {
                throw new UsageException("--history can't be made: " + history
                        + "; name a directory where you may write",
                        e);
            }
        }
    }

    private static void requireEmpty(Path directory) {
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
        } catch (IOException e) {
            throw new UsageException("--data can't be read: " + directory + "; name an empty or a new one", e);
        }
    }

    /** The same each time it is asked for. */
    public long seed() {
        return chosenSeed;
    }

    public Sabotage sabotage() {
        return sabotage;
    }

    public ScratchDirectory open() throws IOException {
        return ScratchDirectory.open(data, "semel-verify");
    }

    /** Whether anybody looks at what each program did: the page's picture is made of it. */
    public boolean showsHistory() {
        return history != null || report.hasPicture();
    }

    /** The file for what the programs print: kept if that is wanted, else one that goes with the run. */
    public Path historyFile(ScratchDirectory scratch, String name) {
        return (history == null ? scratch.path() : history).resolve(name + ".jsonl");
    }

    /** As they are typed again; without those that say only where something goes. */
    public String typed() {
        return " --seed " + chosenSeed + (sabotage == Sabotage.NONE ? "" : " --sabotage " + sabotage);
    }

    /** @return the exit code */
    public int publish(PrintWriter out, Report result) throws IOException {
        report.publish(out, result);
        return result.isClean() ? 0 : 1;
    }
}
