package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.consumer.EmbeddedConsumer;
import io.semel.client.producer.EmbeddedProducer;
import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.KafkaErrors;
import io.semel.client.runtime.Waiting;
import io.semel.idempotence.ProducerIds;
import io.semel.log.Durability;
import io.semel.log.memory.Budget;
import io.semel.log.memory.FileDisk;
import io.semel.log.memory.Limits;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.BrokerContext;
import io.semel.transactions.broker.Expirations;
import io.semel.transactions.broker.RecoveryReport;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.InstanceRequest;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.ReaderLimitException;

/**
 * An open directory of topics: where everything begins.
 *
 * <p>One process owns a directory at a time. Opening it recovers every partition, finishes the transactions that were
 * decided and aborts those that were not. Acknowledged records survive {@code kill -9} of the process.
 *
 * <p>Thread rule: any thread.
 */
public final class Semel implements AutoCloseable {
    /**
     * Threads that open partitions. After a crash each waits for the medium several times, and a file system makes many
     * waits one: more of them than processors.
     */
    private static final int OPENERS = 16;

    /** Kafka's default {@code transaction.timeout.ms}. */
    static final int TRANSACTION_TIMEOUT_MS = 60_000;

    /** Kafka's default {@code max.block.ms}. */
    private static final Duration MAX_BLOCK = Duration.ofSeconds(60);

    private static final Logger LOGGER = LoggerFactory.getLogger(Semel.class);

    private final ClientRuntime runtime;
    private final SemelAdmin admin;
    private final Map<String, Pipeline> pipelines = new HashMap<>();

    private Semel(ClientRuntime runtime) {
        this.runtime = runtime;
        this.admin = new EmbeddedAdmin(runtime);
    }

    /**
     * Opens a directory, creating it when it is missing.
     *
     * @throws io.semel.log.memory.DirectoryInUseException when another process, or another part of this one, has it
     *                                                     open
     * @throws io.semel.log.IncompatibleDirectoryException when it holds something else, or another format
     * @throws io.semel.log.CorruptLogException            when a complete part of one of Semel's own logs is damaged;
     *                                                     damage in another takes that partition out of service, see
     *                                                     {@link #recovery()}
     * @throws IOException                                 when it can't be created, read or written
     */
    public static Semel open(Path directory) throws IOException {
        return open(directory, Durability.PROCESS);
    }

    /**
     * As {@link #open(Path)}.
     *
     * @param durability what acknowledged records survive, where a topic does not say otherwise by
     *                   {@code semel.durability}; the same for transactions and group offsets
     */
    public static Semel open(Path directory, Durability durability) throws IOException {
        return open(directory, durability, Limits.ofThisProcess());
    }

    /**
     * As {@link #open(Path)}.
     *
     * @param limits how many files, mappings and readers the directory may have open, see {@link #budget()}. What would
     *               need more is refused as by a full disk: nothing is lost, and it goes on once something is closed or
     *               deleted
     */
    public static Semel open(Path directory, Durability durability, Limits limits) throws IOException {
        return open(directory, durability, limits, Map.of());
    }

    /**
     * As {@link #open(Path)}.
     *
     * @param configs of the directory, by Kafka's names: {@code producer.id.expiration.ms},
     *                {@code transactional.id.expiration.ms}, {@code offsets.retention.minutes},
     *                {@code offsets.retention.check.interval.ms}
     * @throws IllegalArgumentException when a name or a value of {@code configs} is not known
     */
    public static Semel open(Path directory, Durability durability, Limits limits, Map<String, String> configs)
            throws IOException {
        Expirations expirations = Expirations.of(configs);
        ExecutorService openers = Executors.newFixedThreadPool(OPENERS, task -> {
            Thread thread = new Thread(task, "semel-opener");
            thread.setDaemon(true);
            return thread;
        });
        try {
            BrokerContext context = new BrokerContext(FileDisk.instance(), SystemEpochClock.INSTANCE, UUID::randomUUID)
                    .withDurability(durability).withLimits(limits).withOpeners(openers)
                    .withExpirations(expirations).withSteadyClock(SystemNanoClock.INSTANCE);
            return new Semel(ClientRuntime.start(Broker.open(directory, context), context.clock()));
        } finally {
            openers.shutdown();
        }
    }

