package io.semel.transactions.broker;

import io.semel.log.CorruptLogException;
import io.semel.transactions.partition.PartitionId;

/** The partition was found damaged when the directory was opened. Nothing was written, and nothing of it can be read. */
public final class PartitionOfflineException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    PartitionOfflineException(PartitionId id, CorruptLogException cause) {
        super("partition offline: " + id + ": " + cause.getMessage() + "; then open the directory again", cause);
    }
}
