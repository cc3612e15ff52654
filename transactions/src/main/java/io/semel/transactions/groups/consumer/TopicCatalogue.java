package io.semel.transactions.groups.consumer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The topics that there are. Called under the coordinator's pen: must not block, and must not call back. */
public interface TopicCatalogue {

    /** Nothing exists: for coordinators that nobody comes to with the consumer protocol. */
    TopicCatalogue EMPTY = new TopicCatalogue() {
        @Override
        public Optional<Entry> find(String name) {
            return Optional.empty();
        }

        @Override
        public Collection<String> names() {
            return List.of();
        }
    };

    /** A topic at one moment. */
    record Entry(UUID id, String name, int partitionCount) {
    }

    Optional<Entry> find(String name);

    /** Of all topics that a pattern may match: internal ones are not among them. */
    Collection<String> names();
}
