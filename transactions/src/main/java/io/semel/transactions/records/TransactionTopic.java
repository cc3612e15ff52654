package io.semel.transactions.records;

import java.util.Arrays;
import java.util.UUID;

/**
 * The partitions of one topic that a transaction touched. The array is not copied: leave it alone.
 *
 * @param id the topic's, so that a later topic of the same name is not taken for it; {@link #NO_ID} in Kafka's records
 */
public record TransactionTopic(String topic, int[] partitions, UUID id) {
    public static final UUID NO_ID = new UUID(0, 0);

    /** An empty name, an empty array and an empty tag section: bounds the count that a reader believes. */
    static final int SHORTEST_LENGTH = 3;

    /** As Kafka writes it, without the topic's id. */
    public TransactionTopic(String topic, int[] partitions) {
        this(topic, partitions, NO_ID);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransactionTopic that && topic.equals(that.topic) && id.equals(that.id)
                && Arrays.equals(partitions, that.partitions);
    }

    @Override
    public int hashCode() {
        return 31 * topic.hashCode() + Arrays.hashCode(partitions);
    }

    @Override
    public String toString() {
        return topic + Arrays.toString(partitions);
    }
}
