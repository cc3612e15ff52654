package io.semel.verify.history;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

import org.agrona.collections.Long2ObjectHashMap;

/** What a partition holds, pieced together from what clients were told of it. Thread rule: one thread. */
final class PartitionLog {
    private static final Slot[] NONE = {};

    private final String name;
    private final String topic;
    private final Map<String, Value> values = new HashMap<>();
    private final Long2ObjectHashMap<Slot> slots = new Long2ObjectHashMap<>();

    /** Those with a record, ascending; once {@link #sort} was called. */
    private Slot[] visible = NONE;

    /** The poll that went furthest. */
    private Read furthest;

    PartitionLog(String name) {
        this.name = name;
        this.topic = Entry.topicOf(name);
    }

    String name() {
        return name;
    }

    String topic() {
        return topic;
    }

    Value value(String named) {
        return values.computeIfAbsent(named, Value::new);
    }

    /** The slot at {@code offset}, which is made if the witness is the first to speak of it. */
    Slot slot(long offset, Value value, Witness witness) {
        Slot slot = slots.get(offset);
        if (slot == null) {
            slot = new Slot(offset, value, witness);
            slots.put(offset, slot);
        }
        return slot;
    }

    void noteRead(Read read) {
        if (furthest == null || read.offset() > furthest.offset()) {
            furthest = read;
        }
    }

    /** The poll that went furthest; {@code null} when nobody polled anything. */
    Read furthest() {
        return furthest;
    }

    void sort() {
        Slot[] sorted = slots.values().toArray(NONE);
        Arrays.sort(sorted, Comparator.comparingLong(Slot::offset));
        int count = 0;
        for (Slot slot : sorted) {
            slot.visibleBefore = count;
            if (slot.isVisible) {
                sorted[count++] = slot;
            }
        }
        visible = Arrays.copyOf(sorted, count);
    }

    Slot[] visible() {
        return visible;
    }
}
