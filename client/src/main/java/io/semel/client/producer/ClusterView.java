package io.semel.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.Topic;

/**
 * The directory as Kafka's classes describe a cluster: one node, which leads everything.
 *
 * <p>Thread rule: any thread.
 */
final class ClusterView {
    private static final Node NODE = new Node(0, "embedded", 0);
    private static final Node[] ALONE = {NODE};
    private static final Node[] NOBODY = {};

    private final Broker broker;
    private volatile Cluster cluster = Cluster.empty();

    ClusterView(Broker broker) {
        this.broker = broker;
    }

    static List<PartitionInfo> partitionsOf(Topic topic) {
        List<PartitionInfo> partitions = new ArrayList<>();
        for (int index = 0; index < topic.partitionCount(); index++) {
            partitions.add(topic.isOffline(index)
                    ? new PartitionInfo(topic.name(), index, null, ALONE, NOBODY, ALONE)
                    : new PartitionInfo(topic.name(), index, NODE, ALONE, ALONE));
        }
        return partitions;
    }

    /** A cluster in which {@code topic} is as it is now; other topics may be as they were. */
    Cluster clusterWith(Topic topic) {
        Cluster current = cluster;
        Integer known = current.partitionCountForTopic(topic.name());
        if (known == null || known != topic.partitionCount()) {
            current = describe();
            cluster = current;
        }
        return current;
    }

    private Cluster describe() {
        List<PartitionInfo> partitions = new ArrayList<>();
        broker.topics().forEach(topic -> partitions.addAll(partitionsOf(topic)));
        return new Cluster(broker.clusterId(), List.of(NODE), partitions, Set.of(), Set.of());
    }
}
