package io.semel.transactions.groups;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.agrona.collections.Long2ObjectHashMap;

import io.semel.idempotence.Pen;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.records.ConsumerGroupKey;
import io.semel.transactions.records.ConsumerGroupValue;
import io.semel.transactions.records.GroupMetadataKey;
import io.semel.transactions.records.GroupMetadataValue;
import io.semel.transactions.records.OffsetCommitKey;
import io.semel.transactions.records.OffsetCommitValue;
import io.semel.transactions.records.OffsetsRecordType;

/**
 * The fold of {@code __consumer_offsets}: committed and pending offsets of all groups, and their last generations. The
 * running partition and recovery call the same {@link #apply}.
 *
 * <p>Thread rule: {@link #apply} by one thread at a time, whoever advances the partition; reads by any thread. Both go
 * under a pen of this class alone, a leaf: nothing else is called while it is held, so that a batch may be applied by a
 * thread which holds the coordinator's. A concurrent map would spare readers the pen, but would show them half of a
 * transaction's offsets while its marker is being applied.
 *
 * <p>Invariants:
 * <ul>
 * <li>L4 state = fold: batches are applied in log order, each once, and nothing else changes what is here.
 * <li>G1a a transactional offset is visible from its COMMIT marker on, all of a transaction's at once, and never after
 * an ABORT.
 * <li>G1b of all records for a partition that take part, the one with the highest log offset holds.
 * </ul>
 */
public final class CommittedOffsets {

    /** An offset inside a transaction that has not ended; NONE is a deletion. */
    private record Staged(CommittedOffset committed, long logOffset) {
    }

    private final Pen pen = new Pen();
    private final Map<String, GroupOffsets> groups = new HashMap<>();
    private final Long2ObjectHashMap<Map<OffsetCommitKey, Staged>> stagedByProducerId = new Long2ObjectHashMap<>();
    private final RecordCursor cursor = new RecordCursor();
    private final OffsetKeys keys = new OffsetKeys();
    /** Exclusive. Written under the pen after what it promises, so that whoever reads it finds that. */
    private volatile long appliedOffset;

    /** @param startOffset where the log starts, and with it this fold */
    public CommittedOffsets(long startOffset) {
        appliedOffset = startOffset;
    }

    public void apply(RecordBatchView batch) {
        pen.take();
        try {
            if (batch.baseOffset() < appliedOffset) {
                throw new IllegalStateException("L4: batch applied twice or out of order: baseOffset="
                        + batch.baseOffset() + " appliedOffset=" + appliedOffset);
            }
            if (batch.isControl()) {
                endTransaction(batch.controlType(), batch.producerId());
            } else {
                applyRecords(batch);
            }
            appliedOffset = batch.nextOffset();
        } finally {
            pen.release();
        }
    }

    private void applyRecords(RecordBatchView batch) {
        cursor.wrap(batch);
        while (cursor.next()) {
            ByteBuffer key = cursor.keySlice();
            switch (OffsetsRecordType.of(key)) {
                case OFFSET_COMMIT -> applyCommit(keys.decode(key), batch);
                case GROUP_METADATA -> applyGroup(GroupMetadataKey.decode(key).group(), GroupKind.CLASSIC);
                case CONSUMER_GROUP -> applyGroup(ConsumerGroupKey.decode(key).group(), GroupKind.CONSUMER);
            }
        }
    }

    private void applyCommit(OffsetCommitKey key, RecordBatchView batch) {
        ByteBuffer value = cursor.valueSlice();
        long logOffset = cursor.offset();
        CommittedOffset next = value == null
                ? CommittedOffset.NONE
                : CommittedOffset.of(OffsetCommitValue.decode(value), logOffset);
        if (batch.isTransactional()) {
            stage(batch.producerId(), key, new Staged(next, logOffset));
        } else {
            slot(key).decide(next, logOffset);
            forgetIfPossible(key);
        }
    }

    private void stage(long producerId, OffsetCommitKey key, Staged staged) {
        Map<OffsetCommitKey, Staged> ofProducer =
                stagedByProducerId.computeIfAbsent(producerId, unused -> new LinkedHashMap<>());
        if (ofProducer.put(key, staged) == null) {
            slot(key).stage();
        }
    }

    private void endTransaction(ControlType type, long producerId) {
        boolean ends = type == ControlType.COMMIT || type == ControlType.ABORT;
        Map<OffsetCommitKey, Staged> staged = ends ? stagedByProducerId.remove(producerId) : null;
        if (staged == null) {
            return;
        }
        staged.forEach((key, offset) -> {
            OffsetSlot slot = slot(key);
            slot.unstage();
            if (type == ControlType.COMMIT) {
                slot.decide(offset.committed(), offset.logOffset());
            }
            forgetIfPossible(key);
        });
    }

    /** A group that changes its kind deletes its record of the other kind: what it became before that stays. */
    private void applyGroup(String groupId, GroupKind kind) {
        GroupOffsets group = groups.computeIfAbsent(groupId, unused -> new GroupOffsets());
        ByteBuffer value = cursor.valueSlice();
        if (value != null) {
            group.become(kind == GroupKind.CLASSIC
                    ? GroupRecord.of(GroupMetadataValue.decode(value))
                    : GroupRecord.of(ConsumerGroupValue.decode(value)));
        } else if (group.record().kind() == kind) {
            group.become(GroupRecord.NONE);
        }
        if (group.isForgettable()) {
            groups.remove(groupId);
        }
    }

