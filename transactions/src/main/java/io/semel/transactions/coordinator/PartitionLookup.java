package io.semel.transactions.coordinator;

import java.util.Collection;
import java.util.UUID;

import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;

/** The partitions that exist, as far as the coordinator needs them. Thread rule: any thread. */
public interface PartitionLookup {
    /**
     * The partition, or null when it is not in service: unless it {@link #isOffline} its topic is deleted, and there is
     * nothing left to mark then.
     */
    Partition find(PartitionId id);

    /** Whether this partition of this very topic exists and is out of service until the next opening. */
    boolean isOffline(PartitionId id, UUID topicId);

    /** Those in service. */
    Collection<Partition> all();
}
