package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.agrona.collections.Int2ObjectHashMap;

/**
 * What {@code __consumer_offsets} says about one group: itself and its offsets, found without building a
 * key. Used under the pen of {@link CommittedOffsets}.
 */
final class GroupOffsets {

    private final Map<String, Int2ObjectHashMap<OffsetSlot>> topics = new HashMap<>();
    private GroupRecord record = GroupRecord.NONE;

    /** The slot, or null: between these two classes only. */
    OffsetSlot find(String topic, int partition) {
        Int2ObjectHashMap<OffsetSlot> slots = topics.get(topic);
        return slots == null ? null : slots.get(partition);
    }

    OffsetSlot findOrAdd(String topic, int partition) {
        return topics.computeIfAbsent(topic, unused -> new Int2ObjectHashMap<>()).computeIfAbsent(partition,
                unused -> new OffsetSlot());
    }

    void removeIfForgettable(String topic, int partition) {
        Int2ObjectHashMap<OffsetSlot> slots = topics.get(topic);
        if (slots != null && slots.containsKey(partition) && slots.get(partition).isForgettable()) {
            slots.remove(partition);
            if (slots.isEmpty()) {
                topics.remove(topic);
            }
        }
    }

    /** Every partition with an offset, pending ones included. */
    List<PartitionName> partitions() {
        List<PartitionName> partitions = new ArrayList<>();
        topics.forEach((topic, slots) -> slots.forEachInt(
                (partition, slot) -> partitions.add(new PartitionName(topic, partition))));
        return partitions;
    }

    void become(GroupRecord next) {
        record = next;
    }

    GroupRecord record() {
        return record;
    }

    boolean isForgettable() {
        return topics.isEmpty() && record.generation() == 0;
    }
}
