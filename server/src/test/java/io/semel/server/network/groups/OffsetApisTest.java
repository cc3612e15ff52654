package io.semel.server.network.groups;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.semel.client.DeliverySemantics;
import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Offsets of groups as they stand on the wire, version by version. */
class OffsetApisTest {
    private static final int FIRST_BY_ID = 10;
    private static final int NOTHING = -1;

    @TempDir
    Path directory;

    private OpenServer open;
    private WireClient client;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        open.semel().admin().createTopic("t", 2, Map.of());
        client = WireClient.to(open.server().port());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        open.close();
    }

    private static OffsetCommitRequestPartition at(int partition, long offset) {
        return new OffsetCommitRequestPartition().setPartitionIndex(partition).setCommittedOffset(offset)
                .setCommittedMetadata("note");
    }

    private Uuid idOf(String topic) throws Exception {
        MetadataResponseData metadata = client.ask(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(List.of(
                new MetadataRequestTopic().setName(topic))).setAllowAutoTopicCreation(false));
        return metadata.topics().find(topic).topicId();
    }

    private List<Errors> commit(int version, OffsetCommitRequestData request,
            OffsetCommitRequestPartition... partitions) throws Exception {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("t").setPartitions(List.of(partitions));
        OffsetCommitResponseData committed = client.ask(ApiKeys.OFFSET_COMMIT, version, request.setGroupId("g")
                .setTopics(List.of(version >= FIRST_BY_ID ? topic.setTopicId(idOf("t")) : topic)));
        return committed.topics().get(0).partitions().stream().map(each -> Errors.forCode(each.errorCode())).toList();
    }

    private OffsetFetchResponseGroup fetch(int version, OffsetFetchRequestTopics... topics) throws Exception {
        OffsetFetchResponseData fetched = client.ask(ApiKeys.OFFSET_FETCH, version, new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("g").setTopics(topics.length == 0
                        ? null
                        : List.of(topics)))).setRequireStable(true));
        return fetched.groups().get(0);
    }

    private static OffsetFetchRequestTopics partitionsOf(String topic, Integer... partitions) {
        return new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(partitions));
    }

    private static List<Long> offsetsOf(OffsetFetchResponseGroup group) {
        return group.topics().stream().flatMap(topic -> topic.partitions().stream()).map(
                OffsetFetchResponsePartitions::committedOffset).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyVersionCommits(int version) throws Exception {
        OffsetCommitRequestPartition second = at(1, 43);
        assertEquals(List.of(Errors.NONE, Errors.NONE), commit(version, new OffsetCommitRequestData(), at(0, 42),
                version >= 6 ? second.setCommittedLeaderEpoch(3) : second));
        OffsetFetchResponseGroup found = fetch(8, partitionsOf("t", 0, 1));
        assertEquals(List.of(42L, 43L), offsetsOf(found));
        assertEquals("note", found.topics().get(0).partitions().get(0).metadata());
        assertEquals(version >= 6 ? 3 : -1, found.topics().get(0).partitions().get(1).committedLeaderEpoch());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void everyVersionOfOneGroupFetches(int version) throws Exception {
        commit(8, new OffsetCommitRequestData(), at(0, 42));
        OffsetFetchRequestData request = new OffsetFetchRequestData().setGroupId("g");
        OffsetFetchResponseData some = client.ask(ApiKeys.OFFSET_FETCH, version, request.setTopics(List.of(
                new OffsetFetchRequestTopic().setName("t").setPartitionIndexes(List.of(0, 1)))));
        assertEquals(List.of(42L, -1L), some.topics().get(0).partitions().stream().map(each -> each.committedOffset())
                .toList());
        if (version >= 2) {
            OffsetFetchResponseData all = client.ask(ApiKeys.OFFSET_FETCH, version, request.setTopics(null));
            assertEquals(List.of(42L), all.topics().get(0).partitions().stream().map(each -> each.committedOffset())
                    .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void everyVersionOfManyGroupsFetches(int version) throws Exception {
        commit(8, new OffsetCommitRequestData(), at(0, 42));
        OffsetFetchRequestTopics topic = version >= FIRST_BY_ID
                ? partitionsOf("", 0, 1).setTopicId(idOf("t"))
                : partitionsOf("t", 0, 1);
        OffsetFetchRequestGroup other = new OffsetFetchRequestGroup().setGroupId("other").setTopics(List.of(topic));
        OffsetFetchRequestGroup all = new OffsetFetchRequestGroup().setGroupId("g").setTopics(null);
        OffsetFetchResponseData found = client.ask(ApiKeys.OFFSET_FETCH, version, new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("g").setTopics(List.of(topic)), other,
                        all)));
        assertEquals(List.of("g", "other", "g"), found.groups().stream().map(OffsetFetchResponseGroup::groupId)
                .toList());
        assertEquals(List.of(List.of(42L, -1L), List.of(-1L, -1L), List.of(42L)), found.groups().stream().map(
                OffsetApisTest::offsetsOf).toList());
        for (OffsetFetchResponseGroup each : found.groups()) {
            OffsetFetchResponseTopics answered = each.topics().get(0);
            assertEquals(version >= FIRST_BY_ID ? idOf("t") : Uuid.ZERO_UUID, answered.topicId());
            assertEquals(version >= FIRST_BY_ID ? "" : "t", answered.name());
        }
    }

    @Test
    void whatCannotBeCommittedIsRefusedByPartitionAndTheRestIsCommitted() throws Exception {
        assertEquals(List.of(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.OFFSET_METADATA_TOO_LARGE), commit(
                8, new OffsetCommitRequestData(), at(0, 7), at(2, 7), at(1, 7).setCommittedMetadata("x".repeat(
                        4_097))));
        assertEquals(List.of(7L, -1L), offsetsOf(fetch(8, partitionsOf("t", 0, 1))));
    }

    @ParameterizedTest
    @CsvSource({"8,UNKNOWN_TOPIC_OR_PARTITION", "10,UNKNOWN_TOPIC_ID"})
    void aTopicThatIsNotThereIsRefused(int version, Errors expected) throws Exception {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setPartitions(List.of(at(0, 1)));
        Uuid unknown = Uuid.randomUuid();
        OffsetCommitResponseData committed = client.ask(ApiKeys.OFFSET_COMMIT, version, new OffsetCommitRequestData()
                .setGroupId("g").setTopics(List.of(version >= FIRST_BY_ID
                        ? topic.setTopicId(unknown)
                        : topic.setName("nothing"))));
        assertEquals(expected.code(), committed.topics().get(0).partitions().get(0).errorCode());
        assertEquals(version >= FIRST_BY_ID ? unknown : Uuid.ZERO_UUID, committed.topics().get(0).topicId());
    }

    @Test
    void anIdThatNoTopicHasIsToldWhenOffsetsAreFetched() throws Exception {
        OffsetFetchResponseGroup found = fetch(10, partitionsOf("", 0).setTopicId(Uuid.randomUuid()));
        assertEquals(Errors.UNKNOWN_TOPIC_ID.code(), found.topics().get(0).partitions().get(0).errorCode());
    }

    @ParameterizedTest
    @CsvSource({"8,ILLEGAL_GENERATION", "9,GROUP_ID_NOT_FOUND", "10,GROUP_ID_NOT_FOUND"})
    void aMemberOfAGroupThatNobodyKnowsIsRefused(int version, Errors expected) throws Exception {
        OffsetCommitRequestData request = new OffsetCommitRequestData().setMemberId("m").setGenerationIdOrMemberEpoch(
                1);
        assertEquals(List.of(expected), commit(version, request, at(0, 1)));
    }

    @Test
    void aCommitIsCheckedAgainstMemberAndGeneration() throws Exception {
        try (WireMember member = new WireMember(open.server().port(), 9, "g", null)) {
            member.join();
            OffsetCommitRequestData request = new OffsetCommitRequestData().setMemberId(member.memberId())
                    .setGenerationIdOrMemberEpoch(member.generation());
            assertEquals(List.of(Errors.REBALANCE_IN_PROGRESS), commit(8, request, at(0, 1)));
            member.sync("all");
            assertEquals(List.of(Errors.NONE), commit(8, request, at(0, 1)));
            assertEquals(List.of(Errors.UNKNOWN_MEMBER_ID), commit(8, new OffsetCommitRequestData(), at(0, 2)));
            assertEquals(List.of(Errors.ILLEGAL_GENERATION), commit(8, request.setGenerationIdOrMemberEpoch(member
                    .generation() + 1), at(0, 3)));
            member.leave();
            assertEquals(List.of(Errors.NONE), commit(8, request.setGenerationIdOrMemberEpoch(NOTHING), at(0, 4)),
                    "without members everybody outside a generation may commit");
        }
        assertEquals(List.of(4L), offsetsOf(fetch(8, partitionsOf("t", 0))));
    }

    @Test
    @SuppressWarnings("removal")
    void anOffsetInAnOpenTransactionIsUnstableForWhoWantsItStable() throws Exception {
        commit(8, new OffsetCommitRequestData(), at(0, 1));
        try (Producer<byte[], byte[]> producer = open.semel().producer(DeliverySemantics.EXACTLY_ONCE, Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tx"), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(9)),
                    new ConsumerGroupMetadata("g", -1, "", Optional.empty()));
            OffsetFetchResponsePartitions unstable = fetch(8, partitionsOf("t", 0)).topics().get(0).partitions().get(0);
            assertEquals(Errors.UNSTABLE_OFFSET_COMMIT.code(), unstable.errorCode());
            assertEquals(NOTHING, unstable.committedOffset());
            OffsetFetchResponseData any = client.ask(ApiKeys.OFFSET_FETCH, 6, new OffsetFetchRequestData().setGroupId(
                    "g").setTopics(null));
            assertEquals(1, any.topics().get(0).partitions().get(0).committedOffset());
            producer.commitTransaction();
            assertEquals(List.of(9L), offsetsOf(fetch(8, partitionsOf("t", 0))));
        }
    }

    @Test
    void whatWasCommittedForATopicIsNotItsSuccessors() throws Exception {
        commit(8, new OffsetCommitRequestData(), at(0, 5));
        open.semel().admin().deleteTopic("t");
        assertEquals(List.of(-1L), offsetsOf(fetch(8, partitionsOf("t", 0))));
        open.semel().admin().createTopic("t", 1, Map.of());
        assertEquals(List.of(-1L), offsetsOf(fetch(8, partitionsOf("t", 0))));
        assertEquals(List.of(), fetch(8).topics());
    }

    @Test
    void offsetsAreDeletedByPartition() throws Exception {
        commit(8, new OffsetCommitRequestData(), at(0, 5), at(1, 6));
        OffsetDeleteResponseData deleted = delete("g", 0, 7);
        assertEquals(List.of(Errors.NONE.code(), Errors.UNKNOWN_TOPIC_OR_PARTITION.code()), deleted.topics().find("t")
                .partitions().stream().map(each -> each.errorCode()).toList());
        assertEquals(List.of(-1L, 6L), offsetsOf(fetch(8, partitionsOf("t", 0, 1))));
        assertEquals(Errors.GROUP_ID_NOT_FOUND.code(), delete("nothing", 0).errorCode());
    }

    private OffsetDeleteResponseData delete(String groupId, int... partitions) throws Exception {
        OffsetDeleteRequestTopic topic = new OffsetDeleteRequestTopic().setName("t");
        for (int partition : partitions) {
            topic.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(partition));
        }
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(groupId);
        request.topics().add(topic);
        return client.ask(ApiKeys.OFFSET_DELETE, 0, request);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void onlyGroupsWithoutMembersAreDeleted(int version) throws Exception {
        commit(8, new OffsetCommitRequestData(), at(0, 5));
        try (WireMember member = new WireMember(open.server().port(), 9, "taken", null)) {
            member.join();
            assertEquals(Errors.NON_EMPTY_GROUP.code(), delete("taken", 0).errorCode(),
                    "who are no consumers does not say what they use");
            DeleteGroupsResponseData deleted = client.ask(ApiKeys.DELETE_GROUPS, version, new DeleteGroupsRequestData()
                    .setGroupsNames(List.of("g", "taken", "nothing", "g")));
            assertEquals(3, deleted.results().size());
            assertEquals(Errors.NONE.code(), deleted.results().find("g").errorCode());
            assertEquals(Errors.NON_EMPTY_GROUP.code(), deleted.results().find("taken").errorCode());
            assertEquals(Errors.GROUP_ID_NOT_FOUND.code(), deleted.results().find("nothing").errorCode());
        }
        assertEquals(List.of(), fetch(8).topics());
    }
}
