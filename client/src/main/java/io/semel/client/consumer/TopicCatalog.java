package io.semel.client.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.semel.client.runtime.KafkaErrors;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.UnknownTopicException;
import io.semel.transactions.groups.CommittedOffset;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;

/** The directory's topics in Kafka's words. Thread rule: any thread. */
final class TopicCatalog {
    /**
     * How often a subscription looks whether topics came or went: soon enough for people, rare enough to cost nothing.
     */
    static final long LOOK_INTERVAL_MS = 100;

    /** The one node that holds everything: this process. */
    private static final Node HERE = new Node(0, "embedded", 0);

    private final Broker broker;

    TopicCatalog(Broker broker) {
        this.broker = broker;
    }

    /** What a member saw of topics when it joined. */
    record Seen(Map<String, Shape> topics) {
    }

    /** By the id a topic made anew is another one; by the count one that has grown is. */
    record Shape(UUID id, int partitionCount) {
    }

    Seen see(Collection<String> names) {
        Map<String, Shape> topics = new TreeMap<>();
        for (Topic topic : broker.topics()) {
            if (names.contains(topic.name())) {
                topics.put(topic.name(), new Shape(topic.id(), topic.partitionCount()));
            }
        }
        return new Seen(topics);
    }

    Set<String> matching(Pattern pattern, boolean excludeInternal) {
        Set<String> names = new TreeSet<>();
        for (Topic topic : broker.topics()) {
            if (!(excludeInternal && topic.isInternal()) && pattern.matcher(topic.name()).matches()) {
                names.add(topic.name());
            }
        }
        return names;
    }

    /** Empty when there is no such topic. */
    List<PartitionInfo> partitionsOf(String name) {
        return broker.hasTopic(name) ? partitionsOf(broker.topic(name)) : List.of();
    }

    private static List<PartitionInfo> partitionsOf(Topic topic) {
        Node[] here = {HERE};
        List<PartitionInfo> partitions = new ArrayList<>();
        for (int index = 0; index < topic.partitionCount(); index++) {
            partitions.add(topic.isOffline(index)
                    ? new PartitionInfo(topic.name(), index, null, here, new Node[0], here)
                    : new PartitionInfo(topic.name(), index, HERE, here, here));
        }
        return partitions;
    }

    Map<String, List<PartitionInfo>> all() {
        Map<String, List<PartitionInfo>> all = new TreeMap<>();
        broker.topics().forEach(topic -> all.put(topic.name(), partitionsOf(topic)));
        return all;
    }

    /** What an assignor is shown. */
    Cluster cluster(Collection<String> names) {
        List<PartitionInfo> partitions = new ArrayList<>();
        names.forEach(name -> partitions.addAll(partitionsOf(name)));
        return new Cluster(broker.clusterId(), List.of(HERE), partitions, Set.of(), Set.of());
    }

    /**
     * @throws UnknownTopicOrPartitionException when there is none
     * @throws KafkaStorageException            when it is offline
     */
    Partition partition(TopicPartition id) {
        requireOnline(id);
        return Optional.ofNullable(broker.findPartition(new PartitionId(id.topic(), id.partition())))
                .orElseThrow(() -> new UnknownTopicOrPartitionException(
                        "no such partition: " + id + " in " + broker.path()));
    }

    /** @throws KafkaStorageException when there is such a partition, and it is offline */
    void requireOnline(TopicPartition id) {
        if (isOffline(id)) {
            try {
                broker.partition(id.topic(), id.partition());
            } catch (PartitionOfflineException e) {
                throw KafkaErrors.offline(e);
            } catch (UnknownTopicException e) {
                throw new UnknownTopicOrPartitionException(e.getMessage(), e);
            }
        }
    }

    boolean isOffline(TopicPartition id) {
        return topic(id.topic()).map(topic -> topic.isOffline(id.partition())).orElse(false);
    }

    /** Whether this is an offset of the topic, and not of a deleted one that had the same name. */
    boolean isAbout(String name, CommittedOffset committed) {
        return committed.isPresent() && topicId(name).map(committed::isOf).orElse(committed.isOfAnyTopic());
    }

    /** Whether there is such a partition, in service or not. */
    boolean has(TopicPartition id) {
        return topic(id.topic()).map(topic -> id.partition() >= 0 && id.partition() < topic.partitionCount())
                .orElse(false);
    }

    /** The partition as it is now with its topic's id, both of one topic; empty when there is none. */
    Optional<Standing> standing(TopicPartition id) {
        return topic(id.topic()).filter(topic -> id.partition() >= 0 && id.partition() < topic.partitionCount()
                && !topic.isOffline(id.partition()))
                .map(topic -> new Standing(topic.id(), topic.partition(id.partition())));
    }

    /** A partition and the id of its topic, which tells it from a partition of the same name in an earlier topic. */
    record Standing(UUID topicId, Partition partition) {
    }

    private Optional<Topic> topic(String name) {
        try {
            return Optional.of(broker.topic(name));
        } catch (UnknownTopicException e) {
            return Optional.empty();
        }
    }

    /** Whether the partition is not, or not any more, the one of that name: its topic was deleted. */
    boolean isGone(TopicPartition id, Partition partition) {
        return broker.findPartition(new PartitionId(id.topic(), id.partition())) != partition;
    }

    Optional<UUID> topicId(String name) {
        return topic(name).map(Topic::id);
    }
}
