package io.semel.server.transactions;

import io.semel.transactions.partition.PartitionId;

/**
 * A transaction without a marker in one partition.
 *
 * @param sinceMs when its first record there was made, by the producer's clock
 */
record OpenBranch(PartitionId partition, long producerId, short epoch, long firstOffset, long sinceMs) {
}
