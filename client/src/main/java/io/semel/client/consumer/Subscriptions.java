package io.semel.client.consumer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * What the consumer asked for, and what it has: topics or a pattern, whose partitions a group hands out, or partitions
 * that the caller chose.
 *
 * <p>Thread rule: the polling thread's; {@link #assignment} is a copy.
 */
final class Subscriptions {
    /** How partitions come here. */
    enum Kind {
        NONE, TOPICS, PATTERN, CHOSEN
    }

    private final Function<TopicPartition, PartitionFeed> feedMaker;
    private final ConsumerMetrics metrics;
    private Kind kind = Kind.NONE;
    private Set<String> topics = Set.of();
    private Optional<Pattern> pattern = Optional.empty();
    private Optional<ConsumerRebalanceListener> listener = Optional.empty();
    /** In the order of their turns. */
    private final Map<TopicPartition, PartitionFeed> feeds = new LinkedHashMap<>();

    Subscriptions(Function<TopicPartition, PartitionFeed> feedMaker, ConsumerMetrics metrics) {
        this.feedMaker = feedMaker;
        this.metrics = metrics;
    }

    /** @throws IllegalArgumentException when one is null or blank */
    static Set<String> checkedNames(Collection<String> names) {
        if (names.stream().anyMatch(name -> name == null || name.isBlank())) {
            throw new IllegalArgumentException("topics to subscribe to can't hold a null or empty name: " + names);
        }
        return Set.copyOf(names);
    }

    void subscribe(Collection<String> names, Optional<ConsumerRebalanceListener> rebalanceListener) {
        become(Kind.TOPICS);
        topics = new LinkedHashSet<>(names);
        listener = rebalanceListener;
    }

    void subscribe(Pattern topicPattern, Optional<ConsumerRebalanceListener> rebalanceListener) {
        become(Kind.PATTERN);
        pattern = Optional.of(topicPattern);
        listener = rebalanceListener;
    }

    /** Partitions that were there before keep their positions. */
    void choose(Collection<TopicPartition> partitions) {
        become(Kind.CHOSEN);
        replaceFeeds(partitions);
    }

    private void become(Kind next) {
        if (kind != Kind.NONE && kind != next) {
            throw new IllegalStateException(
                    "subscriptions to topics, to a pattern and to partitions exclude each other: is "
                            + kind + ", asked for " + next + "; unsubscribe first");
        }
        kind = next;
    }

    /** What the group gave this member. */
    void assign(Collection<TopicPartition> partitions) {
        replaceFeeds(partitions);
    }

    private void replaceFeeds(Collection<TopicPartition> partitions) {
        Set<TopicPartition> wanted = new LinkedHashSet<>(partitions);
        feeds.values().stream().filter(feed -> !wanted.contains(feed.id())).forEach(PartitionFeed::stopReading);
        feeds.keySet().retainAll(wanted);
        wanted.forEach(id -> feeds.computeIfAbsent(id, feedMaker));
        metrics.assigned(wanted);
    }

    /** These are not assigned any more; the others are read on where they stand. */
    void drop(Set<TopicPartition> partitions) {
        Set<TopicPartition> kept = assignment();
        kept.removeAll(partitions);
        replaceFeeds(kept);
    }

    /** Nothing is assigned any more; what was asked for stays. */
    void dropAssignment() {
        replaceFeeds(List.of());
    }

    void unsubscribe() {
        dropAssignment();
        kind = Kind.NONE;
        topics = Set.of();
        pattern = Optional.empty();
        listener = Optional.empty();
    }

    Kind kind() {
        return kind;
    }

    boolean isByGroup() {
        return kind == Kind.TOPICS || kind == Kind.PATTERN;
    }

    Set<String> topics() {
        return topics;
    }

    /** For a pattern: what it matched when the member joined. */
    void noteMatchedTopics(Collection<String> matched) {
        topics = new LinkedHashSet<>(matched);
    }

    Optional<Pattern> pattern() {
        return pattern;
    }

    Optional<ConsumerRebalanceListener> listener() {
        return listener;
    }

    Set<TopicPartition> assignment() {
        return new LinkedHashSet<>(feeds.keySet());
    }

    /** @throws IllegalStateException when the partition is not assigned */
    PartitionFeed feed(TopicPartition id) {
        PartitionFeed feed = feeds.get(id);
        if (feed == null) {
            throw new IllegalStateException("not assigned to this consumer: partition=" + id + " assigned="
                    + feeds.keySet());
        }
        return feed;
    }

    Optional<PartitionFeed> find(TopicPartition id) {
        return Optional.ofNullable(feeds.get(id));
    }

    Collection<PartitionFeed> feedsInTurn() {
        return feeds.values();
    }

    void moveToEnd(TopicPartition id) {
        feeds.put(id, feeds.remove(id));
    }

    @Override
    public String toString() {
        return kind + " " + topics + " " + feeds.values();
    }
}
