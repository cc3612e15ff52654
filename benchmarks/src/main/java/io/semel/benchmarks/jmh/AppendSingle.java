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

import io.semel.benchmarks.workload.semel.SemelAppend;

/** Claim S2: append 100 B, every record its own batch; nanoseconds a record. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class AppendSingle {
    @Benchmark
    @OperationsPerInvocation(OpenAppender.RECORDS)
    public void append(OpenAppender open) {
        SemelAppend.appendOneByOne(open.appender, open.payload, 0, OpenAppender.RECORDS);
    }
}
