package io.semel.client.producer;

import java.util.Map;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where a group's offsets become part of a producer's open transaction. */
@FunctionalInterface
interface OffsetStaging {
    /**
     * Writes the offsets in the name of the producer, all or none.
     *
     * @param answer called once, by any thread: with {@link #STAGED}; with a
     *     {@link org.apache.kafka.common.errors.RetriableException}, then nothing was written and asking again may help;
     *     or with why it is refused
     */
    void stage(Producer producer, ConsumerGroupMetadata group, Map<TopicPartition, OffsetAndMetadata> offsets,
            Consumer<KafkaException> answer);

    /** Who stages: the producer id and epoch that the batch bears. */
    record Producer(long producerId, short epoch) {
    }

    /** Answer: the offsets are written, and visible with the commit. */
    KafkaException STAGED = new KafkaException("staged");
}
