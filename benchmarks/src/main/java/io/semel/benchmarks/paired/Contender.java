package io.semel.benchmarks.paired;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

import io.semel.benchmarks.workload.Batching;
import io.semel.benchmarks.workload.ChronicleAppend;
import io.semel.benchmarks.workload.ChronicleRead;
import io.semel.benchmarks.workload.CopyLimit;
import io.semel.benchmarks.workload.FormatFloor;
import io.semel.benchmarks.workload.ProducerTransactions;
import io.semel.benchmarks.workload.SemelAppend;
import io.semel.benchmarks.workload.SemelRead;
import io.semel.benchmarks.workload.SemelTransactions;
import io.semel.benchmarks.workload.Workload;

/** Who takes part. Each runs in a JVM of its own, with the flags that its own documentation asks for. */
public enum Contender {
    SEMEL_APPEND_BATCHED(Side.SEMEL, 1, "Semel, batches of 16 KiB", () -> new SemelAppend(Batching.BY_SIZE)),
    SEMEL_APPEND_SINGLE(Side.SEMEL, 1, "Semel, every record its own batch", () -> new SemelAppend(Batching.NONE)),
    SEMEL_READ_RECORDS(Side.SEMEL, SemelRead.PASSES, "Semel, record by record, CRC checked", () -> new SemelRead(
            SemelRead.Grain.RECORD)),
    SEMEL_READ_BATCHES(Side.SEMEL, SemelRead.PASSES, "Semel, whole batches, CRC checked", () -> new SemelRead(
            SemelRead.Grain.BATCH)),
    SEMEL_TRANSACTION(Side.SEMEL, 0.05, "Semel, TransactionalAppender", SemelTransactions::new),
    SEMEL_PRODUCER_TRANSACTION(Side.SEMEL, 0.02, "Semel, Kafka's Producer interface", ProducerTransactions::new),
    CHRONICLE_DOCUMENT(Side.CHRONICLE, 1, "Chronicle Queue, writingDocument", () -> new ChronicleAppend(
            ChronicleAppend.Way.WRITING_DOCUMENT)),
    CHRONICLE_BYTES(Side.CHRONICLE, 1, "Chronicle Queue, writeBytes", () -> new ChronicleAppend(
            ChronicleAppend.Way.WRITE_BYTES)),
    CHRONICLE_READ(Side.CHRONICLE, SemelRead.PASSES, "Chronicle Queue, tailer (checks nothing)", ChronicleRead::new),
    COPY_LIMIT(Side.LIMIT, 1, "copy into pages, blocks ready", CopyLimit::ofReadyBlocks),
    COPY_LIMIT_SUSTAINED(Side.LIMIT, 1, "copy into pages, writing the blocks", CopyLimit::ofBlocksWrittenOnTheWay),
    FORMAT_FLOOR_BATCHED(Side.LIMIT, 1, "encode, CRC, copy: batches of 16 KiB", () -> new FormatFloor(
            Batching.BY_SIZE)),
    FORMAT_FLOOR_SINGLE(Side.LIMIT, 1, "encode, CRC, copy: one by one", () -> new FormatFloor(Batching.NONE));

    private final Side side;
    private final double operationsARecord;
    private final String title;
    private final Supplier<Workload> workload;

    /** Whose code is measured. */
    public enum Side {
        SEMEL, CHRONICLE, LIMIT
    }

    /** @param operationsARecord operations for each record of a run: slow contenders do fewer, quick ones more */
    Contender(Side side, double operationsARecord, String title, Supplier<Workload> workload) {
        this.side = side;
        this.operationsARecord = operationsARecord;
        this.title = title;
        this.workload = workload;
    }

    public Side side() {
        return side;
    }

    public String title() {
        return title;
    }

    Workload workload() {
        return workload.get();
    }

    long operations(long records) {
        return Math.max(1, (long) (records * operationsARecord));
    }

    /** What its own documentation asks for. Semel asks for nothing. */
    List<String> jvmFlags() {
        return switch (side) {
            case SEMEL, LIMIT -> List.of();
            case CHRONICLE -> JvmFlags.ofChronicleQueue();
        };
    }

    /** As in results and on the command line of its JVM. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Contender ofId(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
