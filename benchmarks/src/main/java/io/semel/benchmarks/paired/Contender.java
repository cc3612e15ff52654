package io.semel.benchmarks.paired;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import io.semel.benchmarks.paired.Settings.Amounts;
import io.semel.benchmarks.workload.Batching;
import io.semel.benchmarks.workload.CopyLimit;
import io.semel.benchmarks.workload.FormatFloor;
import io.semel.benchmarks.workload.MappedPages.Blocks;
import io.semel.benchmarks.workload.PacedLatency;
import io.semel.benchmarks.workload.PacedTransactions;
import io.semel.benchmarks.workload.RawForce;
import io.semel.benchmarks.workload.TransactionRun;
import io.semel.benchmarks.workload.Transactions;
import io.semel.benchmarks.workload.Workload;
import io.semel.benchmarks.workload.WriteAndRead;
import io.semel.benchmarks.workload.aeron.ArchiveAppend;
import io.semel.benchmarks.workload.aeron.ArchiveLane;
import io.semel.benchmarks.workload.aeron.ArchiveReplay;
import io.semel.benchmarks.workload.aeron.IpcLane;
import io.semel.benchmarks.workload.artemis.ArtemisTransactions;
import io.semel.benchmarks.workload.artemis.ArtemisTransactions.Journal;
import io.semel.benchmarks.workload.chronicle.ChronicleAppend;
import io.semel.benchmarks.workload.chronicle.ChronicleAppend.Way;
import io.semel.benchmarks.workload.chronicle.ChronicleLane;
import io.semel.benchmarks.workload.chronicle.ChronicleLane.Touching;
import io.semel.benchmarks.workload.chronicle.ChronicleRead;
import io.semel.benchmarks.workload.copy.CopyRun;
import io.semel.benchmarks.workload.copy.CopyWay;
import io.semel.benchmarks.workload.copy.PipelineRun;
import io.semel.benchmarks.workload.copy.PriceOfSemantics;
import io.semel.benchmarks.workload.semel.Allocation;
import io.semel.benchmarks.workload.semel.AllocationRoute;
import io.semel.benchmarks.workload.semel.OpenAfterKill;
import io.semel.benchmarks.workload.semel.PowerAppend;
import io.semel.benchmarks.workload.semel.ProducerAppend;
import io.semel.benchmarks.workload.semel.ProducerTransactions;
import io.semel.benchmarks.workload.semel.SemanticsAllocation;
import io.semel.benchmarks.workload.semel.SemelAppend;
import io.semel.benchmarks.workload.semel.SemelLane;
import io.semel.benchmarks.workload.semel.SemelRead;
import io.semel.benchmarks.workload.semel.SemelRead.Grain;
import io.semel.benchmarks.workload.semel.SemelTransactions;
import io.semel.benchmarks.workload.semel.SemelTransactions.Content;
import io.semel.benchmarks.workload.semel.SharedAppend;
import io.semel.benchmarks.workload.semel.TransactionStages;
import io.semel.benchmarks.workload.semel.TransactionalAppend;
import io.semel.benchmarks.workload.variants.ClaimVariant;
import io.semel.benchmarks.workload.variants.MarkRingLane;
import io.semel.benchmarks.workload.variants.MarkRingLane.Layout;
import io.semel.benchmarks.workload.variants.SegmentCopy;
import io.semel.client.DeliverySemantics;
import io.semel.log.Durability;

import static io.semel.benchmarks.paired.Side.AERON;
import static io.semel.benchmarks.paired.Side.ARTEMIS;
import static io.semel.benchmarks.paired.Side.CHRONICLE;
import static io.semel.benchmarks.paired.Side.LIMIT;
import static io.semel.benchmarks.paired.Side.SEMEL;
import static io.semel.benchmarks.paired.Side.VARIANT;
import static io.semel.benchmarks.paired.Volume.opened;
import static io.semel.benchmarks.paired.Volume.records;
import static io.semel.benchmarks.paired.Volume.sustained;
import static io.semel.benchmarks.workload.Payload.LARGE;
import static io.semel.benchmarks.workload.Payload.SMALL;

