package io.semel.transactions.groups;

/** One line of the answer to a fetch; {@link CommittedOffset#NONE} where there is nothing or an error. */
public record FetchedOffset(PartitionName partition, GroupError error, CommittedOffset committed) {
}
