package io.semel.transactions.groups.consumer;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.semel.transactions.groups.consumer.Assignor.Subscriber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AssignorTest {
    private static final TopicCatalogue.Entry WIDE = new TopicCatalogue.Entry(new UUID(0, 1), "wide", 7);
    private static final TopicCatalogue.Entry NARROW = new TopicCatalogue.Entry(new UUID(0, 2), "narrow", 2);

    private static Subscriber subscriber(String id, TopicCatalogue.Entry... topics) {
        return new Subscriber(id, id, Set.of(topics));
    }

    @Test
    void rangesOfAllTopicsGoTogether() {
        Map<String, Set<TopicIdPartition>> assigned = Assignor.RANGE.assign(List.of(subscriber("b", WIDE, NARROW),
                subscriber("a", WIDE, NARROW)), Map.of());
        assertEquals(Set.of(at(WIDE, 0), at(WIDE, 1), at(WIDE, 2), at(NARROW, 0)), assigned.get("a"));
        assertEquals(Set.of(at(WIDE, 3), at(WIDE, 4), at(WIDE, 5), at(WIDE, 6), at(NARROW, 1)), assigned.get("b"));
    }

    @Test
    void aNewcomerTakesOnlyItsShareAndTheOthersKeepTheRest() {
        Map<String, Set<TopicIdPartition>> before = Assignor.UNIFORM.assign(List.of(subscriber("a", WIDE), subscriber(
                "b", WIDE)), Map.of());
        Map<String, Set<TopicIdPartition>> after = Assignor.UNIFORM.assign(List.of(subscriber("a", WIDE), subscriber(
                "b",
                WIDE), subscriber("c", WIDE)), before);
        assertEquals(2, after.get("c").size());
        assertTrue(before.get("a").containsAll(after.get("a")));
        assertTrue(before.get("b").containsAll(after.get("b")));
    }

    @Test
    void whoWantsLittleLeavesTheRestToOthers() {
        Map<String, Set<TopicIdPartition>> assigned = Assignor.UNIFORM.assign(List.of(subscriber("a", WIDE, NARROW),
                subscriber("b", NARROW)), Map.of());
        assertEquals(7, assigned.get("a").size());
        assertEquals(Set.of(at(NARROW, 0), at(NARROW, 1)), assigned.get("b"));
        Set<TopicIdPartition> all = new HashSet<>(assigned.get("a"));
        all.addAll(assigned.get("b"));
        assertEquals(9, all.size());
    }

    private static TopicIdPartition at(TopicCatalogue.Entry topic, int partition) {
        return new TopicIdPartition(topic.id(), partition);
    }
}