/** Who takes part. Each runs in a JVM of its own, with the flags that its own documentation asks for. */
public enum Contender {
    SEMEL_APPEND_BATCHED(SEMEL, records(1), "Semel, batches of 16 KiB", () -> new SemelAppend(SMALL, Batching.BY_SIZE,
            Blocks.READY)),
    SEMEL_APPEND_SINGLE(SEMEL, records(1), "Semel, every record its own batch", () -> new SemelAppend(SMALL,
            Batching.NONE, Blocks.READY)),
    SEMEL_APPEND_LARGE(SEMEL, records(0.1), "Semel, 1 KB, batches of 16 KiB", () -> new SemelAppend(LARGE,
            Batching.BY_SIZE, Blocks.READY)),
    SEMEL_APPEND_SHARED(SEMEL, records(1), "Semel, 4 producers, batches of 16 KiB", () -> new SharedAppend(4,
            Batching.BY_SIZE)),
    SEMEL_APPEND_SHARED_SINGLE(SEMEL, records(0.5), "Semel, 4 producers, every record its own batch",
            () -> new SharedAppend(4, Batching.NONE)),
    SEMEL_READ_RECORDS(SEMEL, records(SemelRead.PASSES), "Semel, record by record, CRC checked",
            () -> new SemelRead(SMALL, Grain.RECORD)),
    SEMEL_READ_BATCHES(SEMEL, records(SemelRead.PASSES), "Semel, whole batches, CRC checked",
            () -> new SemelRead(SMALL, Grain.BATCH)),
    SEMEL_READ_RECORDS_LARGE(SEMEL, records(0.1 * SemelRead.PASSES), "Semel, 1 KB, record by record, CRC checked",
            () -> new SemelRead(LARGE, Grain.RECORD)),
    SEMEL_READ_BATCHES_LARGE(SEMEL, records(0.1 * SemelRead.PASSES), "Semel, 1 KB, whole batches, CRC checked",
            () -> new SemelRead(LARGE, Grain.BATCH)),
    SEMEL_BOTH_BATCHED(SEMEL, records(1), "Semel, batches of 16 KiB", () -> new WriteAndRead(SMALL,
            directory -> SemelLane.open(directory, Batching.BY_SIZE))),
    SEMEL_BOTH_SINGLE(SEMEL, records(0.5), "Semel, every record its own batch", () -> new WriteAndRead(SMALL,
            directory -> SemelLane.open(directory, Batching.NONE))),
    SEMEL_LATENCY_100K(SEMEL, records(Rates.RECORDS_100K), "Semel, 100k/s", () -> new PacedLatency(Rates.SLOW,
            directory -> SemelLane.open(directory, Batching.NONE))),
    SEMEL_LATENCY_500K(SEMEL, records(Rates.RECORDS_500K), "Semel, 500k/s", () -> new PacedLatency(Rates.FAST,
            directory -> SemelLane.open(directory, Batching.NONE))),
    SEMEL_ALLOCATION_BATCHED(SEMEL, records(1), "Semel, append, batches of 16 KiB", () -> new Allocation(
            Allocation.Route.APPEND_BATCHED)),
    SEMEL_ALLOCATION_SINGLE(SEMEL, records(0.5), "Semel, append, every record its own batch", () -> new Allocation(
            Allocation.Route.APPEND_SINGLE)),
    SEMEL_ALLOCATION_READ(SEMEL, records(1), "Semel, read, record by record", () -> new Allocation(
            Allocation.Route.READ)),
    SEMEL_POWER(SEMEL, records(0.001), "Semel, POWER, 1 producer", () -> new PowerAppend(1)),
    SEMEL_POWER_4(SEMEL, records(0.004), "Semel, POWER, 4 producers", () -> new PowerAppend(4)),
    SEMEL_POWER_16(SEMEL, records(0.016), "Semel, POWER, 16 producers", () -> new PowerAppend(16)),
    SEMEL_OPEN(SEMEL, opened(1), "Semel, open after kill -9", OpenAfterKill::new),
    SEMEL_OPEN_TWICE(SEMEL, opened(2), "Semel, open after kill -9, twice the data", OpenAfterKill::new),
    SEMEL_SUSTAINED(SEMEL, sustained(SMALL), "Semel, batches of 16 KiB", () -> new SemelAppend(SMALL,
            Batching.BY_SIZE, Blocks.WRITTEN_ON_THE_WAY)),
    SEMEL_SUSTAINED_LARGE(SEMEL, sustained(LARGE), "Semel, 1 KB, batches of 16 KiB", () -> new SemelAppend(LARGE,
            Batching.BY_SIZE, Blocks.WRITTEN_ON_THE_WAY)),
    SEMEL_APPEND_IDEMPOTENT(SEMEL, records(1), "Semel, idempotent", () -> new SemelAppend(
            DeliverySemantics.AT_LEAST_ONCE, SMALL, Batching.BY_SIZE, Blocks.READY)),
    SEMEL_APPEND_TRANSACTIONAL(SEMEL, records(1), "Semel, transactional, 1,000 records", TransactionalAppend::new),
    SEMEL_PRODUCER_PLAIN(SEMEL, records(0.2), "Semel, Kafka's Producer, plain", () -> new ProducerAppend(
            DeliverySemantics.AT_MOST_ONCE)),
    SEMEL_PRODUCER_IDEMPOTENT(SEMEL, records(0.2), "Semel, Kafka's Producer, idempotent", () -> new ProducerAppend(
            DeliverySemantics.AT_LEAST_ONCE)),
    SEMEL_PRODUCER_TRANSACTIONAL(SEMEL, records(0.2), "Semel, Kafka's Producer, 1,000 a transaction",
            () -> new ProducerAppend(DeliverySemantics.EXACTLY_ONCE)),
    SEMEL_TRANSACTION(SEMEL, records(0.05), "Semel, TransactionalAppender", () -> new TransactionRun(1, Openers.TINY)),
    SEMEL_TRANSACTION_PACED(SEMEL, records(0.02), "Semel, TransactionalAppender, 100k/s", () -> new PacedTransactions(
            Rates.SLOW, Openers.TINY)),
    SEMEL_PRODUCER_TRANSACTION(SEMEL, records(0.005), "Semel, Kafka's Producer interface", () -> new TransactionRun(1,
            ProducerTransactions::open)),
    SEMEL_PRODUCER_TRANSACTION_PACED(SEMEL, records(0.0005), "Semel, Kafka's Producer interface, 2k/s",
            () -> new PacedTransactions(Rates.TRANSACTIONS, ProducerTransactions::open)),
    SEMEL_TRANSACTION_POWER(SEMEL, records(0.0005), "Semel, POWER, 1 producer's transactions",
            () -> new TransactionRun(1, Openers.POWER)),
    SEMEL_TRANSACTION_POWER_16(SEMEL, records(0.004), "Semel, POWER, 16 producers' transactions",
            () -> new TransactionRun(16, Openers.POWER)),
    SEMEL_COPY_AT_LEAST_ONCE(SEMEL, records(0.2), "Semel, Kafka's interfaces, at least once", () -> new CopyRun(
            CopyWay.AT_LEAST_ONCE, 1_000)),
    SEMEL_COPY_EXACTLY_ONCE(SEMEL, records(0.2), "Semel, Kafka's interfaces, exactly once", () -> new CopyRun(
            CopyWay.EXACTLY_ONCE, 1_000)),
    SEMEL_COPY_SHORT(SEMEL, records(0.5), "Semel, Reader and TransactionalAppender", () -> new CopyRun(
            CopyWay.EXACTLY_ONCE_SHORT, 1_000)),
    SEMEL_PIPELINE_AT_LEAST_ONCE(SEMEL, records(0.2), "Semel, Pipeline, at least once", () -> new PipelineRun(
            DeliverySemantics.AT_LEAST_ONCE, 1_000)),
    SEMEL_PIPELINE_EXACTLY_ONCE(SEMEL, records(0.2), "Semel, Pipeline, exactly once", () -> new PipelineRun(
            DeliverySemantics.EXACTLY_ONCE, 1_000)),
    SEMEL_ALLOCATION_IDEMPOTENT(SEMEL, records(0.5), "Semel, idempotent append", () -> new SemanticsAllocation(
            AllocationRoute.APPEND_IDEMPOTENT)),
    SEMEL_ALLOCATION_TRANSACTIONAL(SEMEL, records(0.5), "Semel, append, 1,000 a transaction",
            () -> new SemanticsAllocation(AllocationRoute.APPEND_TRANSACTIONAL)),
    SEMEL_ALLOCATION_COMMITTED(SEMEL, records(0.5), "Semel, committed read", () -> new SemanticsAllocation(
            AllocationRoute.READ_COMMITTED)),
    SEMEL_ALLOCATION_TRANSACTION(SEMEL, records(0.02), "Semel, tiny transaction", () -> new SemanticsAllocation(
            AllocationRoute.TRANSACTION)),
    SEMEL_ALLOCATION_PRODUCER(SEMEL, records(0.1), "Semel, Kafka's Producer", () -> new SemanticsAllocation(
            AllocationRoute.PRODUCER)),
    SEMEL_ALLOCATION_CONSUMER(SEMEL, records(0.1), "Semel, Kafka's Consumer", () -> new SemanticsAllocation(
            AllocationRoute.CONSUMER)),
    SEMEL_ALLOCATION_PRODUCER_TRANSACTION(SEMEL, records(0.002), "Semel, Kafka's Producer, tiny transaction",
            () -> new SemanticsAllocation(AllocationRoute.PRODUCER_TRANSACTION)),
    SEMEL_PRICE_AT_MOST_ONCE(SEMEL, records(0.1), "at most once, Kafka's interfaces", () -> new PriceOfSemantics(
            CopyWay.AT_MOST_ONCE)),
    SEMEL_PRICE_AT_LEAST_ONCE(SEMEL, records(0.1), "at least once, Kafka's interfaces", () -> new PriceOfSemantics(
            CopyWay.AT_LEAST_ONCE)),
    SEMEL_PRICE_EXACTLY_ONCE(SEMEL, records(0.1), "exactly once, Kafka's interfaces", () -> new PriceOfSemantics(
            CopyWay.EXACTLY_ONCE)),
    SEMEL_PRICE_SHORT(SEMEL, records(0.1), "exactly once, Reader and TransactionalAppender",
            () -> new PriceOfSemantics(CopyWay.EXACTLY_ONCE_SHORT)),
    SEMEL_STAGES(SEMEL, records(0.03), "Semel, a tiny transaction in stages", TransactionStages::new),

