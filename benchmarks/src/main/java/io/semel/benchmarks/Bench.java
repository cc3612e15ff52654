package io.semel.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import io.semel.benchmarks.jmh.Allocations;
import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.paired.ContenderFailedException;
import io.semel.benchmarks.paired.Environment;
import io.semel.benchmarks.paired.PairedRun;
import io.semel.benchmarks.paired.Report;
import io.semel.benchmarks.paired.ResultFile;
import io.semel.benchmarks.paired.Results;
import io.semel.benchmarks.paired.Settings;
import io.semel.benchmarks.workload.Data;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Measures Semel beside its peers and the limit of this machine, in turns, each in a JVM of its own.",
    "Ratios of one run count; figures drift from day to day. Let nothing else run meanwhile."})
public final class Bench implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int QUICK_ROUNDS = 3;
    private static final int FULL_ROUNDS = 5;
    private static final long QUICK_RECORDS = 2_000_000;
    /** A gigabyte of payloads. */
    private static final long FULL_RECORDS = 10_000_000;
    private static final Duration QUICK_WARM_UP = Duration.ofMillis(400);
    private static final Duration FULL_WARM_UP = Duration.ofSeconds(2);

    @Option(names = "--quick", description = "Under a minute: fewer rounds, fewer records, short warm-ups.")
    private boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "CLAIM", description = "Claims to measure, of: "
            + "${COMPLETION-CANDIDATES}. Default: all.")
    private Set<Claim> only;

    @Option(names = "--rounds", paramLabel = "N", description = "Turns for everybody. Default: " + FULL_ROUNDS
            + ", quick " + QUICK_ROUNDS + ".")
    private Integer rounds;

    @Option(names = "--records", paramLabel = "N", description = "100 B records a run; a twentieth as many "
            + "transactions. Default: " + FULL_RECORDS + ", quick " + QUICK_RECORDS + ".")
    private Long records;

    @Option(names = "--warm-up-ms", paramLabel = "MS", description = "How long each JVM runs before its clock starts.")
    private Integer warmUpMs;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where the contenders write; they clean up. Default: "
            + "the system property " + Data.DIRECTORY_PROPERTY + ", else the directory for temporary files.")
    private Path directory = Data.directory();

    @Option(names = "--out", paramLabel = "FILE", description = "Also write the results as JSON.")
    private Path out;

    @Option(names = "--profile", description = "Then show where the time of Semel's own contenders goes.")
    private boolean profile;

    @Option(names = "--allocations", description = "Instead, run the JMH benchmarks of the claims with -prof gc: "
            + "bytes allocated per operation.")
    private boolean allocations;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Exit codes: 0 measured, 1 a contender failed, 2 bad input. */
    static CommandLine commandLine() {
        return new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (!(e instanceof ContenderFailedException)) {
                        throw e;
                    }
                    commandLine.getErr().println(e.getMessage());
                    return FAILED;
                });
    }

    @Override
    public Integer call() throws Exception {
        Settings settings = settings();
        requireRoom(settings);
        Set<Claim> claims = only == null ? EnumSet.allOf(Claim.class) : EnumSet.copyOf(only);
        PrintWriter screen = spec.commandLine().getOut();
        if (allocations) {
            Allocations.run(claims, directory);
            return 0;
        }
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
        Report.print(screen, claims, results);
        if (out != null) {
            ResultFile.write(out, environment, settings, claims, results);
        }
        return 0;
    }

    private Settings settings() {
        int roundCount = rounds != null ? rounds : quick ? QUICK_ROUNDS : FULL_ROUNDS;
        long recordCount = records != null ? records : quick ? QUICK_RECORDS : FULL_RECORDS;
        Duration warmUp = warmUpMs != null ? Duration.ofMillis(warmUpMs) : quick ? QUICK_WARM_UP : FULL_WARM_UP;
        try {
            return new Settings(roundCount, recordCount, warmUp, directory);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private void requireRoom(Settings settings) {
        try {
            Files.createDirectories(directory);
            long usableBytes = Files.getFileStore(directory).getUsableSpace();
            if (usableBytes < settings.diskBytes()) {
                throw new ParameterException(spec.commandLine(), "not enough disk: directory=" + directory
                        + " usableBytes=" + usableBytes + " needed=" + settings.diskBytes()
                        + "; give another with --dir or fewer --records");
            }
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "unusable directory: " + directory + ": " + e);
        }
    }
}
