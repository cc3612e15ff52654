package io.semel.transactions.broker;

import java.io.IOException;

import io.semel.transactions.partition.PartitionId;

/**
 * The partition could not be opened with its directory: it was found damaged, or its disk fails. Nothing of it can be
 * read.
 */
public final class PartitionOfflineException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    PartitionOfflineException(PartitionId id, IOException cause) {
        super("partition offline: " + id + ": " + cause.getMessage() + "; then open the directory again", cause);
    }
}