    CHRONICLE_DOCUMENT(CHRONICLE, records(1), "Chronicle Queue, writingDocument", () -> new ChronicleAppend(SMALL,
            Way.WRITING_DOCUMENT)),
    CHRONICLE_BYTES(CHRONICLE, records(1), "Chronicle Queue, writeBytes", () -> new ChronicleAppend(SMALL,
            Way.WRITE_BYTES)),
    CHRONICLE_DOCUMENT_LARGE(CHRONICLE, records(0.1), "Chronicle Queue, 1 KB, writingDocument",
            () -> new ChronicleAppend(LARGE, Way.WRITING_DOCUMENT)),
    CHRONICLE_BYTES_LARGE(CHRONICLE, records(0.1), "Chronicle Queue, 1 KB, writeBytes", () -> new ChronicleAppend(LARGE,
            Way.WRITE_BYTES)),
    CHRONICLE_READ(CHRONICLE, records(SemelRead.PASSES), "Chronicle Queue, tailer (checks nothing)",
            () -> new ChronicleRead(SMALL, SemelRead.PASSES)),
    CHRONICLE_READ_LARGE(CHRONICLE, records(0.1 * SemelRead.PASSES), "Chronicle Queue, 1 KB, tailer (checks nothing)",
            () -> new ChronicleRead(LARGE, SemelRead.PASSES)),
    CHRONICLE_BOTH_DOCUMENT(CHRONICLE, records(0.5), "Chronicle Queue, writingDocument", () -> new WriteAndRead(SMALL,
            directory -> ChronicleLane.open(directory, Way.WRITING_DOCUMENT, Touching.NONE))),
    CHRONICLE_BOTH_BYTES(CHRONICLE, records(0.5), "Chronicle Queue, writeBytes", () -> new WriteAndRead(SMALL,
            directory -> ChronicleLane.open(directory, Way.WRITE_BYTES, Touching.NONE))),
    CHRONICLE_LATENCY_100K(CHRONICLE, records(Rates.RECORDS_100K), "Chronicle Queue, 100k/s", () -> new PacedLatency(
            Rates.SLOW, directory -> ChronicleLane.open(directory, Way.WRITING_DOCUMENT, Touching.NONE))),
    CHRONICLE_LATENCY_500K(CHRONICLE, records(Rates.RECORDS_500K), "Chronicle Queue, 500k/s", () -> new PacedLatency(
            Rates.FAST, directory -> ChronicleLane.open(directory, Way.WRITING_DOCUMENT, Touching.NONE))),
    CHRONICLE_TOUCHED_100K(CHRONICLE, records(Rates.RECORDS_100K), "Chronicle Queue, 100k/s, microTouch",
            () -> new PacedLatency(Rates.SLOW, directory -> ChronicleLane.open(directory, Way.WRITING_DOCUMENT,
                    Touching.MICRO))),
    CHRONICLE_TOUCHED_500K(CHRONICLE, records(Rates.RECORDS_500K), "Chronicle Queue, 500k/s, microTouch",
            () -> new PacedLatency(Rates.FAST, directory -> ChronicleLane.open(directory, Way.WRITING_DOCUMENT,
                    Touching.MICRO))),
    CHRONICLE_SUSTAINED_DOCUMENT(CHRONICLE, sustained(SMALL), "Chronicle Queue, writingDocument",
            () -> new ChronicleAppend(SMALL, Way.WRITING_DOCUMENT)),
    CHRONICLE_SUSTAINED_BYTES(CHRONICLE, sustained(SMALL), "Chronicle Queue, writeBytes", () -> new ChronicleAppend(
            SMALL, Way.WRITE_BYTES)),
    CHRONICLE_SUSTAINED_LARGE(CHRONICLE, sustained(LARGE), "Chronicle Queue, 1 KB, writeBytes",
            () -> new ChronicleAppend(LARGE, Way.WRITE_BYTES)),

