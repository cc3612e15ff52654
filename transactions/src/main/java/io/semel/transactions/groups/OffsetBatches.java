package io.semel.transactions.groups;

import java.nio.ByteBuffer;
import java.util.List;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.records.ConsumerGroupKey;
import io.semel.transactions.records.ConsumerGroupValue;
import io.semel.transactions.records.FieldWriter;
import io.semel.transactions.records.GroupMetadataKey;
import io.semel.transactions.records.GroupMetadataValue;
import io.semel.transactions.records.OffsetCommitKey;
import io.semel.transactions.records.OffsetCommitValue;

/**
 * Writes the batches that go to {@code __consumer_offsets}, in buffers that are used again: what is returned is lent
 * until the next call. Used under the coordinator's pen.
 */
final class OffsetBatches {

    /** Kafka's default limit of a batch; about ten thousand offsets. */
    static final int MAX_BATCH_BYTES = 1 << 20;
    /** Some twenty offsets. */
    private static final int INITIAL_BATCH_BYTES = 2_048;
    /** What a call returns if the records do not fit into one batch. */
    static final ByteBuffer TOO_LARGE = ByteBuffer.allocate(0);

    private final RecordBatchWriter batch = new RecordBatchWriter(INITIAL_BATCH_BYTES, MAX_BATCH_BYTES);
    private final FieldWriter key = new FieldWriter();
    private final FieldWriter value = new FieldWriter();

    ByteBuffer commit(String groupId, List<OffsetToCommit> offsets, long nowMs) {
        batch.begin(nowMs);
        return finishCommit(groupId, offsets, nowMs);
    }

    ByteBuffer transactionalCommit(long producerId, short producerEpoch, String groupId, List<OffsetToCommit> offsets,
            long nowMs) {
        batch.begin(nowMs).producer(producerId, producerEpoch, RecordBatchLayout.NO_SEQUENCE).asTransactional();
        return finishCommit(groupId, offsets, nowMs);
    }

    private ByteBuffer finishCommit(String groupId, List<OffsetToCommit> offsets, long nowMs) {
        for (OffsetToCommit each : offsets) {
            new OffsetCommitKey(groupId, each.topic(), each.partition()).encode(key.reset());
            new OffsetCommitValue(each.offset(), each.leaderEpoch(), each.metadata(), nowMs, each.topicId())
                    .encode(value.reset());
            if (!tryAppend(nowMs)) {
                return TOO_LARGE;
            }
        }
        return batch.finish();
    }

    /**
     * A generation too large for one batch goes on record without its members: only its number is ever needed.
     *
     * @param before what is on record: if it is of the other kind, it is deleted within the same batch
     */
    ByteBuffer generation(String groupId, GroupKind before, GroupMetadataValue generation, long nowMs) {
        batch.begin(nowMs);
        if (before != GroupKind.CLASSIC && !tryBury(groupId, before, nowMs)) {
            return TOO_LARGE;
        }
        new GroupMetadataKey(groupId).encode(key.reset());
        generation.encode(value.reset());
        if (!tryAppend(nowMs)) {
            new GroupMetadataValue(generation.protocolType(), generation.generation(), generation.protocol(),
                    generation.leader(), generation.currentStateTimestampMs(), List.of()).encode(value.reset());
            if (!tryAppend(nowMs)) {
                return TOO_LARGE;
            }
        }
        return batch.finish();
    }

    /** Deletes the group's offsets of these partitions. */
    ByteBuffer offsetTombstones(String groupId, List<PartitionName> partitions, long nowMs) {
        batch.begin(nowMs);
        for (PartitionName partition : partitions) {
            new OffsetCommitKey(groupId, partition.topic(), partition.partition()).encode(key.reset());
            if (!tryAppendTombstone(nowMs)) {
                return TOO_LARGE;
            }
        }
        return batch.finish();
    }

    /** The epoch of a consumer group. @param before as of {@link #generation} */
    ByteBuffer epoch(String groupId, GroupKind before, int epoch, long nowMs) {
        batch.begin(nowMs);
        if (before != GroupKind.CONSUMER && !tryBury(groupId, before, nowMs)) {
            return TOO_LARGE;
        }
        new ConsumerGroupKey(groupId).encode(key.reset());
        new ConsumerGroupValue(epoch).encode(value.reset());
        return tryAppend(nowMs) ? batch.finish() : TOO_LARGE;
    }

    ByteBuffer groupTombstone(String groupId, GroupKind kind, long nowMs) {
        batch.begin(nowMs);
        return tryBury(groupId, kind, nowMs) ? batch.finish() : TOO_LARGE;
    }

    private boolean tryBury(String groupId, GroupKind kind, long nowMs) {
        switch (kind) {
            case CLASSIC -> new GroupMetadataKey(groupId).encode(key.reset());
            case CONSUMER -> new ConsumerGroupKey(groupId).encode(key.reset());
        }
        return tryAppendTombstone(nowMs);
    }

    private boolean tryAppend(long nowMs) {
        ByteBuffer keyBytes = key.lend();
        ByteBuffer valueBytes = value.lend();
        return batch.tryAppend(nowMs, keyBytes, 0, keyBytes.limit(), valueBytes, 0, valueBytes.limit());
    }

    private boolean tryAppendTombstone(long nowMs) {
        ByteBuffer keyBytes = key.lend();
        return batch.tryAppend(nowMs, keyBytes, 0, keyBytes.limit(), null, 0, RecordCursor.NULL_LENGTH);
    }
}
