package io.semel.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.errors.TransactionError;

/**
 * One thread of a pipeline: a consumer and a producer of its own, opened anew whenever a batch had to be given up.
 *
 * <p>Thread rule: {@link #run} by its own thread; {@link #stop} by any.
 */
final class PipelineWorker<K, V, KO, VO> implements Pipeline.Output<KO, VO> {
    private static final Logger LOGGER = LoggerFactory.getLogger(PipelineWorker.class);

    /** How long a poll waits for input; stopping interrupts it. */
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

    /** A reason to give a batch up may last, a full disk for one: it is not tried more often than this. */
    private static final long RESTART_PAUSE_MS = 100;

    private final Pipeline.Definition<K, V, KO, VO> pipeline;
    private final int index;
    private final PipelineStats stats;
    private final Supplier<Boolean> stopped;
    private volatile boolean stopping;
    private volatile Consumer<K, V> consumer;
    private Producer<KO, VO> producer;
    /** Up to where this worker has committed, by partition, since its clients were opened. */
    private final Map<TopicPartition, Long> progress = new HashMap<>();
    private long sent;
    /** Why the first of the sends that failed did, since the clients were opened; the producer's thread tells it. */
    private final AtomicReference<Exception> failedSend = new AtomicReference<>();

    PipelineWorker(Pipeline.Definition<K, V, KO, VO> pipeline, int index, PipelineStats stats,
            Supplier<Boolean> stopped) {
        this.pipeline = pipeline;
        this.index = index;
        this.stats = stats;
        this.stopped = stopped;
    }