    AERON_ARCHIVE(AERON, records(0.5), "Aeron Archive, recorded", () -> new ArchiveAppend(SMALL)),
    AERON_ARCHIVE_LARGE(AERON, records(0.1), "Aeron Archive, 1 KB, recorded", () -> new ArchiveAppend(LARGE)),
    AERON_REPLAY(AERON, records(0.5), "Aeron Archive, replay", () -> new ArchiveReplay(SMALL)),
    AERON_REPLAY_LARGE(AERON, records(0.1), "Aeron Archive, 1 KB, replay", () -> new ArchiveReplay(LARGE)),
    AERON_BOTH_ARCHIVE(AERON, records(0.5), "Aeron Archive, recorded and read live", () -> new WriteAndRead(SMALL,
            ArchiveLane::open)),
    AERON_BOTH_IPC(AERON, records(1), "Aeron IPC (stores nothing)", () -> new WriteAndRead(SMALL,
            directory -> IpcLane.open())),
    AERON_LATENCY_100K(AERON, records(Rates.RECORDS_100K), "Aeron IPC (stores nothing), 100k/s",
            () -> new PacedLatency(Rates.SLOW, directory -> IpcLane.open())),
    AERON_LATENCY_500K(AERON, records(Rates.RECORDS_500K), "Aeron IPC (stores nothing), 500k/s",
            () -> new PacedLatency(Rates.FAST, directory -> IpcLane.open())),

