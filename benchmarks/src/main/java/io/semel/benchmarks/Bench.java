package io.semel.benchmarks;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;

import io.semel.benchmarks.jmh.Allocations;
import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.paired.ContenderFailedException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, subcommands = {EngineBench.class,
    SemanticsBench.class, VariantsBench.class, ChartCommand.class}, description = {
        "Measures Semel beside its peers and the limit of this machine, in turns, each in a JVM of its own.",
        "Ratios of one run count; figures drift from day to day. Let nothing else run meanwhile.",
        "Without a command: the short way round, appends, reads and transactions."})
public final class Bench implements Callable<Integer> {
    private static final Set<Claim> SHORT_WAY_ROUND = EnumSet.of(Claim.S1, Claim.S2, Claim.S4, Claim.S9);

    private static final int FAILED = 1;

    @Mixin
    private Measurement measurement;

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
        if (allocations) {
            Allocations.run(measurement.claims(SHORT_WAY_ROUND), measurement.directory());
            return 0;
        }
        return measurement.run(spec.commandLine(), SHORT_WAY_ROUND);
    }
}