    void stop() {
        stopping = true;
        Consumer<K, V> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    private boolean goesOn() {
        return !stopping && !stopped.get();
    }

    void run() throws Exception {
        while (goesOn()) {
            try {
                open();
                while (goesOn()) {
                    step();
                }
            } catch (WakeupException e) {
                // Woken to stop; the loop's condition decides.
                LOGGER.debug("pipeline {} woken", pipeline.name());
            } catch (KafkaException e) {
                if (!isPassing(e)) {
                    throw e;
                }
                LOGGER.warn("pipeline {} gives a batch up and goes on from what is committed: {}", pipeline.name(), e
                        .toString());
                stats.restarted();
                pause();
            } finally {
                closeClients();
            }
        }
    }

    /**
     * Whether a batch taken again may fare better. A transaction's failure hides its reason: it is looked for below.
     */
    private static boolean isPassing(KafkaException failure) {
        boolean isPassing = failure instanceof CommitFailedException || failure instanceof ProducerFencedException;
        for (Throwable cause = failure; cause != null && !isPassing; cause = cause.getCause()) {
            isPassing = cause instanceof RetriableException;
        }
        return isPassing;
    }

    private synchronized void pause() throws InterruptedException {
        if (goesOn()) {
            wait(RESTART_PAUSE_MS);
        }
    }

    private void open() {
        Map<String, Object> consumerConfigs = new HashMap<>();
        consumerConfigs.put(ConsumerConfig.GROUP_ID_CONFIG, pipeline.name());
        consumerConfigs.put(ConsumerConfig.CLIENT_ID_CONFIG, pipeline.name() + '-' + index);
        consumerConfigs.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumerConfigs.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, pipeline.maxRecordsPerCommit());
        if (pipeline.semantics() == DeliverySemantics.AT_LEAST_ONCE) {
            consumerConfigs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        }
        Map<String, Object> producerConfigs = new HashMap<>();
        producerConfigs.put(ProducerConfig.CLIENT_ID_CONFIG, pipeline.name() + '-' + index);
        producerConfigs.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, pipeline.maxBlock().toMillis());
        if (pipeline.semantics() == DeliverySemantics.EXACTLY_ONCE) {
            producerConfigs.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, pipeline.name() + '-' + index);
        }
        consumer = pipeline.semel().consumer(pipeline.semantics(), consumerConfigs, pipeline.sourceKey().deserializer(),
                pipeline.sourceValue().deserializer());
        producer = pipeline.semel().producer(pipeline.semantics(), producerConfigs, pipeline.targetKey().serializer(),
                pipeline.targetValue().serializer());
        if (pipeline.semantics() == DeliverySemantics.EXACTLY_ONCE) {
            producer.initTransactions();
        }
        progress.clear();
        failedSend.set(null);
        consumer.subscribe(List.of(pipeline.source()));
    }

    private void step() throws Exception {
        ConsumerRecords<K, V> records = consumer.poll(POLL_TIMEOUT);
        if (records.isEmpty()) {
            commitIdleProgress();
            return;
        }
        sent = 0;
        switch (pipeline.semantics()) {
            case EXACTLY_ONCE -> transact(records);
            case AT_LEAST_ONCE -> {
                processAll(records);
                awaitSends();
                consumer.commitSync(nextOffsets(records.partitions()));
            }
            case AT_MOST_ONCE -> {
                // The consumer committed before it handed the records over: what a failed send held is lost, and said
                // so.
                processAll(records);
                awaitSends();
            }
        }
        nextOffsets(records.partitions()).forEach((partition, next) -> progress.put(partition, next.offset()));
        stats.committed(records.count(), sent);
    }

    /**
     * Markers and aborted records are read without being handed over: the group must commit them too, or it lags for
     * ever.
     */
    private void commitIdleProgress() {
        // One that is offline, or whose position is not known yet, has not moved.
        Set<TopicPartition> known = consumer.assignment().stream()
                .filter(partition -> consumer.currentLag(partition).isPresent()).collect(Collectors.toSet());
        Map<TopicPartition, OffsetAndMetadata> moved = nextOffsets(known);
        moved.entrySet().removeIf(each -> each.getValue().offset() <= progress.getOrDefault(each.getKey(), 0L));
        if (moved.isEmpty()) {
            return;
        }
        if (pipeline.semantics() == DeliverySemantics.EXACTLY_ONCE) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(moved, consumer.groupMetadata());
            producer.commitTransaction();
        } else {
            consumer.commitSync(moved);
        }
        moved.forEach((partition, next) -> progress.put(partition, next.offset()));
    }

    private void transact(ConsumerRecords<K, V> records) throws Exception {
        producer.beginTransaction();
        try {
            processAll(records);
            producer.sendOffsetsToTransaction(nextOffsets(records.partitions()), consumer.groupMetadata());
        } catch (ProducerFencedException e) {
            // Nothing of this instance can be committed or aborted any more.
            throw e;
        } catch (Exception e) {
            abort(e);
            throw e;
        }
        commit();
    }

    /**
     * One that timed out goes on and can't be aborted: closing waits for it, and what it commits is not taken again.
     */
    private void commit() {
        try {
            producer.commitTransaction();
        } catch (KafkaException e) {
            if (TransactionError.of(e).kind() == TransactionError.Kind.ABORTABLE) {
                abort(e);
            }
            throw e;
        }
    }

    private void abort(Exception cause) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            // Opened again, the transactional id aborts what this instance leaves open.
            cause.addSuppressed(e);
        }
    }

    private void processAll(ConsumerRecords<K, V> records) throws Exception {
        for (ConsumerRecord<K, V> record : records) {
            pipeline.processor().process(record, this);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> nextOffsets(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            offsets.put(partition, new OffsetAndMetadata(consumer.position(partition)));
        }
        return offsets;
    }

    @Override
    public void send(KO key, VO value) {
        send(key, value, new RecordHeaders());
    }

    @Override
    public void send(KO key, VO value, Headers headers) {
        producer.send(new ProducerRecord<>(pipeline.target(), null, null, key, value, headers), (written, failure) -> {
            if (failure != null) {
                failedSend.compareAndSet(null, failure);
            }
        });
        sent++;
    }

    /**
     * A transaction's commit waits for its sends by itself; the other semantics wait here. Any send that failed fails
     * the batch, whatever became of those after it.
     */
    private void awaitSends() {
        producer.flush();
        Exception failure = failedSend.get();
        if (failure != null) {
            throw failure instanceof KafkaException known ? known : new KafkaException(failure);
        }
    }

    /** What the producer waits for may never come: then its transaction ends by an abort, or as it was decided (T1). */
    private void closeClients() {
        Consumer<K, V> openConsumer = consumer;
        Producer<KO, VO> openProducer = producer;
        consumer = null;
        producer = null;
        try {
            if (openConsumer != null) {
                openConsumer.close();
            }
        } finally {
            if (openProducer != null) {
                openProducer.close(pipeline.maxBlock());
            }
        }
    }
}
