package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

import org.agrona.concurrent.SystemEpochClock;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.KafkaErrors;
import io.semel.client.runtime.Waiting;
import io.semel.idempotence.ProducerIds;
import io.semel.log.memory.FileDisk;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.broker.RecoveryReport;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.records.TransactionHome;

/**
 * An open directory of topics: where everything begins.
 *
 * <p>One process owns a directory at a time. Opening it recovers every partition, finishes the transactions that were decided
 * and aborts those that were not. Acknowledged records survive {@code kill -9} of the process.
 *
 * <p>Thread rule: any thread.
 */
public final class Semel implements AutoCloseable {
    /** Kafka's default {@code transaction.timeout.ms}. */
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;

    /** Kafka's default {@code max.block.ms}. */
    private static final Duration MAX_BLOCK = Duration.ofSeconds(60);

    private final ClientRuntime runtime;
    private final SemelAdmin admin;

    private Semel(ClientRuntime runtime) {
        this.runtime = runtime;
        this.admin = new EmbeddedAdmin(runtime);
    }

    /**
     * Opens a directory, creating it when it is missing.
     *
     * @throws io.semel.log.memory.DirectoryInUseException when another process, or another part of this one, has it open
     * @throws io.semel.log.IncompatibleDirectoryException when it holds something else, or another format
     * @throws io.semel.log.CorruptLogException            when a part of a log that was complete is damaged
     * @throws IOException                                 when it can't be created, read or written
     */
    public static Semel open(Path directory) throws IOException {
        BrokerContext context = new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE, UUID::randomUUID);
        return new Semel(ClientRuntime.start(Broker.open(directory, context), context.clock()));
    }

    /** Topics, groups and offsets. */
    public SemelAdmin admin() {
        return admin;
    }

    /** What opening the directory had to mend. */
    public RecoveryReport recovery() {
        return runtime.broker().recovery();
    }

    public Path directory() {
        return runtime.broker().path();
    }

    /**
     * The short way into one partition.
     *
     * @param semantics {@code AT_MOST_ONCE} writes batches without sequences, {@code AT_LEAST_ONCE} idempotent ones; for
     *                  {@code EXACTLY_ONCE} see {@link #openTransactionalAppender}
     * @throws io.semel.transactions.broker.UnknownTopicException      when there is no such partition
     * @throws org.apache.kafka.common.errors.InvalidTopicException when the topic is one of Semel's own
     */
    public Appender openAppender(DeliverySemantics semantics, String topic, int partition) {
        Partition target = runtime.writablePartition(topic, partition);
        return new Appender(runtime, switch (semantics) {
            case AT_MOST_ONCE -> new AppendLane(target.openWriter(), runtime.clock(), AppendLane.Numbering.NONE, -1,
                    (short) -1);
            case AT_LEAST_ONCE -> idempotentLane(target);
            case EXACTLY_ONCE -> throw new IllegalArgumentException(
                    "exactly once needs transactions: use openTransactionalAppender(transactionalId)");
        });
    }

    private AppendLane idempotentLane(Partition target) {
        ProducerIds ids = runtime.broker().producerIds();
        Waiting waiting = Waiting.upTo(MAX_BLOCK, "a producer id");
        long producerId = ids.tryIssue();
        while (producerId == ProducerIds.NOT_YET) {
            waiting.pause();
            producerId = ids.tryIssue();
        }
        PartitionWriter writer = target.openWriter(producerId);
        return new AppendLane(writer, runtime.clock(), AppendLane.Numbering.SEQUENCES, producerId, (short) 0);
    }

    /**
     * Transactions by the short way. Aborts what an older instance of the same id left open, and fences that instance.
     *
     * @param transactionalId names this writer across restarts; one instance of a name is alive at a time
     */
    public TransactionalAppender openTransactionalAppender(String transactionalId) {
        runtime.requireOpen();
        Initialization initialization = runtime.broker().transactions().initialize(transactionalId,
                TRANSACTION_TIMEOUT_MS, TransactionHome.EMBEDDED);
        Progress progress = Waiting.upTo(MAX_BLOCK, "the transaction coordinator")
                .stepUntilSettled(initialization::step);
        if (progress != Progress.DONE) {
            throw KafkaErrors.notDone(progress, initialization.session(), "initialize");
        }
        return new TransactionalAppender(runtime, initialization.session(), new OffsetCommitter(runtime));
    }

    /**
     * The short way out of one partition, from {@code offset} on.
     *
     * @param semantics {@code EXACTLY_ONCE} is shown committed records only, the others all
     * @throws io.semel.transactions.broker.UnknownTopicException when there is no such partition
     */
    public Reader openReader(DeliverySemantics semantics, String topic, int partition, long offset) {
        runtime.requireOpen();
        Partition source = runtime.broker().partition(topic, partition);
        Isolation isolation = semantics == DeliverySemantics.EXACTLY_ONCE
                ? Isolation.READ_COMMITTED
                : Isolation.READ_UNCOMMITTED;
        return new Reader(runtime, source, isolation, offset);
    }

    /** Closes every client that is still open, then the directory: nothing is lost, open transactions are aborted. */
    @Override
    public void close() throws IOException {
        runtime.close();
    }
}