    /**
     * Over a directory that is open already, in a world of the caller's: for tests that give it another clock or
     * another disk. This closes it.
     */
    public static Semel over(ClientRuntime runtime) {
        return new Semel(runtime);
    }

    /** What stands behind this directory: for the server, which opens a port to it. Applications need it for nothing. */
    public ClientRuntime runtime() {
        return runtime;
    }

    /** Topics, groups and offsets. */
    public SemelAdmin admin() {
        return admin;
    }

    /** What opening the directory had to mend, and what it could not: the partitions that are offline. */
    public RecoveryReport recovery() {
        return runtime.broker().recovery();
    }

    /** How many files, mappings, mapped bytes and readers the directory holds now, each with its limit. */
    public Budget budget() {
        return runtime.broker().budget();
    }

    public Path directory() {
        return runtime.broker().path();
    }

    /**
     * Kafka's {@code Producer}, in process.
     *
     * @param semantics sets what it needs; a configuration that contradicts it is refused
     * @param configs   by Kafka's names; {@code EXACTLY_ONCE} needs {@code transactional.id}
     */
    public <K, V> Producer<K, V> producer(DeliverySemantics semantics, Map<String, Object> configs, Serializer<K> key,
            Serializer<V> value) {
        return EmbeddedProducer.open(runtime, SemanticsTable.producer(semantics, configs), key, value);
    }

    /**
     * Kafka's {@code Consumer}, in process; members of a group may live in different threads.
     *
     * @param semantics sets what it needs; a configuration that contradicts it is refused
     * @param configs   by Kafka's names; a subscription needs {@code group.id}
     */
    public <K, V> Consumer<K, V> consumer(DeliverySemantics semantics, Map<String, Object> configs, Deserializer<K> key,
            Deserializer<V> value) {
        return EmbeddedConsumer.open(runtime, SemanticsTable.consumer(semantics, configs),
                SemanticsTable.commitStyle(semantics, configs), key, value);
    }

    /**
     * Describes a pipeline, which {@code start()} then runs.
     *
     * @param name its consumer group and the beginning of its transactional ids: the same name goes on where it left
     *             off
     */
    public PipelineBuilder pipeline(String name) {
        runtime.requireOpen();
        return new PipelineBuilder(this, name);
    }

    /** @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is none */
    void requireTopic(String name) {
        runtime.topic(name);
    }

    /** Two pipelines of one name would fence each other without end. */
    synchronized Pipeline startPipeline(Pipeline.Definition<?, ?, ?, ?> definition) {
        runtime.requireOpen();
        Pipeline before = pipelines.get(definition.name());
        if (before != null && before.isRunning()) {
            throw new IllegalStateException("a pipeline of that name is running: " + definition.name()
                    + "; close it first, or give this one another name");
        }
        Pipeline pipeline = Pipeline.start(definition);
        pipelines.put(definition.name(), pipeline);
        return pipeline;
    }

    /** A successor of the same name stays where it is. */
    synchronized void pipelineEnded(String name, Pipeline pipeline) {
        pipelines.remove(name, pipeline);
    }

    private synchronized List<Pipeline> runningPipelines() {
        return List.copyOf(pipelines.values());
    }

    /**
     * The short way into one partition.
     *
     * @param semantics {@code AT_MOST_ONCE} writes batches without sequences, {@code AT_LEAST_ONCE} idempotent ones;
     *                  for {@code EXACTLY_ONCE} see {@link #openTransactionalAppender}
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is no such partition
     * @throws org.apache.kafka.common.errors.InvalidTopicException when the topic is one of Semel's own
     */
    public Appender openAppender(DeliverySemantics semantics, String topic, int partition) {
        Partition target = runtime.writablePartition(topic, partition);
        return new Appender(runtime, switch (semantics) {
            case AT_MOST_ONCE -> new AppendLane(target.openWriter(), runtime.coarseClock(), AppendLane.Numbering.NONE,
                    (short) -1, UnaryOperator.identity());
            case AT_LEAST_ONCE -> idempotentLane(target);
            case EXACTLY_ONCE -> throw new IllegalArgumentException(
                    "exactly once needs transactions: use openTransactionalAppender(transactionalId)");
        });
    }

