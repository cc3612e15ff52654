package io.semel.server.network.groups;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's own consumers in groups whose partitions the coordinator assigns. */
class AssignedConsumersTest {
    private static final int PARTITIONS = 6;
    private static final TopicPartition FIRST = new TopicPartition("t", 0);

    @TempDir
    Path directory;

    private OpenServer open;
    private Company company;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("t", PARTITIONS, Map.of());
        company = new Company(open, "g", "t");
    }

    @AfterEach
    void close() throws Exception {
        company.close();
        open.close();
    }

    /** How each assignor divides is told beside; here a change takes some heartbeats of five seconds. */
    @Test
    void membersShareWhoeverComesAndGoes() throws Exception {
        String assignor = "range";
        for (int count = 1; count <= 3; count++) {
            company.assigned(Map.of(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, assignor));
            company.awaitSharing(PARTITIONS);
        }
        try (Admin admin = open.admin()) {
            ConsumerGroupDescription described = admin.describeConsumerGroups(Set.of("g")).all().get().get("g");
            assertEquals(assignor, described.partitionAssignor());
            assertEquals(GroupType.CONSUMER, described.type());
            assertEquals(3, described.members().size());
            GroupListing listed = List.copyOf(admin.listGroups().all().get()).get(0);
            assertEquals(GroupType.CONSUMER, listed.type().orElseThrow());
        }
        company.leave(company.members().get(0));
        company.awaitSharing(PARTITIONS);
    }

    @Test
    void offsetsAreCommittedByWhoIsAMember() throws Exception {
        Consumer<byte[], byte[]> consumer = company.assigned(Map.of());
        company.awaitSharing(PARTITIONS);
        consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(3)));
        assertEquals(3, consumer.committed(Set.of(FIRST)).get(FIRST).offset());
        try (Admin admin = open.admin()) {
            assertThrows(Exception.class, () -> admin.alterConsumerGroupOffsets("g", Map.of(FIRST,
                    new OffsetAndMetadata(9))).all().get());
            company.leave(consumer);
            assertEquals(GroupState.EMPTY, admin.describeConsumerGroups(Set.of("g")).all().get().get("g").groupState());
            admin.alterConsumerGroupOffsets("g", Map.of(FIRST, new OffsetAndMetadata(9))).all().get();
            assertEquals(Map.of(FIRST, new OffsetAndMetadata(9)), admin.listConsumerGroupOffsets("g")
                    .partitionsToOffsetAndMetadata().get());
            admin.deleteConsumerGroups(Set.of("g")).all().get();
            assertTrue(admin.listGroups().all().get().isEmpty());
        }
    }

    @Test
    void aPatternFindsTopicsThatComeLater() throws Exception {
        Consumer<byte[], byte[]> consumer = company.assigned(new SubscriptionPattern("t.*"));
        company.awaitSharing(PARTITIONS);
        open.semel().admin().createTopic("t2", 1, Map.of());
        open.semel().admin().createTopic("other", 1, Map.of());
        company.await(() -> consumer.assignment().size() > PARTITIONS, () -> "the later topic");
        assertTrue(consumer.assignment().contains(new TopicPartition("t2", 0)));
        assertEquals(PARTITIONS + 1, consumer.assignment().size());
    }

    @Test
    void aStaticMemberComesBackToWhatItHad() {
        company.assigned(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "stays"));
        Consumer<byte[], byte[]> goes = company.assigned(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "goes"));
        company.awaitSharing(PARTITIONS);
        Set<TopicPartition> had = Set.copyOf(goes.assignment());
        company.leave(goes);
        Consumer<byte[], byte[]> back = company.assigned(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "goes"));
        company.awaitSharing(PARTITIONS);
        assertEquals(had, back.assignment());
    }

    @Test
    void aGroupChangesItsKindOnlyWhileItIsEmpty() throws Exception {
        Consumer<byte[], byte[]> assigned = company.assigned(Map.of());
        company.awaitSharing(PARTITIONS);
        Company others = new Company(open, "g", "t");
        Consumer<byte[], byte[]> classic = others.remote(Map.of());
        assertThrows(InconsistentGroupProtocolException.class, () -> others.await(() -> false, () -> "a refusal"));
        others.leave(classic);
        company.leave(assigned);
        others.remote(Map.of());
        others.awaitSharing(PARTITIONS);
        try (Admin admin = open.admin()) {
            assertEquals(GroupType.CLASSIC, admin.describeConsumerGroups(Set.of("g")).all().get().get("g").type());
        }
        others.close();
        company.assigned(Map.of());
        company.awaitSharing(PARTITIONS);
    }

    @Test
    void membersOfAGroupFindItAgainAfterTheServerCameBack() throws Exception {
        Consumer<byte[], byte[]> consumer = company.assigned(Map.of());
        company.awaitSharing(PARTITIONS);
        consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(3)));
        int epoch = consumer.groupMetadata().generationId();
        company.leave(consumer);
        open.close();
        open = OpenServer.in(directory);
        company = new Company(open, "g", "t");
        Consumer<byte[], byte[]> next = company.assigned(Map.of());
        company.awaitSharing(PARTITIONS);
        assertTrue(next.groupMetadata().generationId() > epoch, "no epoch is used twice");
        assertEquals(3, next.committed(Set.of(FIRST)).get(FIRST).offset());
    }
}
