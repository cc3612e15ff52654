package io.semel.transactions.partition;

/** A partition of a topic, by name and index from 0. */
public record PartitionId(String topic, int partition) {
    @Override
    public String toString() {
        return topic + '-' + partition;
    }
}
