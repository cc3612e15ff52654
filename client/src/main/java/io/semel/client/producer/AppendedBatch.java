package io.semel.client.producer;

import java.util.List;

/**
 * Records that stand in the log and wait to be acknowledged.
 *
 * @param ticket the offset after the last of them
 */
record AppendedBatch(List<PendingRecord> records, long baseOffset, long ticket) {
    /** When the first of them was sent. */
    long sentNs() {
        return records.get(0).sentNs();
    }
}
