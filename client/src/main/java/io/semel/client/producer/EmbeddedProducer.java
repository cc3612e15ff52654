package io.semel.client.producer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.Serializer;

import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Opening;
import io.semel.transactions.partition.Partition;

/**
 * Kafka's producer over a directory of this process: the same calls, configurations and exceptions, no network.
 *
 * <p>Idempotent by default and transactional with {@code transactional.id}, as in Kafka. A record is reported to its
 * future and callback when it is acknowledged. Unlike Kafka, waiting for a future ends the lingering of its batch.
 *
 * <p>Thread rule: any thread; callbacks and interceptors' acknowledgements run on the producer's own thread.
 */
public final class EmbeddedProducer<K, V> implements Producer<K, V> {
    private final ClientRuntime runtime;
    private final ProducerSettings settings;
    private final Encoding<K, V> encoding;
    private final Interceptors<K, V> interceptors;
    private final PartitionChooser partitions;
    private final ProducerParts parts;
    private final Closing closing;
    /** What the directory's owner closes when the producer's owner has not. */
    private final AutoCloseable ownersHandle = this::closeForTheOwner;

    private EmbeddedProducer(ClientRuntime runtime, ProducerSettings settings, Encoding<K, V> encoding,
            Interceptors<K, V> interceptors, PartitionChooser partitions, ProducerParts parts) {
        this.runtime = runtime;
        this.settings = settings;
        this.encoding = encoding;
        this.interceptors = interceptors;
        this.partitions = partitions;
        this.parts = parts;
        this.closing = new Closing(parts);
    }

    /**
     * Opens a producer, which is closed with {@code runtime} at the latest.
     *
     * @param configs         by Kafka's names; no {@code bootstrap.servers} needed
     * @param keySerializer   null when it stands in {@code configs}; closed with the producer either way
     * @param valueSerializer as {@code keySerializer}
     * @throws org.apache.kafka.common.config.ConfigException when the configuration is not valid, or not served yet
     */
    public static <K, V> EmbeddedProducer<K, V> open(ClientRuntime runtime, Map<String, Object> configs,
            Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        ProducerSettings settings = ProducerSettings.parse(configs, keySerializer, valueSerializer);
        runtime.requireOpen();
        Encoding<K, V> encoding = Encoding.of(settings, keySerializer, valueSerializer);
        return Opening.closingOnFailure(encoding::close, () -> open(runtime, settings, encoding));
    }

    private static <K, V> EmbeddedProducer<K, V> open(ClientRuntime runtime, ProducerSettings settings,
            Encoding<K, V> encoding) {
        Interceptors<K, V> interceptors = Interceptors.of(settings);
        return Opening.closingOnFailure(interceptors::close, () -> {
            PartitionChooser partitions = new PartitionChooser(runtime.broker(), settings);
            return Opening.closingOnFailure(partitions::close, () -> start(new EmbeddedProducer<>(runtime, settings,
                    encoding, interceptors, partitions, ProducerParts.assemble(runtime.broker(), settings,
                            interceptors))));
        });
    }

    private static <K, V> EmbeddedProducer<K, V> start(EmbeddedProducer<K, V> producer) {
        producer.settings.warnOfUnknownNames();
        producer.runtime.register(producer.ownersHandle);
        producer.parts.sender().start(producer::release);
        return producer;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<K, V> record) {
        return send(record, null);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<K, V> record, Callback callback) {
        closing.requireOpen();
        ProducerRecord<K, V> intercepted = interceptors.onSend(record);
        try {
            return put(intercepted, callback);
        } catch (ApiException e) {
            // Kafka's contract: what went wrong with one record is told by its future and callback.
            parts.gate().lost(e);
            parts.metrics().failed(1);
            Encoding.close(intercepted.headers());
            interceptors.onAcknowledgement(nothingWritten(intercepted), e, intercepted.headers(), callback);
            return CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            parts.metrics().failed(1);
            Encoding.close(intercepted.headers());
            interceptors.onAcknowledgement(nothingWritten(intercepted), e, intercepted.headers(), null);
            throw e;
        }
    }

