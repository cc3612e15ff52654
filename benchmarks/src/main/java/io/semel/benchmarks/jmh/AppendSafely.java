package io.semel.benchmarks.jmh;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

import io.semel.benchmarks.workload.semel.TransactionalAppend;

/** Claim S8: append 100 B, batched by the producer, with sequences and in transactions; nanoseconds a record. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class AppendSafely {
    @Benchmark
    @OperationsPerInvocation(OpenAppender.RECORDS)
    public void idempotent(OpenIdempotentAppender open) {
        open.append();
    }

    @Benchmark
    @OperationsPerInvocation(TransactionalAppend.RECORDS)
    public void transactional(OpenTransactions open) {
        open.transactLarge();
    }
}
