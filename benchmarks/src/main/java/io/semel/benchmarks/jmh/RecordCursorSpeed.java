package io.semel.benchmarks.jmh;

import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.Compression;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What a cursor's step costs, from memory that is warm; nanoseconds a record of 100 B. No CRC is computed. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class RecordCursorSpeed {
    private static final int RECORDS = 150;
    private static final int MAX_BATCH_BYTES = 1 << 20;
    private static final long TIMESTAMP_MS = 1_700_000_000_000L;

    /** A value alone; a key of 16 B and timestamps that grow; and two headers besides. */
    @Param({"value", "key", "headers"})
    private String shape;

    @Param({"none"})
    private String compression;

    private final RecordBatchView view = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();
    private ByteBuffer batch;

    @Setup
    public void write() {
        Compression how = Compression.of(Codec.ofName(compression));
        RecordBatchWriter writer = new RecordBatchWriter(MAX_BATCH_BYTES, MAX_BATCH_BYTES, how).begin(TIMESTAMP_MS);
        byte[] key = "order-0000000042".getBytes(US_ASCII);
        byte[] value = new byte[100];
        byte[][] headerKeys = {"trace".getBytes(US_ASCII), "span".getBytes(US_ASCII)};
        for (int i = 0; i < RECORDS; i++) {
            switch (shape) {
                case "value" -> writer.tryAppend(TIMESTAMP_MS, null, value);
                case "key" -> writer.tryAppend(TIMESTAMP_MS + i, key, value);
                default -> writer.tryAppend(TIMESTAMP_MS + i, key, value, headerKeys, new byte[][] {key, key});
            }
        }
        ByteBuffer written = writer.finish();
        batch = ByteBuffer.allocateDirect(written.limit()).put(0, written, 0, written.limit());
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long read() {
        long sum = 0;
        cursor.wrap(view.wrap(batch, 0));
        while (cursor.next()) {
            sum += cursor.offset() + cursor.timestamp() + cursor.valueLength() + cursor.keyLength();
            while (cursor.nextHeader()) {
                sum += cursor.headerValueLength();
            }
        }
        return sum;
    }
}
