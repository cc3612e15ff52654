package io.semel.benchmarks;

import java.util.concurrent.Callable;

import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.paired.Suite;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What was chosen inside of the engine, beside what lost. */
@Command(name = "variants", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Measures parts of the engine in isolation, each beside what lost to it, so that the choice can be tried again."})
final class VariantsBench implements Callable<Integer> {
    @Mixin
    private Measurement measurement;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return measurement.run(spec.commandLine(), Claim.of(Suite.VARIANTS));
    }
}
