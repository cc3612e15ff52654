package io.semel.server.network.groups;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.semel.server.network.OpenServer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's own consumers and admin client in classic groups. */
class RemoteConsumersTest {
    private static final int PARTITIONS = 8;
    private static final TopicPartition FIRST = new TopicPartition("t", 0);

    @TempDir
    Path directory;

    private OpenServer open;
    private Company company;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("t", PARTITIONS, Map.of());
        open.semel().admin().createTopic("other", 1, Map.of());
        company = new Company(open, "g", "t");
    }

    @AfterEach
    void close() throws Exception {
        company.close();
        open.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, RoundRobinAssignor.class, StickyAssignor.class,
        CooperativeStickyAssignor.class})
    void membersShareWhoeverComesAndGoes(Class<?> assignor) {
        Map<String, Object> configs = Map.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, assignor.getName());
        for (int count = 1; count <= 4; count++) {
            company.remote(configs);
            company.awaitSharing(PARTITIONS);
        }
        while (company.members().size() > 1) {
            company.leave(company.members().get(0));
            company.awaitSharing(PARTITIONS);
        }
    }

    @Test
    void aStaticMemberComesBackToWhatItHadWithoutARebalance() {
        Consumer<byte[], byte[]> stays = company.remote(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "stays"));
        Consumer<byte[], byte[]> goes = company.remote(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "goes"));
        company.awaitSharing(PARTITIONS);
        Set<TopicPartition> had = Set.copyOf(goes.assignment());
        int generation = goes.groupMetadata().generationId();
        company.leave(goes);
        Consumer<byte[], byte[]> back = company.remote(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "goes"));
        company.awaitSharing(PARTITIONS);
        assertEquals(had, back.assignment());
        assertEquals(generation, back.groupMetadata().generationId());
        assertEquals(generation, stays.groupMetadata().generationId());
    }

    @Test
    void offsetsAreCommittedAndFoundAgain() {
        Consumer<byte[], byte[]> consumer = company.remote(Map.of());
        company.awaitSharing(PARTITIONS);
        consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(3, "synchronous")));
        assertEquals("synchronous", consumer.committed(Set.of(FIRST)).get(FIRST).metadata());
        AtomicReference<Object> outcome = new AtomicReference<>();
        consumer.commitAsync(Map.of(FIRST, new OffsetAndMetadata(4)), (offsets, failure) -> outcome.set(failure == null
                ? offsets
                : failure));
        company.await(() -> outcome.get() != null, () -> "the callback");
        assertEquals(Map.of(FIRST, new OffsetAndMetadata(4)), outcome.get());
        company.leave(consumer);
        Consumer<byte[], byte[]> next = company.remote(Map.of());
        assertEquals(4, next.committed(Set.of(FIRST)).get(FIRST).offset());
    }

    @Test
    void whoWasRemovedCommitsNothingMore() throws Exception {
        Consumer<byte[], byte[]> removed = company.remote(Map.of());
        company.awaitSharing(PARTITIONS);
        try (Admin admin = open.admin()) {
            admin.removeMembersFromConsumerGroup("g", new RemoveMembersFromConsumerGroupOptions()).all().get();
        }
        int generation = removed.groupMetadata().generationId();
        assertThrows(CommitFailedException.class, () -> removed.commitSync(Map.of(FIRST, new OffsetAndMetadata(3))));
        company.await(() -> removed.groupMetadata().generationId() > generation, () -> "another generation");
        removed.commitSync(Map.of(FIRST, new OffsetAndMetadata(3)));
    }

    @Test
    void aStaticMemberIsRemovedByItsInstance() throws Exception {
        company.remote(Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "i"));
        company.awaitSharing(PARTITIONS);
        try (Admin admin = open.admin()) {
            admin.removeMembersFromConsumerGroup("g", new RemoveMembersFromConsumerGroupOptions(Set.of(
                    new MemberToRemove("i")))).all().get();
            assertEquals(GroupState.EMPTY, describe(admin).groupState());
        }
    }

    private static ConsumerGroupDescription describe(Admin admin) throws Exception {
        return admin.describeConsumerGroups(Set.of("g")).all().get().get("g");
    }

    @Test
    void adminSeesGroupsAndTheirMembers() throws Exception {
        Consumer<byte[], byte[]> consumer = company.remote(Map.of(ConsumerConfig.CLIENT_ID_CONFIG, "named"));
        company.awaitSharing(PARTITIONS);
        try (Admin admin = open.admin()) {
            GroupListing listed = List.copyOf(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get())
                    .get(0);
            assertEquals("g", listed.groupId());
            assertEquals(GroupType.CLASSIC, listed.type().orElseThrow());
            assertEquals(GroupState.STABLE, listed.groupState().orElseThrow());
            ConsumerGroupDescription described = describe(admin);
            assertEquals(GroupState.STABLE, described.groupState());
            assertEquals(open.server().port(), described.coordinator().port());
            assertEquals("range", described.partitionAssignor());
            assertEquals("named", described.members().iterator().next().clientId());
            assertEquals(consumer.assignment(), described.members().iterator().next().assignment().topicPartitions());
            assertFails(GroupIdNotFoundException.class, () -> admin.describeConsumerGroups(Set.of("nothing")).all()
                    .get());
        }
    }

    @Test
    void adminChangesOffsetsOfWhoIsNotThere() throws Exception {
        TopicPartition other = new TopicPartition("other", 0);
        try (Admin admin = open.admin()) {
            admin.alterConsumerGroupOffsets("g", Map.of(FIRST, new OffsetAndMetadata(5), other, new OffsetAndMetadata(
                    6))).all().get();
            assertEquals(Map.of(FIRST, new OffsetAndMetadata(5), other, new OffsetAndMetadata(6)), admin
                    .listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata().get());
            company.remote(Map.of());
            company.awaitSharing(PARTITIONS);
            assertThrows(ExecutionException.class, () -> admin.alterConsumerGroupOffsets("g", Map.of(FIRST,
                    new OffsetAndMetadata(9))).all().get());
            assertFails(GroupSubscribedToTopicException.class, () -> admin.deleteConsumerGroupOffsets("g", Set.of(
                    FIRST)).all().get());
            admin.deleteConsumerGroupOffsets("g", Set.of(other)).all().get();
            assertFails(GroupNotEmptyException.class, () -> admin.deleteConsumerGroups(Set.of("g")).all().get());
            company.leave(company.members().get(0));
            assertEquals(Map.of(FIRST, new OffsetAndMetadata(5)), admin.listConsumerGroupOffsets("g")
                    .partitionsToOffsetAndMetadata().get());
            admin.deleteConsumerGroups(Set.of("g")).all().get();
            assertEquals(0, admin.listGroups().all().get().size());
            assertTrue(admin.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata().get().isEmpty());
        }
    }

    private static void assertFails(Class<? extends Exception> expected, Executable call) {
        assertInstanceOf(expected, assertThrows(ExecutionException.class, call).getCause());
    }

    @Test
    void consumersFindTheirGroupAfterTheServerCameBack() throws Exception {
        Consumer<byte[], byte[]> consumer = company.remote(Map.of());
        company.awaitSharing(PARTITIONS);
        consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(3)));
        int generation = consumer.groupMetadata().generationId();
        company.leave(consumer);
        open.close();
        open = OpenServer.in(directory);
        company = new Company(open, "g", "t");
        Consumer<byte[], byte[]> next = company.remote(Map.of());
        company.awaitSharing(PARTITIONS);
        assertTrue(next.groupMetadata().generationId() > generation, "no generation is used twice");
        assertEquals(3, next.committed(Set.of(FIRST)).get(FIRST).offset());
    }
}