    private Future<RecordMetadata> put(ProducerRecord<K, V> record, Callback callback) {
        TransactionGate gate = parts.gate();
        if (gate.state() != TransactionState.NOT_TRANSACTIONAL) {
            gate.requireInTransaction("send");
        }
        long transaction = gate.number();
        EncodedRecord encoded = encoding.encode(record, runtime.clock());
        int sizeInBytes = encoded.sizeInBytes();
        Partition partition = partitions.choose(record, encoded, sizeInBytes);
        requireFits(partition, sizeInBytes);
        PendingRecord pending = new PendingRecord(partition, encoded, sizeInBytes, transaction, callback,
                parts.queue());
        parts.queue().put(pending, settings.maxBlock);
        return pending;
    }

    private void requireFits(Partition partition, int sizeInBytes) {
        int maxBatchBytes = partition.log().config().maxBatchBytes();
        if (sizeInBytes > settings.maxRecordBytes || sizeInBytes > settings.bufferBytes
                || sizeInBytes > settings.maxPlainBatchBytes(maxBatchBytes)) {
            throw new RecordTooLargeException("record too large: partition=" + partition.id() + " bytes=" + sizeInBytes
                    + ", limits are max.request.size=" + settings.maxRecordBytes + " buffer.memory="
                    + settings.bufferBytes + " and the topic's max.message.bytes=" + maxBatchBytes);
        }
    }

    private static RecordMetadata nothingWritten(ProducerRecord<?, ?> record) {
        return Interceptors.nothingWritten(new TopicPartition(record.topic(),
                record.partition() == null ? RecordMetadata.UNKNOWN_PARTITION : record.partition()));
    }

    /** Waits until everything sent before is reported; that a close reports everything is as good. */
    @Override
    public void flush() {
        if (!closing.awaitIfBegun()) {
            parts.metrics().timed(ProducerMetrics.Call.FLUSH, parts::flush);
        }
    }

    @Override
    public void initTransactions() {
        parts.metrics().timed(ProducerMetrics.Call.INIT, transactions()::initialize);
    }

    @Override
    public void beginTransaction() {
        parts.metrics().timed(ProducerMetrics.Call.BEGIN, transactions()::begin);
    }

    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata groupMetadata) {
        Transactions transactions = transactions();
        parts.metrics().timed(ProducerMetrics.Call.SEND_OFFSETS,
                () -> transactions.stageOffsets(offsets, groupMetadata));
    }

    @Override
    public void commitTransaction() {
        parts.metrics().timed(ProducerMetrics.Call.COMMIT, transactions()::commit);
    }

    @Override
    public void abortTransaction() {
        parts.metrics().timed(ProducerMetrics.Call.ABORT, transactions()::abort);
    }

    private Transactions transactions() {
        closing.requireOpen();
        return parts.transactions().orElseThrow(() -> new IllegalStateException(
                "not a transactional producer: set transactional.id (client.id=" + settings.clientId + ')'));
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        closing.requireOpen();
        return ClusterView.partitionsOf(partitions.topic(topic));
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return parts.metrics().all();
    }

    /** No broker subscribes to metrics here: there is nobody to hand it on to. */
    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
    }

    /** As in Kafka without {@code enable.metrics.push}. */
    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw new IllegalStateException("no telemetry in an embedded producer: there is no broker that asks for it");
    }

    /** Reports everything sent before, aborts what is open, ends the thread. */
    @Override
    public void close() {
        closing.close(Duration.ofMillis(Long.MAX_VALUE));
    }

    /** As {@link #close()}, but what is not done in time fails. From a callback it does not wait at all. */
    @Override
    public void close(Duration timeout) {
        closing.close(timeout);
    }

    /**
     * The directory must close, whatever a producer waits for: another writer's claim may stay open for ever. By force,
     * what was decided is carried out by the coordinator, or by the next opening (T1).
     */
    private void closeForTheOwner() {
        closing.close(settings.ownersPatience());
    }

    /** The last act of the sender thread. */
    private void release() {
        parts.abortByForce();
        runtime.unregister(ownersHandle);
        interceptors.close();
        encoding.close();
        partitions.close();
    }

    @Override
    public String toString() {
        return "EmbeddedProducer{" + settings.clientId + ", " + settings.guarantee + ", " + runtime.broker().path()
                + '}';
    }
}
