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

/** Claim S9: begin, one record, the offset that it was made from, commit; nanoseconds a transaction. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class TinyTransaction {
    @Benchmark
    @OperationsPerInvocation(OpenTransactions.TRANSACTIONS)
    public void appender(OpenTransactions open) {
        open.transact();
    }

    @Benchmark
    @OperationsPerInvocation(OpenTransactions.TRANSACTIONS)
    public void producer(OpenProducer open) {
        open.transact();
    }
}
