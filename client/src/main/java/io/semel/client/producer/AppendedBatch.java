package io.semel.client.producer;

import java.util.List;

/**
 * Records that stand in the log and wait to be acknowledged.
 *
 * @param ticket     the offset after the last of them
 * @param appendedNs when they were appended
 */
record AppendedBatch(List<PendingRecord> records, long baseOffset, long ticket, long appendedNs) {
}