    private OffsetSlot slot(OffsetCommitKey key) {
        return groups.computeIfAbsent(key.group(), unused -> new GroupOffsets()).findOrAdd(key.topic(),
                key.partition());
    }

    private void forgetIfPossible(OffsetCommitKey key) {
        GroupOffsets group = groups.get(key.group());
        group.removeIfForgettable(key.topic(), key.partition());
        if (group.isForgettable()) {
            groups.remove(key.group());
        }
    }

    // ---- reads, by any thread

    /** First offset of {@code __consumer_offsets} that is not in here yet. */
    public long appliedOffset() {
        return appliedOffset;
    }

    /** {@link CommittedOffset#NONE} if there is none. Allocates nothing. */
    public CommittedOffset committed(String groupId, String topic, int partition) {
        pen.take();
        try {
            OffsetSlot slot = find(groupId, topic, partition);
            return slot == null ? CommittedOffset.NONE : slot.committed();
        } finally {
            pen.release();
        }
    }

    /** Whether an open transaction has an offset for this partition. */
    public boolean isPending(String groupId, String topic, int partition) {
        pen.take();
        try {
            OffsetSlot slot = find(groupId, topic, partition);
            return slot != null && slot.isPending();
        } finally {
            pen.release();
        }
    }

    /** One line per partition asked for, all from one moment. */
    public List<FetchedOffset> fetch(String groupId, List<PartitionName> partitions, Stability stability) {
        pen.take();
        try {
            return fetchHeld(groupId, partitions, stability);
        } finally {
            pen.release();
        }
    }

    /** One line per partition that the group has an offset for, committed or pending, all from one moment. */
    public List<FetchedOffset> fetchAll(String groupId, Stability stability) {
        pen.take();
        try {
            GroupOffsets group = groups.get(groupId);
            return group == null ? List.of() : fetchHeld(groupId, group.partitions(), stability);
        } finally {
            pen.release();
        }
    }

    private List<FetchedOffset> fetchHeld(String groupId, List<PartitionName> partitions, Stability stability) {
        List<FetchedOffset> fetched = new ArrayList<>(partitions.size());
        for (PartitionName partition : partitions) {
            OffsetSlot slot = find(groupId, partition.topic(), partition.partition());
            if (slot == null) {
                fetched.add(new FetchedOffset(partition, GroupError.NONE, CommittedOffset.NONE));
            } else if (stability == Stability.REQUIRED && slot.isPending()) {
                fetched.add(new FetchedOffset(partition, GroupError.UNSTABLE_OFFSET_COMMIT, CommittedOffset.NONE));
            } else {
                fetched.add(new FetchedOffset(partition, GroupError.NONE, slot.committed()));
            }
        }
        return fetched;
    }

    /** What a producer's open transaction holds, in the order in which it came; a deletion has no offset. */
    public List<StagedOffset> stagedBy(long producerId) {
        pen.take();
        try {
            List<StagedOffset> offsets = new ArrayList<>();
            stagedByProducerId.getOrDefault(producerId, Map.of()).forEach((key, staged) -> offsets.add(
                    new StagedOffset(key.group(), new PartitionName(key.topic(), key.partition()), staged.committed()
                            .offset())));
            return offsets;
        } finally {
            pen.release();
        }
    }

    private OffsetSlot find(String groupId, String topic, int partition) {
        GroupOffsets group = groups.get(groupId);
        return group == null ? null : group.find(topic, partition);
    }

    /** The highest generation on record, 0 for none. */
    public int lastGeneration(String groupId) {
        return recordOf(groupId).generation();
    }

    GroupRecord recordOf(String groupId) {
        pen.take();
        try {
            GroupOffsets group = groups.get(groupId);
            return group == null ? GroupRecord.NONE : group.record();
        } finally {
            pen.release();
        }
    }

    /** Of all groups that anything is on record about. */
    List<String> groupIds() {
        pen.take();
        try {
            return List.copyOf(groups.keySet());
        } finally {
            pen.release();
        }
    }

    /** Whether anything is on record about the group. */
    public boolean knows(String groupId) {
        pen.take();
        try {
            return groups.containsKey(groupId);
        } finally {
            pen.release();
        }
    }

    /** Every group on record as it is without members. */
    List<GroupDescription.Listing> listings() {
        pen.take();
        try {
            List<GroupDescription.Listing> listings = new ArrayList<>(groups.size());
            groups.forEach((groupId, group) -> listings.add(
                    new GroupDescription.Listing(groupId, group.record().kind(), GroupState.EMPTY, group.record()
                            .protocolType())));
            return listings;
        } finally {
            pen.release();
        }
    }

    GroupDescription describeWithoutMembers(String groupId) {
        pen.take();
        try {
            GroupOffsets group = groups.get(groupId);
            return group == null
                    ? GroupDescription.unknown(groupId)
                    : GroupDescription.withoutMembers(groupId, group.record());
        } finally {
            pen.release();
        }
    }
}
