package io.semel.transactions.groups.consumer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import io.semel.transactions.groups.consumer.Assignor.Subscriber;

/**
 * One computation: keeps what subscribers had, gives what is left to whoever has least, and then moves partitions from
 * who has more to who has less until no move makes it more even. Every move makes the sum of the squares of all loads
 * smaller, so it ends.
 */
final class UniformAssignment {
    private final List<Subscriber> subscribers;
    private final Map<UUID, TopicCatalogue.Entry> topics = new HashMap<>();
    private final Map<UUID, List<String>> membersOf = new HashMap<>();
    private final Map<String, Set<TopicIdPartition>> assigned = new TreeMap<>();

    UniformAssignment(List<Subscriber> subscribers) {
        this.subscribers = new ArrayList<>(subscribers);
        this.subscribers.sort(Comparator.comparing(Subscriber::order));
        for (Subscriber each : this.subscribers) {
            assigned.put(each.memberId(), new HashSet<>());
            for (TopicCatalogue.Entry topic : each.topics()) {
                topics.put(topic.id(), topic);
                membersOf.computeIfAbsent(topic.id(), unused -> new ArrayList<>()).add(each.memberId());
            }
        }
    }

    Map<String, Set<TopicIdPartition>> assign(Map<String, Set<TopicIdPartition>> before) {
        Set<TopicIdPartition> taken = keep(before);
        giveWhatIsLeft(taken);
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Subscriber each : subscribers) {
                moved |= unload(each.memberId());
            }
        }
        return assigned;
    }

    private Set<TopicIdPartition> keep(Map<String, Set<TopicIdPartition>> before) {
        Set<TopicIdPartition> taken = new HashSet<>();
        for (Subscriber each : subscribers) {
            for (TopicIdPartition had : before.getOrDefault(each.memberId(), Set.of())) {
                TopicCatalogue.Entry topic = topics.get(had.topicId());
                boolean isWanted = topic != null && had.partition() < topic.partitionCount() && each.topics().contains(
                        topic);
                if (isWanted && taken.add(had)) {
                    assigned.get(each.memberId()).add(had);
                }
            }
        }
        return taken;
    }

    /** Topics that few want first: the others can make up for it. */
    private void giveWhatIsLeft(Set<TopicIdPartition> taken) {
        List<TopicCatalogue.Entry> ordered = new ArrayList<>(topics.values());
        ordered.sort(Comparator.<TopicCatalogue.Entry>comparingInt(topic -> membersOf.get(topic.id()).size())
                .thenComparing(TopicCatalogue.Entry::name));
        for (TopicCatalogue.Entry topic : ordered) {
            for (int partition = 0; partition < topic.partitionCount(); partition++) {
                TopicIdPartition id = new TopicIdPartition(topic.id(), partition);
                if (!taken.contains(id)) {
                    assigned.get(leastLoaded(topic.id())).add(id);
                }
            }
        }
    }

    private boolean unload(String memberId) {
        Set<TopicIdPartition> own = assigned.get(memberId);
        boolean moved = false;
        for (TopicIdPartition each : List.copyOf(own)) {
            Set<TopicIdPartition> least = assigned.get(leastLoaded(each.topicId()));
            if (least.size() + 1 < own.size()) {
                own.remove(each);
                least.add(each);
                moved = true;
            }
        }
        return moved;
    }

    private String leastLoaded(UUID topicId) {
        String least = null;
        for (String each : membersOf.get(topicId)) {
            if (least == null || assigned.get(each).size() < assigned.get(least).size()) {
                least = each;
            }
        }
        return least;
    }
}
