package io.semel.client.producer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.batch.codec.BatchDecompressor;
import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.Compression;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.transactions.coordinator.TransactionCoordinator;

/**
 * A producer's configuration by Kafka's names, read by Kafka's own parser: its validation, its defaults. What only
 * concerns a network is accepted and has no effect; what would need something that is not served yet is refused.
 *
 * <p>Thread rule: immutable.
 */
final class ProducerSettings {
    /** What a record's sequence and transaction rest on. */
    enum Guarantee {
        PLAIN, IDEMPOTENT, TRANSACTIONAL
    }

    /** When a record is reported: once it is acknowledged, or as soon as it is appended ({@code acks=0}). */
    enum Report {
        ACKNOWLEDGED, APPENDED
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerSettings.class);

    /** The parser insists on one; nobody ever connects to it. */
    private static final String NO_SERVER = "embedded:0";

    final ProducerConfig config;
    final String clientId;
    final Guarantee guarantee;
    final Report report;
    final long lingerNs;
    final int batchBytes;
    final Compression compression;
    final int maxRecordBytes;
    final long bufferBytes;
    final Duration maxBlock;
    final long deliveryTimeoutNs;
    final int retries;
    final long retryBackoffNs;

    private ProducerSettings(ProducerConfig config) {
        this.config = config;
        clientId = config.getString(ProducerConfig.CLIENT_ID_CONFIG);
        guarantee = guarantee(config);
        report = config.getString(ProducerConfig.ACKS_CONFIG).equals("0") ? Report.APPENDED : Report.ACKNOWLEDGED;
        lingerNs = nanos(config, ProducerConfig.LINGER_MS_CONFIG);
        batchBytes = config.getInt(ProducerConfig.BATCH_SIZE_CONFIG);
        compression = compression(config);
        maxRecordBytes = config.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        bufferBytes = config.getLong(ProducerConfig.BUFFER_MEMORY_CONFIG);
        maxBlock = Duration.ofMillis(config.getLong(ProducerConfig.MAX_BLOCK_MS_CONFIG));
        deliveryTimeoutNs = TimeUnit.MILLISECONDS.toNanos(deliveryTimeoutMs(config));
        retries = config.getInt(ProducerConfig.RETRIES_CONFIG);
        retryBackoffNs = nanos(config, ProducerConfig.RETRY_BACKOFF_MS_CONFIG);
    }

    /**
     * @param keySerializer   null when it is to be taken from the configuration, as the value's
     * @throws ConfigException when a value is out of range, contradicts another, or asks for what is not served yet
     */
    static ProducerSettings parse(Map<String, Object> configs, Serializer<?> keySerializer,
            Serializer<?> valueSerializer) {
        Map<String, Object> complete = new HashMap<>(configs);
        complete.putIfAbsent(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, NO_SERVER);
        if (keySerializer != null) {
            complete.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, keySerializer.getClass());
        }
        if (valueSerializer != null) {
            complete.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, valueSerializer.getClass());
        }
        ProducerConfig config = new ProducerConfig(complete);
        refuseUnserved(config);
        return new ProducerSettings(config);
    }

    private static void refuseUnserved(ProducerConfig config) {
        if (config.getBoolean(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG)) {
            throw new ConfigException(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG, true,
                    "not served yet by the embedded producer");
        }
        int timeoutMs = config.getInt(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        boolean isTransactional = config.getString(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null;
        if (isTransactional && (timeoutMs < 1 || timeoutMs > TransactionCoordinator.MAX_TIMEOUT_MS)) {
            throw new ConfigException(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeoutMs,
                    "the coordinator takes 1.." + TransactionCoordinator.MAX_TIMEOUT_MS);
        }
    }

    /** Refused here when the codec's jar is missing, rather than with the first batch. */
    private static Compression compression(ProducerConfig config) {
        String type = config.getString(ProducerConfig.COMPRESSION_TYPE_CONFIG);
        Codec codec = Codec.ofName(type);
        try {
            codec.requireUsable();
        } catch (UnsupportedCompressionException e) {
            throw new ConfigException(ProducerConfig.COMPRESSION_TYPE_CONFIG, type, e.getMessage());
        }
        return switch (codec) {
            case NONE, SNAPPY -> Compression.of(codec);
            case GZIP -> new Compression(codec, config.getInt(ProducerConfig.COMPRESSION_GZIP_LEVEL_CONFIG));
            case LZ4 -> new Compression(codec, config.getInt(ProducerConfig.COMPRESSION_LZ4_LEVEL_CONFIG));
            case ZSTD -> new Compression(codec, config.getInt(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG));
        };
    }

    private static Guarantee guarantee(ProducerConfig config) {
        if (config.getString(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null) {
            return Guarantee.TRANSACTIONAL;
        }
        return config.getBoolean(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG) ? Guarantee.IDEMPOTENT : Guarantee.PLAIN;
    }

    /**
     * How long a batch may be before it is compressed. As in Kafka a topic's {@code max.message.bytes} limits batches
     * as they stand in the log; and what no reader could decompress is not written.
     */
    int maxPlainBatchBytes(int maxBatchBytes) {
        return compression.codec() == Codec.NONE
                ? maxBatchBytes
                : Math.max(maxBatchBytes, Math.min(maxRecordBytes, BatchDecompressor.DEFAULT_MAX_BYTES));
    }

    /**
     * How long the directory waits for the producer when it is closed first: what was sent is settled in the first
     * part, and a call waits no longer than the second.
     */
    Duration ownersPatience() {
        return Duration.ofNanos(deliveryTimeoutNs).plus(maxBlock);
    }

    /** Kafka's rule: it must cover lingering and one request; an explicit value that does not is refused. */
    private static long deliveryTimeoutMs(ProducerConfig config) {
        int given = config.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        long least = config.getLong(ProducerConfig.LINGER_MS_CONFIG)
                + config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        if (given >= least) {
            return given;
        }
        if (config.originals().containsKey(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)) {
            throw new ConfigException(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, given,
                    "must be at least linger.ms + request.timeout.ms = " + least);
        }
        return least;
    }

    private static long nanos(ProducerConfig config, String nameOfMillis) {
        return TimeUnit.MILLISECONDS.toNanos(config.getLong(nameOfMillis));
    }

    String transactionalId() {
        return config.getString(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    }

    int transactionTimeoutMs() {
        return config.getInt(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
    }

    /** Once all plugins have read theirs: as Kafka, says which names nobody knows. */
    void warnOfUnknownNames() {
        Set<String> unknown = new TreeSet<>(config.unused());
        unknown.removeAll(ProducerConfig.configNames());
        if (!unknown.isEmpty()) {
            LOGGER.warn("producer {}: nobody knows these configurations: {}", clientId, unknown);
        }
    }
}
