package io.semel.benchmarks.paired;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static io.semel.benchmarks.paired.Contender.*;
import static io.semel.benchmarks.paired.Suite.ENGINE;
import static io.semel.benchmarks.paired.Suite.SEMANTICS;
import static io.semel.benchmarks.paired.Suite.SUSTAINED;
import static io.semel.benchmarks.paired.Suite.VARIANTS;
import static io.semel.benchmarks.paired.Target.atMost;
import static io.semel.benchmarks.paired.Target.figureRatio;
import static io.semel.benchmarks.paired.Target.perSecond;
import static io.semel.benchmarks.paired.Target.ratio;

/** What is said of Semel's speed, who is asked, and what must come out. The names are those of the project's goals. */
public enum Claim {
    S1(ENGINE, "append 100 B, batched by the producer, one thread, acknowledged by PROCESS",
            List.of(SEMEL_APPEND_BATCHED, CHRONICLE_DOCUMENT, CHRONICLE_BYTES, AERON_ARCHIVE, COPY_LIMIT,
                    COPY_LIMIT_SUSTAINED, FORMAT_FLOOR_BATCHED),
            List.of(ratio(SEMEL_APPEND_BATCHED, "Chronicle's best append", 4.0, CHRONICLE_DOCUMENT, CHRONICLE_BYTES),
                    ratio(SEMEL_APPEND_BATCHED, "the copy into ready blocks", 0.6, COPY_LIMIT))),
    S2(ENGINE, "append 100 B, every record its own batch, readable at once",
            List.of(SEMEL_APPEND_SINGLE, CHRONICLE_DOCUMENT, CHRONICLE_BYTES, FORMAT_FLOOR_SINGLE),
            List.of(ratio(SEMEL_APPEND_SINGLE, "Chronicle's best append", 1.3, CHRONICLE_DOCUMENT, CHRONICLE_BYTES))),
    S3(ENGINE, "append 1 KB, batched by the producer, one thread, acknowledged by PROCESS",
            List.of(SEMEL_APPEND_LARGE, CHRONICLE_DOCUMENT_LARGE, CHRONICLE_BYTES_LARGE, AERON_ARCHIVE_LARGE,
                    COPY_LIMIT_LARGE, FORMAT_FLOOR_LARGE),
            List.of(ratio(SEMEL_APPEND_LARGE, "Chronicle's best append", 2.0, CHRONICLE_DOCUMENT_LARGE,
                    CHRONICLE_BYTES_LARGE),
                    ratio(SEMEL_APPEND_LARGE, "the copy into ready blocks", 0.7, COPY_LIMIT_LARGE))),
    S4(ENGINE, "read back 100 B and 1 KB, zero copy, after a close and an open",
            List.of(SEMEL_READ_RECORDS, SEMEL_READ_BATCHES, CHRONICLE_READ, AERON_REPLAY, SEMEL_READ_RECORDS_LARGE,
                    SEMEL_READ_BATCHES_LARGE, CHRONICLE_READ_LARGE, AERON_REPLAY_LARGE),
            List.of(ratio(SEMEL_READ_RECORDS, "Chronicle's tailer", 1.6, CHRONICLE_READ),
                    ratio(SEMEL_READ_BATCHES, "Chronicle's tailer", 1.6, CHRONICLE_READ),
                    ratio(SEMEL_READ_RECORDS_LARGE, "Chronicle's tailer", 1.0, CHRONICLE_READ_LARGE),
                    ratio(SEMEL_READ_BATCHES_LARGE, "Chronicle's tailer", 1.0, CHRONICLE_READ_LARGE))),
    S5(ENGINE, "write and read at once, 100 B, two threads pinned to different cores",
            List.of(SEMEL_BOTH_BATCHED, SEMEL_BOTH_SINGLE, CHRONICLE_BOTH_DOCUMENT, CHRONICLE_BOTH_BYTES,
                    AERON_BOTH_ARCHIVE, AERON_BOTH_IPC),
            List.of(ratio(SEMEL_BOTH_BATCHED, "Chronicle's best", 6.0, CHRONICLE_BOTH_DOCUMENT, CHRONICLE_BOTH_BYTES),
                    ratio(SEMEL_BOTH_BATCHED, "Aeron Archive", 2.0, AERON_BOTH_ARCHIVE),
                    ratio(SEMEL_BOTH_SINGLE, "Chronicle's best", 1.2, CHRONICLE_BOTH_DOCUMENT, CHRONICLE_BOTH_BYTES))),
    S6(ENGINE, "latency from the intended time to the reader, 100 B, one record per batch, 100k/s and 500k/s",
            List.of(SEMEL_LATENCY_100K, CHRONICLE_LATENCY_100K, CHRONICLE_TOUCHED_100K, AERON_LATENCY_100K,
                    SEMEL_LATENCY_500K, CHRONICLE_LATENCY_500K, CHRONICLE_TOUCHED_500K, AERON_LATENCY_500K),
            List.of(figureRatio(SEMEL_LATENCY_100K, "p50Ns", "Chronicle's best", 1.5, CHRONICLE_LATENCY_100K,
                    CHRONICLE_TOUCHED_100K),
                    figureRatio(SEMEL_LATENCY_100K, "p99Ns", "Chronicle's with microTouch", 1.0,
                            CHRONICLE_TOUCHED_100K),
                    figureRatio(SEMEL_LATENCY_100K, "p99Ns", "Chronicle's without", 0.05, CHRONICLE_LATENCY_100K),
                    figureRatio(SEMEL_LATENCY_500K, "p50Ns", "Chronicle's best", 1.5, CHRONICLE_LATENCY_500K,
                            CHRONICLE_TOUCHED_500K),
                    figureRatio(SEMEL_LATENCY_500K, "p99Ns", "Chronicle's with microTouch", 1.0,
                            CHRONICLE_TOUCHED_500K),
                    figureRatio(SEMEL_LATENCY_500K, "p99Ns", "Chronicle's without", 0.05, CHRONICLE_LATENCY_500K))),
    S7(ENGINE, "append 100 B, 4 producers on one partition beside one",
            List.of(SEMEL_APPEND_SHARED, SEMEL_APPEND_BATCHED, SEMEL_APPEND_SHARED_SINGLE, SEMEL_APPEND_SINGLE),
            List.of(ratio(SEMEL_APPEND_SHARED, "one producer", 0.9, SEMEL_APPEND_BATCHED),
                    ratio(SEMEL_APPEND_SHARED_SINGLE, "one producer", 0.9, SEMEL_APPEND_SINGLE))),
    S8(SEMANTICS, "append 100 B, batched by the producer: plain, idempotent, transactional",
            List.of(SEMEL_APPEND_BATCHED, SEMEL_APPEND_IDEMPOTENT, SEMEL_APPEND_TRANSACTIONAL, SEMEL_PRODUCER_PLAIN,
                    SEMEL_PRODUCER_IDEMPOTENT, SEMEL_PRODUCER_TRANSACTIONAL),
            List.of(ratio(SEMEL_APPEND_IDEMPOTENT, "plain", 0.97, SEMEL_APPEND_BATCHED),
                    ratio(SEMEL_APPEND_TRANSACTIONAL, "plain", 0.95, SEMEL_APPEND_BATCHED),
                    ratio(SEMEL_PRODUCER_IDEMPOTENT, "plain", 0.97, SEMEL_PRODUCER_PLAIN),
                    ratio(SEMEL_PRODUCER_TRANSACTIONAL, "plain", 0.95, SEMEL_PRODUCER_PLAIN))),
    S9(SEMANTICS, "tiny transaction: begin, 1 record, commit of an offset, commit; Artemis's has no offset",
            List.of(SEMEL_TRANSACTION, SEMEL_TRANSACTION_PACED, SEMEL_PRODUCER_TRANSACTION,
                    SEMEL_PRODUCER_TRANSACTION_PACED, ARTEMIS_TRANSACTION, ARTEMIS_TRANSACTION_PACED,
                    ARTEMIS_TRANSACTION_16),
            List.of(perSecond(SEMEL_TRANSACTION, 500_000), atMost(SEMEL_TRANSACTION, "p50Ns", 2_000),
                    atMost(SEMEL_TRANSACTION_PACED, "p50Ns", 2_000),
                    ratio(SEMEL_TRANSACTION, "Artemis without sync", 25, ARTEMIS_TRANSACTION))),
    S10(ENGINE, "append 100 B by POWER, every record forced before it is acknowledged; waiting producers share a force",
            List.of(SEMEL_POWER, SEMEL_POWER_4, SEMEL_POWER_16, RAW_FORCE),
            List.of(figureRatio(SEMEL_POWER, "p50Ns", "a raw force", 1.3, RAW_FORCE),
                    ratio(SEMEL_POWER_4, "one producer", 0.9 * 4, SEMEL_POWER),
                    ratio(SEMEL_POWER_16, "one producer", 0.9 * 16, SEMEL_POWER))),
    S10_COMMITS(SEMANTICS, "tiny transaction by POWER: begin, 1 record, commit; two dependent forces",
            List.of(SEMEL_TRANSACTION_POWER, SEMEL_TRANSACTION_POWER_16, ARTEMIS_TRANSACTION_SYNCED,
                    ARTEMIS_TRANSACTION_SYNCED_16, RAW_FORCE),
            List.of(ratio(SEMEL_TRANSACTION_POWER, "Artemis with data sync", 1.1, ARTEMIS_TRANSACTION_SYNCED),
                    ratio(SEMEL_TRANSACTION_POWER_16, "Artemis's 16 producers", 1.5, ARTEMIS_TRANSACTION_SYNCED_16))),
    S11(SEMANTICS, "consume, transform, produce, 1,000 records a commit",
            List.of(SEMEL_COPY_AT_LEAST_ONCE, SEMEL_COPY_EXACTLY_ONCE, SEMEL_PIPELINE_AT_LEAST_ONCE,
                    SEMEL_PIPELINE_EXACTLY_ONCE, SEMEL_COPY_SHORT),
            List.of(ratio(SEMEL_COPY_EXACTLY_ONCE, "at least once", 0.95, SEMEL_COPY_AT_LEAST_ONCE),
                    ratio(SEMEL_PIPELINE_EXACTLY_ONCE, "at least once", 0.95, SEMEL_PIPELINE_AT_LEAST_ONCE),
                    perSecond(SEMEL_COPY_EXACTLY_ONCE, 20 * KafkaFigures.EXACTLY_ONCE_PER_SECOND))),
    S14(ENGINE, "open after kill -9, 100 partitions; once and with twice the data",
            List.of(SEMEL_OPEN, SEMEL_OPEN_TWICE),
            List.of(atMost(SEMEL_OPEN, "openMs", 1_000),
                    figureRatio(SEMEL_OPEN_TWICE, "openMs", "half the data", 1.2, SEMEL_OPEN))),
    S15(ENGINE, "bytes allocated by the calling thread, in the round with the fewest",
            List.of(SEMEL_ALLOCATION_BATCHED, SEMEL_ALLOCATION_SINGLE, SEMEL_ALLOCATION_READ),
            List.of(atMost(SEMEL_ALLOCATION_BATCHED, "allocatedBytes", 0),
                    atMost(SEMEL_ALLOCATION_SINGLE, "allocatedBytes", 0),
                    atMost(SEMEL_ALLOCATION_READ, "allocatedBytes", 0))),
    S15_CLIENTS(SEMANTICS, "bytes allocated: short ways, by the calling thread; Kafka's interfaces, by all threads",
            List.of(SEMEL_ALLOCATION_IDEMPOTENT, SEMEL_ALLOCATION_TRANSACTIONAL, SEMEL_ALLOCATION_COMMITTED,
                    SEMEL_ALLOCATION_TRANSACTION, SEMEL_ALLOCATION_PRODUCER, SEMEL_ALLOCATION_CONSUMER,
                    SEMEL_ALLOCATION_PRODUCER_TRANSACTION),
            List.of(atMost(SEMEL_ALLOCATION_IDEMPOTENT, "allocatedBytes", 0),
                    atMost(SEMEL_ALLOCATION_COMMITTED, "allocatedBytes", 0))),
    PRICE(SEMANTICS, "what each of the semantics costs, by records a commit; latencies at half of the throughput",
            List.of(SEMEL_PRICE_AT_MOST_ONCE, SEMEL_PRICE_AT_LEAST_ONCE, SEMEL_PRICE_EXACTLY_ONCE, SEMEL_PRICE_SHORT),
            List.of(figureRatio(SEMEL_PRICE_EXACTLY_ONCE, "p99NsAt1000", "at least once", 1.5,
                    SEMEL_PRICE_AT_LEAST_ONCE))),
    STAGES(Suite.STAGES, "where the time of a tiny transaction goes", List.of(SEMEL_STAGES),
            List.of(atMost(SEMEL_STAGES, "recordAndOffsetNs", 2_000))),
    S1_SUSTAINED(SUSTAINED, "append 100 B for longer than blocks can be ready, writing them inside of the clock",
            List.of(SEMEL_SUSTAINED, CHRONICLE_SUSTAINED_DOCUMENT, CHRONICLE_SUSTAINED_BYTES),
            List.of(ratio(SEMEL_SUSTAINED, "Chronicle's best append", 4.0, CHRONICLE_SUSTAINED_DOCUMENT,
                    CHRONICLE_SUSTAINED_BYTES))),
    S3_SUSTAINED(SUSTAINED, "append 1 KB for longer than blocks can be ready, writing them inside of the clock",
            List.of(SEMEL_SUSTAINED_LARGE, CHRONICLE_SUSTAINED_LARGE),
            List.of(ratio(SEMEL_SUSTAINED_LARGE, "Chronicle's append", 2.0, CHRONICLE_SUSTAINED_LARGE))),
    CLAIMING(VARIANTS, "how a claim is made: by compare-and-set, or by an addition that may overshoot",
            List.of(CLAIM_COMPARE_AND_SET, CLAIM_ADD, CLAIM_COMPARE_AND_SET_4, CLAIM_ADD_4),
            List.of(ratio(CLAIM_COMPARE_AND_SET, "what lost", 1.0, CLAIM_ADD),
                    ratio(CLAIM_COMPARE_AND_SET_4, "what lost", 1.0, CLAIM_ADD_4))),
    MARKS(VARIANTS, "where publication marks lie: side by side, or in a cache line each",
            List.of(MARKS_DENSE, MARKS_PADDED),
            List.of(ratio(MARKS_DENSE, "what lost", 1.0, MARKS_PADDED))),
    BLOCKS(VARIANTS, "how blocks come under the pages: written, reserved by fallocate, or when a page is touched",
            List.of(COPY_LIMIT, COPY_LIMIT_SUSTAINED, BLOCKS_FALLOCATED, BLOCKS_SPARSE),
            List.of(ratio(COPY_LIMIT, "what lost", 1.0, BLOCKS_FALLOCATED, BLOCKS_SPARSE))),
    MEMORY(VARIANTS, "how mapped bytes are reached: by a buffer, or by the foreign-memory API",
            List.of(COPY_LIMIT, MEMORY_SEGMENT),
            List.of(ratio(COPY_LIMIT, "what lost", 1.0, MEMORY_SEGMENT)));

    private static final class KafkaFigures {
        /** Apache Kafka 4.4 on loopback of such a machine, as the project's goals have it; nobody measures it here. */
        static final double EXACTLY_ONCE_PER_SECOND = 89_000;
    }

    private final Suite suite;
    private final String title;
    private final List<Contender> contenders;
    private final List<Target> targets;

    Claim(Suite suite, String title, List<Contender> contenders, List<Target> targets) {
        this.suite = suite;
        this.title = title;
        this.contenders = contenders;
        this.targets = targets;
    }

    public String title() {
        return title;
    }

    public List<Contender> contenders() {
        return contenders;
    }

    public List<Target> targets() {
        return targets;
    }

    public static Set<Claim> of(Suite suite) {
        Set<Claim> all = EnumSet.noneOf(Claim.class);
        for (Claim claim : values()) {
            if (claim.suite == suite) {
                all.add(claim);
            }
        }
        return all;
    }

    /** Everybody whom one of the claims asks, each once. */
    public static Set<Contender> contendersOf(Set<Claim> claims) {
        Set<Contender> all = EnumSet.noneOf(Contender.class);
        claims.forEach(claim -> all.addAll(claim.contenders));
        return all;
    }
}
