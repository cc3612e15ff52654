package io.semel.transactions.records;

import java.util.Arrays;

/** The partitions of one topic that a transaction touched. The array is not copied: leave it alone. */
public record TransactionTopic(String topic, int[] partitions) {

    /** An empty name, an empty array and an empty tag section: bounds the count that a reader believes. */
    static final int SHORTEST_LENGTH = 3;

    @Override
    public boolean equals(Object other) {
        return other instanceof TransactionTopic that && topic.equals(that.topic)
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
