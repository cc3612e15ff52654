package io.semel.transactions.groups;

import java.nio.ByteBuffer;
import java.util.List;

/** Deletes from {@code __consumer_offsets}. Used under the coordinator's pen. */
final class Tombstones {

    private final OffsetsLog log;
    private final OffsetBatches batches;

    Tombstones(OffsetsLog log, OffsetBatches batches) {
        this.log = log;
        this.batches = batches;
    }

    /**
     * Halves what does not fit into one batch. Refused, it may have deleted some: to try again is safe.
     *
     * @return a code of the log's; 0 if there is nothing to delete
     */
    long deleteOffsets(String groupId, List<PartitionName> partitions, long nowMs) {
        if (partitions.isEmpty()) {
            return 0;
        }
        ByteBuffer batch = batches.offsetTombstones(groupId, partitions, nowMs);
        if (batch != OffsetBatches.TOO_LARGE) {
            return log.append(batch);
        }
        int half = partitions.size() / 2;
        long code = deleteOffsets(groupId, partitions.subList(0, half), nowMs);
        return code < 0 ? code : deleteOffsets(groupId, partitions.subList(half, partitions.size()), nowMs);
    }

    /** @return the record's offset, or another code of the log's */
    long deleteGroup(String groupId, GroupKind kind, long nowMs) {
        return log.append(batches.groupTombstone(groupId, kind, nowMs));
    }
}
