package io.semel.transactions.coordinator;

import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.records.TransactionHome;
import io.semel.transactions.records.TransactionStatus;

/**
 * A transactional id at one moment. Immutable.
 *
 * @param startMs when its last transaction began, by the coordinator's clock; -1 when none has since its instance came
 */
public record TransactionView(String transactionalId, long producerId, short epoch, TransactionStatus status,
        int timeoutMs, long startMs, TransactionHome home) {

    /** Where a transaction that is open has written, and from which offset on. */
    public record Branch(PartitionId partition, long firstOffset) {
    }
}