    ARTEMIS_TRANSACTION(ARTEMIS, records(0.003), "Artemis, mapped journal, no sync", () -> new TransactionRun(1,
            Openers.ARTEMIS_MAPPED)),
    ARTEMIS_TRANSACTION_16(ARTEMIS, records(0.006), "Artemis, mapped journal, no sync, 16 producers",
            () -> new TransactionRun(16, Openers.ARTEMIS_MAPPED)),
    ARTEMIS_TRANSACTION_PACED(ARTEMIS, records(0.0005), "Artemis, mapped journal, no sync, 2k/s",
            () -> new PacedTransactions(Rates.TRANSACTIONS, Openers.ARTEMIS_MAPPED)),
    ARTEMIS_TRANSACTION_SYNCED(ARTEMIS, records(0.0005), "Artemis, NIO with data sync", () -> new TransactionRun(1,
            Openers.ARTEMIS_SYNCED)),
    ARTEMIS_TRANSACTION_SYNCED_16(ARTEMIS, records(0.004), "Artemis, NIO with data sync, 16 producers",
            () -> new TransactionRun(16, Openers.ARTEMIS_SYNCED)),

    COPY_LIMIT(LIMIT, records(1), "copy into pages, blocks ready", () -> new CopyLimit(SMALL, Blocks.READY)),
    COPY_LIMIT_SUSTAINED(LIMIT, records(1), "copy into pages, writing the blocks", () -> new CopyLimit(SMALL,
            Blocks.WRITTEN_ON_THE_WAY)),
    COPY_LIMIT_LARGE(LIMIT, records(0.1), "copy of 1 KB into pages, blocks ready", () -> new CopyLimit(LARGE,
            Blocks.READY)),
    FORMAT_FLOOR_BATCHED(LIMIT, records(1), "encode, CRC, copy: batches of 16 KiB", () -> new FormatFloor(SMALL,
            Batching.BY_SIZE)),
    FORMAT_FLOOR_SINGLE(LIMIT, records(1), "encode, CRC, copy: one by one", () -> new FormatFloor(SMALL,
            Batching.NONE)),
    FORMAT_FLOOR_LARGE(LIMIT, records(0.1), "encode, CRC, copy: 1 KB, batches of 16 KiB", () -> new FormatFloor(LARGE,
            Batching.BY_SIZE)),

