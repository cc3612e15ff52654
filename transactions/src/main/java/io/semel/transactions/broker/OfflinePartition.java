package io.semel.transactions.broker;

import java.io.IOException;
import java.util.UUID;

import io.semel.transactions.partition.PartitionId;

/**
 * A partition that stays out of service until the directory is opened again, because its files are damaged or the disk
 * fails under them. They hold what they held.
 *
 * @param cause says which file, where, and what to do
 */
public record OfflinePartition(PartitionId id, UUID topicId, IOException cause) {
    PartitionOfflineException refusal() {
        return new PartitionOfflineException(id, cause);
    }
}
