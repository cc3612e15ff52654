package io.semel.transactions.partition;

import io.semel.idempotence.ProducerIds;
import io.semel.log.RecoveryProgress;
import io.semel.log.memory.Budget;
import io.semel.log.memory.Disk;

/**
 * What the partitions of one directory share.
 *
 * @param budget   what readers are counted against; files and mappings are by the disk
 * @param progress hears how far recovery is
 */
public record PartitionContext(Disk disk, ProducerIds ids, Budget budget, RecoveryProgress progress) {
}