    RAW_FORCE(LIMIT, records(0.001), "write and force 4 KiB, file preallocated", RawForce::new),

    CLAIM_COMPARE_AND_SET(VARIANT, records(1), "claim by compare-and-set, 1 thread", () -> new ClaimVariant(
            ClaimVariant.Way.COMPARE_AND_SET, 1)),
    CLAIM_ADD(VARIANT, records(1), "claim by get-and-add, 1 thread", () -> new ClaimVariant(ClaimVariant.Way.ADD, 1)),
    CLAIM_COMPARE_AND_SET_4(VARIANT, records(1), "claim by compare-and-set, 4 threads", () -> new ClaimVariant(
            ClaimVariant.Way.COMPARE_AND_SET, 4)),
    CLAIM_ADD_4(VARIANT, records(1), "claim by get-and-add, 4 threads", () -> new ClaimVariant(ClaimVariant.Way.ADD,
            4)),
    MARKS_DENSE(VARIANT, records(1), "marks side by side", () -> new WriteAndRead(SMALL,
            directory -> new MarkRingLane(Layout.DENSE))),
    MARKS_PADDED(VARIANT, records(1), "marks in a cache line each", () -> new WriteAndRead(SMALL,
            directory -> new MarkRingLane(Layout.PADDED))),
    BLOCKS_FALLOCATED(VARIANT, records(1), "copy into pages, blocks by fallocate", () -> new CopyLimit(SMALL,
            Blocks.FALLOCATED)),
    BLOCKS_SPARSE(VARIANT, records(1), "copy into pages, sparse file", () -> new CopyLimit(SMALL, Blocks.SPARSE)),
    MEMORY_SEGMENT(VARIANT, records(1), "copy through a MemorySegment, blocks ready", SegmentCopy::new);

    private final Side side;
    private final Volume volume;
    private final String title;
    private final Supplier<Workload> workload;

    /** Seconds of a schedule for each record of a run come to the same with both rates: 3 s of a full run. */
    private static final class Rates {
        static final int SLOW = 100_000;
        static final int FAST = 500_000;
        /** Below what the slowest of those can do whose transactions wait for other threads. */
        static final int TRANSACTIONS = 2_000;
        static final double RECORDS_100K = 0.03;
        static final double RECORDS_500K = 0.15;
    }

    private static final class Openers {
        static final Transactions.Opener TINY = (directory, producers) -> SemelTransactions.open(directory, producers,
                Durability.PROCESS, Content.RECORD_AND_OFFSET);
        static final Transactions.Opener POWER = (directory, producers) -> SemelTransactions.open(directory, producers,
                Durability.POWER, Content.RECORD);
        static final Transactions.Opener ARTEMIS_MAPPED = (directory, producers) -> ArtemisTransactions.open(directory,
                Journal.MAPPED_NOT_SYNCED);
        static final Transactions.Opener ARTEMIS_SYNCED = (directory, producers) -> ArtemisTransactions.open(directory,
                Journal.NIO_SYNCED);
    }

    Contender(Side side, Volume volume, String title, Supplier<Workload> workload) {
        this.side = side;
        this.volume = volume;
        this.title = title;
        this.workload = workload;
    }

    public Side side() {
        return side;
    }

    Volume volume() {
        return volume;
    }

    public String title() {
        return title;
    }

    Workload workload() {
        return workload.get();
    }

    /** What it may take of the disk under {@code amounts}. */
    public long diskBytes(Amounts amounts) {
        return volume.diskBytes(amounts);
    }

    /** Why it can't run on this machine, if it can't. */
    Optional<String> obstacle() {
        return switch (this) {
            case MEMORY_SEGMENT -> SegmentCopy.obstacle();
            case BLOCKS_FALLOCATED -> Environment.hasCommand("fallocate") ? Optional.empty()
                    : Optional.of("there is no command fallocate here");
            default -> side.obstacle();
        };
    }

    /** What its own documentation asks for. Semel asks for nothing. */
    List<String> jvmFlags() {
        return side.jvmFlags();
    }

    /** As in results and on the command line of its JVM. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Contender ofId(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
