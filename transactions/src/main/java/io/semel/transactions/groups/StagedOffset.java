package io.semel.transactions.groups;

/** A group's offset inside a transaction that has not ended. */
public record StagedOffset(String groupId, PartitionName partition, long offset) {
}
