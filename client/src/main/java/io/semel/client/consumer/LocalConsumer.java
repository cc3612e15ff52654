package io.semel.client.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * The part of Kafka's consumer that says nothing new where there is no network: look-ups that need no timeout because
 * they never wait, and calls that are not served yet.
 */
interface LocalConsumer<K, V> extends Consumer<K, V> {
    /** Kafka's default of how long {@link #close()} may take. */
    Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    @Override
    default void close() {
        close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    /** What is no offset is refused with it. */
    @Override
    default void seek(TopicPartition partition, long offset) {
        seek(partition, new OffsetAndMetadata(offset));
    }

    @Override
    default void commitAsync() {
        commitAsync(OffsetCommits::logFailure);
    }

    @Override
    default void enforceRebalance(String reason) {
        enforceRebalance();
    }

    @Override
    default Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return beginningOffsets(partitions);
    }

    @Override
    default Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return endOffsets(partitions);
    }

    @Override
    default Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> timestamps,
            Duration timeout) {
        return offsetsForTimes(timestamps);
    }

    @Override
    default List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        return partitionsFor(topic);
    }

    @Override
    default Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return listTopics();
    }

    @Override
    @Deprecated
    default void close(Duration timeout) {
        close(CloseOptions.timeout(timeout));
    }

    @Override
    default void subscribe(SubscriptionPattern pattern) {
        throw notServed(
                "subscribe(SubscriptionPattern), which needs group.protocol=consumer; java.util.regex.Pattern is");
    }

    @Override
    default void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
        subscribe(pattern);
    }

    /** No broker subscribes to metrics here: there is nobody to hand it on to. */
    @Override
    default void registerMetricForSubscription(KafkaMetric metric) {
    }

    @Override
    default void unregisterMetricFromSubscription(KafkaMetric metric) {
    }

    /** As in Kafka without {@code enable.metrics.push}. */
    @Override
    default Uuid clientInstanceId(Duration timeout) {
        throw new IllegalStateException("no telemetry in an embedded consumer: there is no broker that asks for it");
    }

    private static UnsupportedOperationException notServed(String what) {
        return new UnsupportedOperationException("not served yet by embedded consumers: " + what);
    }
}
