package io.semel.client.producer;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

import io.semel.client.runtime.KafkaErrors;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.UnknownTopicException;
import io.semel.transactions.partition.Partition;

/**
 * Which partition a record goes to: the one it names, the one that the configured partitioner says, the one of its key
 * by Kafka's own hash, so that a key keeps its partition when code moves between this and a cluster, or for a while
 * any.
 *
 * <p>Thread rule: any thread.
 */
final class PartitionChooser {
    private final Broker broker;
    private final ClusterView cluster;
    private final Optional<Partitioner> partitioner;
    private final int batchBytes;
    private final KeyUse keyUse;
    private final Map<String, StickyPartition> sticky = new ConcurrentHashMap<>();

    /** {@code partitioner.ignore.keys}. */
    private enum KeyUse {
        HASHED, IGNORED
    }

    PartitionChooser(Broker broker, ProducerSettings settings) {
        this.broker = broker;
        this.cluster = new ClusterView(broker);
        this.partitioner = Optional.ofNullable(
                settings.config.getConfiguredInstance(ProducerConfig.PARTITIONER_CLASS_CONFIG, Partitioner.class,
                        Map.of(ProducerConfig.CLIENT_ID_CONFIG, settings.clientId)));
        this.batchBytes = settings.batchBytes;
        this.keyUse = settings.config.getBoolean(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG)
                ? KeyUse.IGNORED
                : KeyUse.HASHED;
    }

    /**
     * @throws UnknownTopicOrPartitionException when there is no such topic
     * @throws InvalidTopicException            when there can be none of that name
     */
    Topic topic(String name) {
        Objects.requireNonNull(name, "topic");
        try {
            return broker.topic(name);
        } catch (UnknownTopicException e) {
            if (!org.apache.kafka.common.internals.Topic.isValid(name)) {
                throw new InvalidTopicException("no topic can have this name: " + name);
            }
            throw new UnknownTopicOrPartitionException(e.getMessage());
        }
    }

    /**
     * @throws UnknownTopicOrPartitionException when there is no such topic or partition
     * @throws InvalidTopicException            when the topic is one of Semel's own
     * @throws KafkaStorageException            when the partition is offline
     */
    Partition choose(ProducerRecord<?, ?> record, EncodedRecord encoded, int sizeInBytes) {
        Topic topic = topic(record.topic());
        if (topic.isInternal()) {
            throw new InvalidTopicException("internal topic can't be written to: " + topic.name());
        }
        int partitionCount = topic.partitionCount();
        int index = record.partition() != null ? record.partition() : compute(topic, record, encoded, sizeInBytes);
        if (index >= partitionCount) {
            throw new UnknownTopicOrPartitionException("unknown partition: " + topic.name() + '-' + index + " in "
                    + broker.path() + "; the topic has partitions 0.." + (partitionCount - 1));
        }
        try {
            return topic.partition(index);
        } catch (PartitionOfflineException e) {
            throw KafkaErrors.offline(e);
        }
    }

    private int compute(Topic topic, ProducerRecord<?, ?> record, EncodedRecord encoded,
            int sizeInBytes) {
        if (partitioner.isPresent()) {
            int index = partitioner.get().partition(topic.name(), record.key(), encoded.key(), record.value(),
                    encoded.value(), cluster.clusterWith(topic));
            if (index < 0) {
                throw new IllegalArgumentException("partitioner " + partitioner.get() + " chose " + index
                        + " for topic "
                        + topic.name() + "; a partition is never negative");
            }
            return index;
        }
        int partitionCount = topic.partitionCount();
        if (encoded.key() != null && keyUse == KeyUse.HASHED) {
            return Utils.toPositive(Utils.murmur2(encoded.key())) % partitionCount;
        }
        return any(topic, sizeInBytes);
    }

    /** As in Kafka one that is in service, if there is one: whoever names no key does not care. */
    private int any(Topic topic, int sizeInBytes) {
        StickyPartition chosen = sticky.computeIfAbsent(topic.name(), name -> new StickyPartition(batchBytes));
        List<Partition> inService = topic.partitions();
        return inService.isEmpty() ? 0 : inService.get(chosen.choose(inService.size(), sizeInBytes)).id().partition();
    }

    void close() {
        partitioner.ifPresent(Partitioner::close);
    }
}
