package io.semel.benchmarks.jmh;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.semel.log.batch.RecordBatchWriter;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What it costs to encode a record of 100 B, its share of the batch's header and CRC included; nanoseconds a record.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class RecordEncodeSpeed {
    private static final int RECORDS = 150;
    private static final int MAX_BATCH_BYTES = 1 << 20;
    private static final long TIMESTAMP_MS = 1_700_000_000_000L;

    /** A value alone, or a key of 16 B and timestamps that grow. */
    @Param({"value", "key"})
    private String shape;

    private final RecordBatchWriter writer = new RecordBatchWriter(MAX_BATCH_BYTES, MAX_BATCH_BYTES);
    private final byte[] key = "order-0000000042".getBytes(US_ASCII);
    private final byte[] value = new byte[100];

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int batch() {
        byte[] keyOrNull = shape.equals("key") ? key : null;
        int stepMs = keyOrNull == null ? 0 : 1;
        writer.begin(TIMESTAMP_MS);
        for (int i = 0; i < RECORDS; i++) {
            writer.tryAppend(TIMESTAMP_MS + i * stepMs, keyOrNull, value);
        }
        return writer.finish().limit();
    }

    /** Each in a batch of its own. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int single() {
        byte[] keyOrNull = shape.equals("key") ? key : null;
        int bytes = 0;
        for (int i = 0; i < RECORDS; i++) {
            writer.begin(TIMESTAMP_MS).tryAppend(TIMESTAMP_MS, keyOrNull, value);
            bytes += writer.finish().limit();
        }
        return bytes;
    }
}
