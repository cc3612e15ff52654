package io.semel.transactions.groups.consumer;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Topics that a test makes, changes and deletes. */
final class FakeCatalogue implements TopicCatalogue {
    private final Map<String, Entry> topics = new TreeMap<>();
    private int made;

    void put(String name, int partitionCount) {
        topics.put(name, new Entry(new UUID(0, ++made), name, partitionCount));
    }

    void grow(String name, int partitionCount) {
        topics.put(name, new Entry(topics.get(name).id(), name, partitionCount));
    }

    void remove(String name) {
        topics.remove(name);
    }

    @Override
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    @Override
    public Collection<String> names() {
        return List.copyOf(topics.keySet());
    }
}
