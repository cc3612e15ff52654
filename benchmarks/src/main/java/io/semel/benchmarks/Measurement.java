package io.semel.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.paired.Environment;
import io.semel.benchmarks.paired.PairedRun;
import io.semel.benchmarks.paired.Report;
import io.semel.benchmarks.paired.ResultFile;
import io.semel.benchmarks.paired.Results;
import io.semel.benchmarks.paired.Settings;
import io.semel.benchmarks.paired.Settings.Amounts;
import io.semel.benchmarks.paired.Settings.Depth;
import io.semel.benchmarks.workload.Data;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that every way to measure shares, and the way itself. Thread rule: one thread. */
final class Measurement {
    /** A gigabyte of payloads. */
    private static final long FULL_RECORDS = 10_000_000;
    private static final long QUICK_RECORDS = 200_000;
    private static final int FULL_ROUNDS = 1;
    private static final int QUICK_ROUNDS = 1;
    private static final Duration FULL_WARM_UP = Duration.ofMillis(500);
    private static final Duration QUICK_WARM_UP = Duration.ofMillis(50);
    private static final long GIGABYTE = 1_000_000_000L;
    private static final long FULL_OPEN_BYTES = 10 * GIGABYTE;
    private static final long QUICK_OPEN_BYTES = GIGABYTE / 2;
    private static final long FULL_SUSTAINED_BYTES = 20 * GIGABYTE;
    private static final long QUICK_SUSTAINED_BYTES = GIGABYTE;

    /** Chronicle Queue maps whole blocks, the limits whole files, and every file system wants some room. */
    private static final long SLACK_BYTES = 1L << 30;

    @Option(names = "--quick", description = "Fewer rounds, fewer records, short warm-ups: shows that everything runs.")
    private boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "CLAIM", description = "Claims to measure, of: "
            + "${COMPLETION-CANDIDATES}.")
    private Set<Claim> only;

    @Option(names = "--rounds", paramLabel = "N", description = "Turns for everybody. Default: " + FULL_ROUNDS
            + ", quick " + QUICK_ROUNDS + ".")
    private Integer rounds;

    @Option(names = "--records", paramLabel = "N", description = "100 B records a run; slower operations are a fixed "
            + "part of it. Default: " + FULL_RECORDS + ", quick " + QUICK_RECORDS + ".")
    private Long records;

    @Option(names = "--bytes", paramLabel = "BYTES", description = "Payloads of a sustained run. Default: "
            + FULL_SUSTAINED_BYTES + ", quick " + QUICK_SUSTAINED_BYTES + ".")
    private Long sustainedBytes;

    @Option(names = "--open-bytes", paramLabel = "BYTES", description = "Payloads in a directory that is opened after a "
            + "kill. Default: " + FULL_OPEN_BYTES + ", quick " + QUICK_OPEN_BYTES + ".")
    private Long openBytes;

    @Option(names = "--warm-up-ms", paramLabel = "MS", description = "How long each JVM runs before its clock starts.")
    private Integer warmUpMs;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where the contenders write; they clean up. Default: "
            + "the system property " + Data.DIRECTORY_PROPERTY + ", else the directory for temporary files.")
    private Path directory = Data.directory();

    @Option(names = "--out", paramLabel = "FILE", description = "Also write the results as JSON.")
    private Path out;

    @Option(names = "--profile", description = "Then show where the time of Semel's own contenders goes.")
    private boolean profile;

    Path directory() {
        return directory;
    }

    /** Those asked for, else {@code defaults}. */
    Set<Claim> claims(Set<Claim> defaults) {
        return only == null ? defaults : EnumSet.copyOf(only);
    }

    /** Measures, prints, and writes what is to be written; returns the exit code. */
    int run(CommandLine commandLine, Set<Claim> defaults) throws IOException, InterruptedException {
        Set<Claim> claims = claims(defaults);
        Settings settings = settings(commandLine);
        requireRoom(commandLine, settings, claims);
        PrintWriter screen = commandLine.getOut();
        Map<String, Object> environment = Environment.describe(directory);
        environment.forEach((name, value) -> screen.println(name + ": " + value));
        PairedRun run = new PairedRun(settings, line -> {
            screen.println(line);
            screen.flush();
        });
        Results results = run.measure(Claim.contendersOf(claims));
        if (profile) {
            run.profile(results);
        }
        Report.print(screen, settings.depth(), claims, results);
        if (out != null) {
            ResultFile.write(out, environment, settings, claims, results);
        }
        return 0;
    }

    private Settings settings(CommandLine commandLine) {
        int roundCount = rounds != null ? rounds : quick ? QUICK_ROUNDS : FULL_ROUNDS;
        Duration warmUp = warmUpMs != null ? Duration.ofMillis(warmUpMs) : quick ? QUICK_WARM_UP : FULL_WARM_UP;
        try {
            Amounts amounts = new Amounts(
                    records != null ? records : quick ? QUICK_RECORDS : FULL_RECORDS,
                    sustainedBytes != null ? sustainedBytes : quick ? QUICK_SUSTAINED_BYTES : FULL_SUSTAINED_BYTES,
                    openBytes != null ? openBytes : quick ? QUICK_OPEN_BYTES : FULL_OPEN_BYTES);
            return new Settings(quick ? Depth.QUICK : Depth.FULL, roundCount, amounts, warmUp, directory);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine, e.getMessage());
        }
    }

    private void requireRoom(CommandLine commandLine, Settings settings, Set<Claim> claims) {
        long neededBytes = SLACK_BYTES + Claim.contendersOf(claims).stream().mapToLong(contender -> contender.diskBytes(
                settings.amounts())).max().orElse(0);
        try {
            Files.createDirectories(directory);
            long usableBytes = Files.getFileStore(directory).getUsableSpace();
            if (usableBytes < neededBytes) {
                throw new ParameterException(commandLine, "not enough disk: directory=" + directory
                        + " usableBytes=" + usableBytes + " needed=" + neededBytes
                        + "; give another with --dir or smaller amounts");
            }
        } catch (IOException e) {
            throw new ParameterException(commandLine, "unusable directory: " + directory + ": " + e);
        }
    }
}
