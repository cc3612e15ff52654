package io.semel.benchmarks;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;

import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.paired.Suite;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything that is said of the log engine. */
@Command(name = "engine", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Measures every claim about the log engine, beside Chronicle Queue, Aeron and the limits of this machine.",
    "Within ten minutes on two cores; --rounds 3 gives medians, in half an hour; --quick in under a minute."})
final class EngineBench implements Callable<Integer> {
    @Mixin
    private Measurement measurement;

    @Option(names = "--sustained", description = "Also append for longer than blocks can be ready. Takes long, and room.")
    private boolean sustained;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Set<Claim> claims = EnumSet.copyOf(Claim.of(Suite.ENGINE));
        if (sustained) {
            claims.addAll(Claim.of(Suite.SUSTAINED));
        }
        return measurement.run(spec.commandLine(), claims);
    }
}
