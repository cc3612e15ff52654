package io.semel.transactions.broker;

import java.util.Collection;
import java.util.Optional;

import io.semel.transactions.groups.consumer.TopicCatalogue;

/** The directory's topics as the group coordinator sees them. Thread rule: any thread. */
record TopicsToConsume(Topics topics) implements TopicCatalogue {

    @Override
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(topics.find(name)).map(topic -> new Entry(topic.id(), topic.name(), topic
                .partitionCount()));
    }

    @Override
    public Collection<String> names() {
        return topics.topics().stream().filter(topic -> !topic.isInternal()).map(Topic::name).toList();
    }
}
