package io.semel.server.network.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Kafka's own admin client sees of the cluster that a directory looks like. */
class ClusterTest {
    @TempDir
    Path directory;

    @Test
    void oneNodeIsTheWholeCluster() throws Exception {
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            DescribeClusterResult cluster = admin.describeCluster();
            Node node = cluster.controller().get();
            assertEquals(open.server().port(), node.port());
            assertEquals(List.of(node), List.copyOf(cluster.nodes().get()));
            assertTrue(cluster.clusterId().get().length() > 10);
        }
    }

    @Test
    void topicsOfTheOwnerAreSeenThroughThePort() throws Exception {
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            open.semel().admin().createTopic("orders", 3, Map.of());
            assertTrue(admin.listTopics().names().get().contains("orders"));
            TopicDescription described = admin.describeTopics(Set.of("orders")).allTopicNames().get().get("orders");
            assertEquals(3, described.partitions().size());
            assertEquals(open.server().port(), described.partitions().get(2).leader().port());
        }
    }

    @Test
    void aTopicThatIsNotThereIsToldByItsCode() throws Exception {
        try (OpenServer open = OpenServer.in(directory); Admin admin = open.admin()) {
            Exception failure = assertThrows(Exception.class, () -> admin.describeTopics(Set.of("nothing"))
                    .allTopicNames().get());
            assertInstanceOf(UnknownTopicOrPartitionException.class, failure.getCause());
        }
    }
}
