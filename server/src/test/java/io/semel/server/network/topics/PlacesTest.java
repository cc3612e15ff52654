package io.semel.server.network.topics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What means something only where there are many machines: told as it is, or refused with the reason. */
class PlacesTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    Path directory;
    private OpenServer open;
    private Admin admin;

    @BeforeEach
    void open() throws IOException {
        open = OpenServer.in(directory);
        admin = open.admin();
        open.semel().admin().createTopic("orders", 2);
    }

    @AfterEach
    void close() throws IOException {
        admin.close();
        open.close();
    }

    @Test
    void theDirectoryHasTheBytesThatTheOwnerSees() throws Exception {
        try (Appender appender = open.semel().openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0)) {
            appender.append(new byte[8], new byte[1000]);
        }
        Map<String, LogDirDescription> all = admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
        LogDirDescription only = all.get(directory.toAbsolutePath().toString());
        long bytes = open.semel().admin().describeTopic("orders").partitions().get(0).sizeInBytes();
        assertTrue(bytes > 1000);
        assertEquals(bytes, only.replicaInfos().get(ORDERS).size());
        assertTrue(only.totalBytes().getAsLong() >= only.usableBytes().getAsLong());
        assertTrue(only.replicaInfos().containsKey(new TopicPartition("__consumer_offsets", 0)));
    }

    @Test
    void partitionsAreInTheOneDirectoryAlready() throws Exception {
        TopicPartitionReplica replica = new TopicPartitionReplica("orders", 0, 1);
        admin.alterReplicaLogDirs(Map.of(replica, directory.toAbsolutePath().toString())).all().get();
        Failed.with(LogDirNotFoundException.class, "", admin.alterReplicaLogDirs(Map.of(replica, "/elsewhere")).all());
    }

    @Test
    void nobodyIsElected() throws Exception {
        TopicPartition unknown = new TopicPartition("nothing", 0);
        Map<TopicPartition, Optional<Throwable>> elected = admin.electLeaders(ElectionType.PREFERRED, Set.of(ORDERS,
                unknown)).partitions().get();
        assertInstanceOf(ElectionNotNeededException.class, elected.get(ORDERS).orElseThrow());
        assertInstanceOf(UnknownTopicOrPartitionException.class, elected.get(unknown).orElseThrow());
        assertEquals(Map.of(), admin.electLeaders(ElectionType.PREFERRED, null).partitions().get());
    }

    @Test
    void partitionsStayWhereTheyAre() throws Exception {
        assertEquals(Map.of(), admin.listPartitionReassignments().reassignments().get());
        admin.alterPartitionReassignments(Map.of(ORDERS, Optional.of(new NewPartitionReassignment(List.of(1))))).all()
                .get();
        Failed.with(InvalidReplicaAssignmentException.class, "one copy", admin.alterPartitionReassignments(Map.of(
                ORDERS,
                Optional.of(new NewPartitionReassignment(List.of(2))))).all());
        Failed.with(NoReassignmentInProgressException.class, "", admin.alterPartitionReassignments(Map.of(ORDERS,
                Optional.empty())).all());
    }

    @Test
    void quotasAreRefusedAndThereAreNone() throws Exception {
        ClientQuotaEntity anybody = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "alice"));
        assertEquals(Map.of(), admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
        Failed.with(InvalidRequestException.class, "producer_byte_rate", admin.alterClientQuotas(List.of(
                new ClientQuotaAlteration(anybody, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1.0)))))
                .all());
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(anybody, List.of(new ClientQuotaAlteration.Op(
                "producer_byte_rate", null))))).all().get();
    }

    @Test
    void featuresAreWhatTheReleaseSpeaks() throws Exception {
        short now = admin.describeFeatures().featureMetadata().get().finalizedFeatures().get("transaction.version")
                .maxVersionLevel();
        admin.updateFeatures(Map.of("transaction.version", new FeatureUpdate(now, UpgradeType.UPGRADE)),
                new UpdateFeaturesOptions()).all().get();
        Failed.with(InvalidUpdateVersionException.class, "now=2", admin.updateFeatures(Map.of("transaction.version",
                new FeatureUpdate((short) 1, UpgradeType.SAFE_DOWNGRADE)), new UpdateFeaturesOptions()).all());
        Failed.with(InvalidUpdateVersionException.class, "no such feature", admin.updateFeatures(Map.of("cats",
                new FeatureUpdate((short) 1, UpgradeType.UPGRADE)), new UpdateFeaturesOptions()).all());
    }
}