    private AppendLane idempotentLane(Partition target) {
        return new AppendLane(idempotentWriter(target), runtime.coarseClock(), AppendLane.Numbering.SEQUENCES,
                (short) 0, expired -> idempotentWriter(target));
    }

    private PartitionWriter idempotentWriter(Partition target) {
        ProducerIds ids = runtime.broker().producerIds();
        Waiting waiting = Waiting.upTo(MAX_BLOCK, "a producer id");
        long producerId = ids.tryIssue();
        while (producerId == ProducerIds.NOT_YET) {
            waiting.pause();
            producerId = ids.tryIssue();
        }
        return target.openWriter(producerId);
    }

    /**
     * Transactions by the short way. Aborts what an older instance of the same id left open, and fences that instance.
     *
     * @param transactionalId names this writer across restarts; one instance of a name is alive at a time
     */
    public TransactionalAppender openTransactionalAppender(String transactionalId) {
        return openTransactionalAppender(transactionalId, InstanceRequest.embedded(TRANSACTION_TIMEOUT_MS));
    }

    /**
     * The same, but a transaction that an older instance has prepared stays so, and the appender can end it: see
     * {@link TransactionalAppender#prepared()}.
     */
    public TransactionalAppender reopenTransactionalAppender(String transactionalId) {
        return openTransactionalAppender(transactionalId, InstanceRequest.embedded(TRANSACTION_TIMEOUT_MS)
                .keepingPrepared());
    }

    private TransactionalAppender openTransactionalAppender(String transactionalId, InstanceRequest request) {
        runtime.requireOpen();
        Initialization initialization = runtime.broker().transactions().initialize(transactionalId, request);
        Progress progress = Waiting.upTo(MAX_BLOCK, "the transaction coordinator")
                .stepUntilSettled(initialization::step);
        if (progress != Progress.DONE) {
            throw KafkaErrors.notInitialized(progress, initialization);
        }
        Optional<PreparedTransaction> prepared = initialization.prepared().map(each -> new PreparedTransaction(each
                .producerId(), each.epoch()));
        return new TransactionalAppender(runtime, initialization.session(), new OffsetCommitter(runtime), prepared);
    }

    /**
     * The short way out of one partition, from {@code offset} on.
     *
     * @param semantics {@code EXACTLY_ONCE} is shown committed records only, the others all
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is no such partition
     */
    public Reader openReader(DeliverySemantics semantics, String topic, int partition, long offset) {
        Partition source = runtime.partition(topic, partition);
        Isolation isolation = semantics == DeliverySemantics.EXACTLY_ONCE
                ? Isolation.READ_COMMITTED
                : Isolation.READ_UNCOMMITTED;
        try {
            return new Reader(runtime, source, isolation, offset);
        } catch (ReaderLimitException e) {
            throw KafkaErrors.limitReached(e);
        }
    }

    /**
     * Closes every client that is still open, then the directory: nothing is lost, open transactions are aborted.
     * Called by the function of a pipeline it returns at once, and the directory is closed once that function has
     * returned.
     */
    @Override
    public void close() throws IOException {
        List<Pipeline> running = runningPipelines();
        if (running.stream().anyMatch(each -> each.isOwnThread(Thread.currentThread()))) {
            running.forEach(Pipeline::requestStop);
            new Thread(this::closeLater, "semel-close").start();
            return;
        }
        // Pipelines first: they own producers and consumers that only their own threads may close.
        running.forEach(Pipeline::close);
        runtime.close();
    }

    private void closeLater() {
        try {
            close();
        } catch (IOException e) {
            LOGGER.error("{} was closed by a pipeline's function, and not well", directory(), e);
        }
    }
}
