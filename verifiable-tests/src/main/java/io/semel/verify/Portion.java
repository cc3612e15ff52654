package io.semel.verify;

import java.util.List;

import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.partition.Partition;

/**
 * What one transaction does in one partition.
 *
 * @param consumed how far the source has been read when these records are written
 */
record Portion(Partition target, List<Entry> entries, OffsetToCommit consumed) {
    Portion {
        entries = List.copyOf(entries);
    }

    /** One record to be written. */
    record Entry(byte[] key, byte[] value) {
    }
}
