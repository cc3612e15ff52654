package io.semel.benchmarks.jmh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import io.semel.benchmarks.paired.Claim;
import io.semel.benchmarks.workload.Data;

/** Runs the claims' JMH benchmarks with the profiler of the garbage collector. Stateless. */
public final class Allocations {
    private static final Map<Claim, List<Class<?>>> BENCHMARKS = Map.of(
            Claim.S1, List.of(AppendBatched.class),
            Claim.S2, List.of(AppendSingle.class, ClaimAndPublish.class),
            Claim.S4, List.of(ReadBack.class, ReadNext.class),
            Claim.S8, List.of(AppendSafely.class),
            Claim.S9, List.of(TinyTransaction.class),
            Claim.S11, List.of(CopyRecords.class));

    private Allocations() {
    }

    /** @param directory where they write */
    public static void run(Set<Claim> claims, Path directory) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder().addProfiler(GCProfiler.class)
                .jvmArgsAppend("-D" + Data.DIRECTORY_PROPERTY + "=" + directory,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
        for (Claim claim : claims) {
            BENCHMARKS.getOrDefault(claim, List.of()).forEach(benchmark -> options.include(benchmark.getName()
                    + "\\."));
        }
        new Runner(options.build()).run();
    }
}
