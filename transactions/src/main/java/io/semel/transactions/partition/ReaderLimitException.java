package io.semel.transactions.partition;

import io.semel.log.memory.Limit;

/** As many readers of the directory are open as may be. Nothing was opened, and those that are go on. */
public final class ReaderLimitException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ReaderLimitException(PartitionId partition, Limit readers) {
        super("limit reached: " + readers + ", wanted one more of " + partition
                + "; close readers and consumers that are done, or raise Limits.readers");
    }
}
