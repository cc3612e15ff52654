package io.semel.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.runtime.Waiting;

/**
 * A running transformation from one topic into another: consume, process, produce, exactly once by default.
 *
 * <p>Transactional ids, restarts, rebalancing and recovery are its own business: with
 * {@link DeliverySemantics#EXACTLY_ONCE} what a batch of input records made and the offsets up to which they were read
 * commit in one transaction, so after any crash the output is as if every record had been processed once. Effects
 * outside the log, such as a mail sent by the function, may be repeated.
 *
 * <p>Output that can't be written, for want of disk for example, makes the pipeline take the batch again; what no
 * repetition can mend, such as a record that is too large, stops it with its {@link #failure()}.
 * {@link DeliverySemantics#AT_MOST_ONCE} takes no batch again: its input is committed already, so a failed send is lost
 * and is one of {@link PipelineStats#restarts()} or the failure.
 *
 * <p>Thread rule: any thread; the function is called by the pipeline's own threads, one call at a time in each.
 */
public final class Pipeline implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Pipeline.class);

    private final Definition<?, ?, ?, ?> definition;
    private final PipelineStats stats = new PipelineStats();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<PipelineWorker<?, ?, ?, ?>> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Pipeline(Definition<?, ?, ?, ?> definition) {
        this.definition = definition;
    }

    /** Makes output records of one input record. */
    @FunctionalInterface
    public interface Processor<K, V, KO, VO> {
        /** An exception aborts the transaction and stops the pipeline, see {@link Pipeline#failure()}. */
        void process(ConsumerRecord<K, V> record, Output<KO, VO> out) throws Exception;
    }

    /** Where a processor puts its output. */
    public interface Output<KO, VO> {
        void send(KO key, VO value);

        void send(KO key, VO value, Headers headers);
    }

    /** What a pipeline is made of. */
    record Definition<K, V, KO, VO>(Semel semel, String name, String source, Serde<K> sourceKey, Serde<V> sourceValue,
            Processor<K, V, KO, VO> processor, String target, Serde<KO> targetKey, Serde<VO> targetValue,
            DeliverySemantics semantics, int threads, int maxRecordsPerCommit, Duration maxBlock) {
        PipelineWorker<K, V, KO, VO> worker(int index, PipelineStats stats, Supplier<Boolean> stopped) {
            return new PipelineWorker<>(this, index, stats, stopped);
        }
    }

    static Pipeline start(Definition<?, ?, ?, ?> definition) {
        Pipeline pipeline = new Pipeline(definition);
        for (int index = 0; index < definition.threads(); index++) {
            PipelineWorker<?, ?, ?, ?> worker = definition.worker(index, pipeline.stats,
                    () -> pipeline.failure.get() != null);
            Thread thread = new Thread(() -> pipeline.run(worker), "semel-pipeline-" + definition.name() + '-' + index);
            thread.setDaemon(true);
            pipeline.workers.add(worker);
            pipeline.threads.add(thread);
        }
        pipeline.threads.forEach(Thread::start);
        return pipeline;
    }

    private void run(PipelineWorker<?, ?, ?, ?> worker) {
        try {
            worker.run();
        } catch (Throwable e) {
            if (failure.compareAndSet(null, e)) {
                LOGGER.error("pipeline {} stopped", definition.name(), e);
            }
        }
    }

    /** What has been done so far. */
    public PipelineStats stats() {
        return stats;
    }

    /** Why the pipeline stopped by itself; empty while it runs. Offsets and output stand as of the last commit. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /**
     * Waits until everything that stood in the source when this was called is processed and committed.
     *
     * @return false when the time was over first
     * @throws IllegalStateException when the pipeline has stopped, with its {@link #failure()}
     * @throws KafkaStorageException when a partition of the source is offline, so that nobody knows what stands there
     */
    public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
        SemelAdmin admin = definition.semel().admin();
        long startNs = System.nanoTime();
        long timeoutNs = Waiting.saturatedNanos(timeout);
        SemelAdmin.TopicDescription source = admin.describeTopic(definition.source());
        for (SemelAdmin.PartitionDescription partition : source.partitions()) {
            if (partition.end() == SemelAdmin.PartitionDescription.UNKNOWN) {
                throw new KafkaStorageException(partition.offline());
            }
        }
        while (!hasReached(source, admin.groupOffsets(definition.name()))) {
            if (failure.get() != null) {
                throw new IllegalStateException("pipeline " + definition.name() + " has stopped", failure.get());
            }
            if (System.nanoTime() - startNs > timeoutNs) {
                return false;
            }
            stats.awaitChange(Duration.ofMillis(20));
        }
        return true;
    }

    private boolean hasReached(SemelAdmin.TopicDescription source, Map<TopicPartition, OffsetAndMetadata> committed) {
        for (SemelAdmin.PartitionDescription partition : source.partitions()) {
            long goal = definition.semantics() == DeliverySemantics.EXACTLY_ONCE ? partition.stable() : partition.end();
            OffsetAndMetadata reached = committed.get(new TopicPartition(source.name(), partition.partition()));
            if (goal > partition.start() && (reached == null || reached.offset() < goal)) {
                return false;
            }
        }
        return true;
    }

    /** Whether any of its threads still lives. */
    boolean isRunning() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    void requestStop() {
        workers.forEach(PipelineWorker::stop);
    }

    boolean isOwnThread(Thread thread) {
        return threads.contains(thread);
    }

    /**
     * Ends after the batch under way is committed, and waits for that. Called by the function, it only asks for the end
     * and returns: the function stands in the way of it. Closing twice is harmless.
     */
    @Override
    public void close() {
        requestStop();
        if (isOwnThread(Thread.currentThread())) {
            return;
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        definition.semel().pipelineEnded(definition.name(), this);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "Pipeline{" + definition.name() + ": " + definition.source() + " -> " + definition.target() + ", "
                + definition.semantics() + ", " + stats + '}';
    }
}
