package io.semel.transactions.groups;

/** A partition of a user's topic, as offsets are committed for it. */
public record PartitionName(String topic, int partition) {

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
