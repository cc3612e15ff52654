package io.semel.benchmarks;

import java.util.concurrent.Callable;

import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.paired.Suite;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything that is said of idempotence, transactions and offsets. */
@Command(name = "semantics", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Measures what at most once, at least once and exactly once cost, beside each other and beside ActiveMQ Artemis.",
    "Within ten minutes on two cores; --quick in under a minute. `bench chart` draws what --out wrote."})
final class SemanticsBench implements Callable<Integer> {
    @Mixin
    private Measurement measurement;

    @Option(names = "--stages", description = "Instead, show where each nanosecond of a tiny transaction goes.")
    private boolean stages;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return measurement.run(spec.commandLine(), Claim.of(stages ? Suite.STAGES : Suite.SEMANTICS));
    }
}
