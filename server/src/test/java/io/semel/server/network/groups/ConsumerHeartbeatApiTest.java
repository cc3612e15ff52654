package io.semel.server.network.groups;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

/** What members of the consumer protocol are answered, code by code. */
class ConsumerHeartbeatApiTest {
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

    private ConsumerGroupHeartbeatResponseData join(Consumer<ConsumerGroupHeartbeatRequestData> but) throws Exception {
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData().setGroupId("g").setMemberId(
                "m").setRebalanceTimeoutMs(10_000).setSubscribedTopicNames(List.of("t")).setTopicPartitions(List.of());
        but.accept(request);
        return client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, request);
    }

    private ConsumerGroupHeartbeatResponseData beat(String memberId, int epoch) throws Exception {
        return client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, new ConsumerGroupHeartbeatRequestData().setGroupId("g")
                .setMemberId(memberId).setMemberEpoch(epoch));
    }

    private static void assertCode(Errors expected, ConsumerGroupHeartbeatResponseData answer) {
        assertEquals(expected, Errors.forCode(answer.errorCode()));
    }

    @Test
    void aMemberJoinsBeatsAndLeaves() throws Exception {
        ConsumerGroupHeartbeatResponseData joined = join(request -> {
        });
        assertCode(Errors.NONE, joined);
        assertEquals("m", joined.memberId());
        assertEquals(5_000, joined.heartbeatIntervalMs());
        assertEquals(List.of(0, 1), joined.assignment().topicPartitions().get(0).partitions().stream().sorted()
                .toList());
        assertNull(beat("m", joined.memberEpoch()).assignment(), "nothing has changed");
        assertEquals(-1, beat("m", -1).memberEpoch());
        assertCode(Errors.UNKNOWN_MEMBER_ID, beat("m", joined.memberEpoch()));
    }

    @Test
    void version0IsGivenAnId() throws Exception {
        ConsumerGroupHeartbeatResponseData joined = client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 0,
                new ConsumerGroupHeartbeatRequestData().setGroupId("g").setRebalanceTimeoutMs(10_000)
                        .setSubscribedTopicNames(List.of("t")).setTopicPartitions(List.of()));
        assertCode(Errors.NONE, joined);
        assertFalse(joined.memberId().isEmpty());
        assertNotNull(joined.assignment());
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setGroupId("")));
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setMemberId("")));
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setSubscribedTopicNames(null)));
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setRebalanceTimeoutMs(-1)));
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setTopicPartitions(null)));
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setMemberEpoch(-3)));
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setMemberEpoch(-2)));
        assertCode(Errors.INVALID_REQUEST, join(request -> request.setInstanceId("")));
        assertCode(Errors.UNSUPPORTED_ASSIGNOR, join(request -> request.setServerAssignor("mine")));
        assertCode(Errors.INVALID_REGULAR_EXPRESSION, join(request -> request.setSubscribedTopicRegex("(")));
    }

    @Test
    void whoIsNotKnownOrNotOfThisEpochIsToldSo() throws Exception {
        assertCode(Errors.GROUP_ID_NOT_FOUND, beat("m", 1));
        join(request -> {
        });
        assertCode(Errors.NONE, beat("m", -1));
        int epoch = join(request -> {
        }).memberEpoch();
        assertCode(Errors.UNKNOWN_MEMBER_ID, beat("other", epoch));
        assertCode(Errors.FENCED_MEMBER_EPOCH, beat("m", epoch + 1));
        assertCode(Errors.FENCED_MEMBER_EPOCH, beat("m", epoch - 1));
    }

    @Test
    void anInstanceHasOneMember() throws Exception {
        int epoch = join(request -> request.setInstanceId("i")).memberEpoch();
        assertCode(Errors.UNRELEASED_INSTANCE_ID, join(request -> request.setInstanceId("i").setMemberId("n")));
        assertCode(Errors.NONE, join(request -> request.setInstanceId("i").setMemberEpoch(-2)));
        ConsumerGroupHeartbeatResponseData heir = join(request -> request.setInstanceId("i").setMemberId("n"));
        assertCode(Errors.NONE, heir);
        assertEquals(epoch, heir.memberEpoch(), "nothing has changed but its id");
        assertCode(Errors.FENCED_INSTANCE_ID, join(request -> request.setInstanceId("i").setMemberEpoch(epoch)
                .setTopicPartitions(List.of())));
    }

    @Test
    void offsetsAreShownToMembersOfThisEpoch() throws Exception {
        int epoch = join(request -> {
        }).memberEpoch();
        assertEquals(Errors.NONE, fetch("m", epoch));
        assertEquals(Errors.STALE_MEMBER_EPOCH, fetch("m", epoch + 1));
        assertEquals(Errors.UNKNOWN_MEMBER_ID, fetch("other", epoch));
        assertEquals(Errors.NONE, fetch(null, -1));
    }

    private Errors fetch(String memberId, int epoch) throws Exception {
        OffsetFetchResponseData fetched = client.ask(ApiKeys.OFFSET_FETCH, 9, new OffsetFetchRequestData().setGroups(
                List
                        .of(new OffsetFetchRequestGroup().setGroupId("g").setMemberId(memberId).setMemberEpoch(epoch)
                                .setTopics(
                                        null))));
        return Errors.forCode(fetched.groups().get(0).errorCode());
    }

    @Test
    void groupsAreDescribedWithWhatTheirMembersHaveAndShallHave() throws Exception {
        join(request -> request.setRackId("r"));
        for (int version = 0; version <= 1; version++) {
            ConsumerGroupDescribeResponseData described = client.ask(ApiKeys.CONSUMER_GROUP_DESCRIBE, version,
                    new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g", "nothing")));
            DescribedGroup group = described.groups().get(0);
            assertEquals("Stable", group.groupState());
            assertEquals("uniform", group.assignorName());
            assertEquals("r", group.members().get(0).rackId());
            assertEquals("t", group.members().get(0).assignment().topicPartitions().get(0).topicName());
            assertEquals(group.members().get(0).assignment(), group.members().get(0).targetAssignment());
            assertEquals(version == 0 ? -1 : 1, group.members().get(0).memberType());
            assertEquals(Errors.GROUP_ID_NOT_FOUND.code(), described.groups().get(1).errorCode());
        }
    }
}
