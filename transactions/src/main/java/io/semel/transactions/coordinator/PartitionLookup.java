package io.semel.transactions.coordinator;

import java.util.Collection;

import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;

/** The partitions that exist, as far as the coordinator needs them. Thread rule: any thread. */
public interface PartitionLookup {
    /** The partition, or null when its topic is deleted: there is nothing left to mark then. */
    Partition find(PartitionId id);

    Collection<Partition> all();
}
