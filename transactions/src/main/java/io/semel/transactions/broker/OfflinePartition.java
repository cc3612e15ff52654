package io.semel.transactions.broker;

import java.util.UUID;

import io.semel.log.CorruptLogException;
import io.semel.transactions.partition.PartitionId;

/**
 * A partition that stays out of service until the directory is opened again, because its files are damaged. They are left as
 * they are.
 *
 * @param cause says which file, where, and what to do
 */
public record OfflinePartition(PartitionId id, UUID topicId, CorruptLogException cause) {
    PartitionOfflineException refusal() {
        return new PartitionOfflineException(id, cause);
    }
}
