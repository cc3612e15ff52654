package io.semel.client.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Calls the user's rebalance listener, on the polling thread. What it throws comes out of {@code poll}, as in Kafka.
 */
final class RebalanceCalls {
    /** As Kafka hands them over. */
    private static final Comparator<TopicPartition> BY_TOPIC = Comparator.comparing(TopicPartition::topic)
            .thenComparingInt(TopicPartition::partition);

    private final Subscriptions subscriptions;

    RebalanceCalls(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** Called for every new assignment, also when it brings nothing. */
    void assigned(Collection<TopicPartition> partitions) {
        call("onPartitionsAssigned", partitions, ConsumerRebalanceListener::onPartitionsAssigned);
    }

    /** By the eager protocol called before every new assignment but the first, for an empty one too. */
    void revoked(Collection<TopicPartition> partitions) {
        call("onPartitionsRevoked", partitions, ConsumerRebalanceListener::onPartitionsRevoked);
    }

    void lost(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            call("onPartitionsLost", partitions, ConsumerRebalanceListener::onPartitionsLost);
        }
    }

    private void call(String what, Collection<TopicPartition> partitions,
            BiConsumer<ConsumerRebalanceListener, Collection<TopicPartition>> method) {
        List<TopicPartition> own = new ArrayList<>(partitions);
        own.sort(BY_TOPIC);
        subscriptions.listener().ifPresent(listener -> {
            try {
                method.accept(listener, own);
            } catch (KafkaException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new KafkaException("the rebalance listener failed: " + what + own, e);
            }
        });
    }
}
