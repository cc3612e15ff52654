package io.semel.transactions.groups.consumer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.semel.transactions.groups.consumer.Assignor.Subscriber;

/** Cuts each topic into ranges, one for each subscriber in their order, as even as can be. Stateless. */
final class RangeAssignment {
    private RangeAssignment() {
    }

    static Map<String, Set<TopicIdPartition>> assign(List<Subscriber> subscribers) {
        List<Subscriber> ordered = new ArrayList<>(subscribers);
        ordered.sort(Comparator.comparing(Subscriber::order));
        Map<String, Set<TopicIdPartition>> assigned = new HashMap<>();
        Map<TopicCatalogue.Entry, List<Subscriber>> byTopic = new HashMap<>();
        for (Subscriber each : ordered) {
            assigned.put(each.memberId(), new HashSet<>());
            each.topics().forEach(topic -> byTopic.computeIfAbsent(topic, unused -> new ArrayList<>()).add(each));
        }
        byTopic.forEach((topic, ofTopic) -> {
            for (int i = 0; i < ofTopic.size(); i++) {
                int begin = (int) ((long) topic.partitionCount() * i / ofTopic.size());
                int end = (int) ((long) topic.partitionCount() * (i + 1) / ofTopic.size());
                for (int partition = begin; partition < end; partition++) {
                    assigned.get(ofTopic.get(i).memberId()).add(new TopicIdPartition(topic.id(), partition));
                }
            }
        });
        return assigned;
    }
}
