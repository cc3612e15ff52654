package io.semel.server.network.groups;

import java.nio.file.Path;
import java.util.List;

import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.semel.server.network.OpenServer;
import io.semel.server.network.WireClient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Members of classic groups as they stand on the wire, version by version. */
class MembershipApisTest {
    @TempDir
    Path directory;

    private OpenServer open;
    private WireClient client;

    @BeforeEach
    void open() throws Exception {
        open = OpenServer.in(directory);
        client = WireClient.to(open.server().port());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        open.close();
    }

    private WireMember member(int joinVersion, String groupId, String instanceId) throws Exception {
        return new WireMember(open.server().port(), joinVersion, groupId, instanceId);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void everyVersionNamesTheNodeThatCoordinates(int version) throws Exception {
        for (byte keyType = 0; keyType < (version == 0 ? 1 : 3); keyType++) {
            FindCoordinatorRequestData request = new FindCoordinatorRequestData();
            if (version > 0) {
                request.setKeyType(keyType);
            }
            FindCoordinatorResponseData found = client.ask(ApiKeys.FIND_COORDINATOR, version, version < 4
                    ? request.setKey("a")
                    : request.setCoordinatorKeys(List.of("a", "b")));
            Coordinator first = version < 4
                    ? new Coordinator().setErrorCode(found.errorCode()).setPort(found.port()).setNodeId(found.nodeId())
                    : found.coordinators().get(0);
            boolean isServed = keyType < 2;
            assertEquals(isServed ? Errors.NONE : Errors.INVALID_REQUEST, Errors.forCode(first.errorCode()));
            assertEquals(isServed ? open.server().port() : -1, first.port());
            assertEquals(isServed ? 1 : -1, first.nodeId());
            assertEquals(version < 4 ? List.of() : List.of("a", "b"), found.coordinators().stream().map(
                    Coordinator::key).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void aMemberOfEveryVersionJoinsSyncsBeatsAndLeaves(int version) throws Exception {
        try (WireMember member = member(version, "g", null)) {
            JoinGroupResponseData joined = member.join();
            assertEquals(Errors.NONE.code(), joined.errorCode());
            assertEquals(WireMember.PROTOCOL, joined.protocolName());
            assertEquals(joined.memberId(), joined.leader());
            assertEquals(List.of(joined.memberId()), joined.members().stream().map(each -> each.memberId()).toList());
            assertArrayEquals(WireMember.bytes("topics"), joined.members().get(0).metadata());
            assertFalse(joined.skipAssignment());
            assertArrayEquals(WireMember.bytes("all"), member.sync("all").assignment());
            assertEquals(Errors.NONE, member.heartbeat());
            DescribedGroup described = describe("g", Math.min(version, 6));
            assertEquals("Stable", described.groupState());
            assertEquals("wire-client", described.members().get(0).clientId());
            assertEquals("/127.0.0.1", described.members().get(0).clientHost());
            assertArrayEquals(WireMember.bytes("all"), described.members().get(0).memberAssignment());
            assertEquals(Errors.NONE, member.leave());
            assertEquals(Errors.UNKNOWN_MEMBER_ID, member.heartbeat());
        }
    }

    private DescribedGroup describe(String groupId, int version) throws Exception {
        DescribeGroupsResponseData described = client.ask(ApiKeys.DESCRIBE_GROUPS, version,
                new DescribeGroupsRequestData().setGroups(List.of(groupId)));
        return described.groups().get(0);
    }

    @Test
    void aNewcomerIsGivenAnIdFirstFromVersion4On() throws Exception {
        try (WireMember young = member(4, "young", null); WireMember old = member(3, "old", null)) {
            JoinGroupResponseData refused = young.beginJoin().endJoin();
            assertEquals(Errors.MEMBER_ID_REQUIRED.code(), refused.errorCode());
            assertFalse(refused.memberId().isEmpty());
            assertEquals(Errors.NONE.code(), old.beginJoin().endJoin().errorCode());
        }
    }

    @Test
    void aStaticLeaderThatComesBackIsToldNotToAssign() throws Exception {
        try (WireMember first = member(9, "g", "i"); WireMember again = member(9, "g", "i")) {
            first.join();
            first.sync("kept");
            JoinGroupResponseData back = again.join();
            assertTrue(back.skipAssignment());
            assertEquals(back.memberId(), back.leader());
            assertEquals(1, back.members().size(), "it watches the topics of all");
            assertEquals(first.generation(), again.generation());
            assertArrayEquals(WireMember.bytes("kept"), again.sync(null).assignment());
            assertEquals(Errors.FENCED_INSTANCE_ID, first.heartbeat());
        }
    }

    @Test
    void anOlderStaticLeaderThatComesBackDoesNotHearThatItLeads() throws Exception {
        try (WireMember first = member(5, "g", "i"); WireMember again = member(8, "g", "i")) {
            first.join();
            first.sync("kept");
            JoinGroupResponseData back = again.join();
            assertNotEquals(back.memberId(), back.leader());
            assertEquals(List.of(), back.members());
            assertArrayEquals(WireMember.bytes("kept"), again.sync(null).assignment());
        }
    }

    @Test
    void aMemberWhoseConnectionBreaksKeepsItsSeat() throws Exception {
        try (WireMember stays = member(9, "g", null)) {
            stays.join();
            stays.sync("all");
            WireMember breaks = member(3, "g", null);
            breaks.beginJoin();
            while (stays.heartbeat() != Errors.REBALANCE_IN_PROGRESS) {
                Thread.onSpinWait();
            }
            breaks.close();
            assertEquals(2, stays.beginJoin().endJoin().members().size());
        }
    }

    @Test
    void whoHasToSayItsProtocolAndDoesNotIsRefused() throws Exception {
        SyncGroupResponseData refused = client.ask(ApiKeys.SYNC_GROUP, 5, new SyncGroupRequestData().setGroupId("g"));
        assertEquals(Errors.INCONSISTENT_GROUP_PROTOCOL.code(), refused.errorCode());
        assertNull(refused.protocolName());
    }

    @Test
    void aGroupWithoutANameIsRefused() throws Exception {
        try (WireMember nameless = member(9, "", null)) {
            assertEquals(Errors.INVALID_GROUP_ID.code(), nameless.join().errorCode());
            assertEquals(Errors.INVALID_GROUP_ID.code(), nameless.sync(null).errorCode());
            assertEquals(Errors.INVALID_GROUP_ID, nameless.heartbeat());
        }
    }

    @Test
    void manyLeaveAtOnceEachWithItsCode() throws Exception {
        try (WireMember member = member(9, "g", "i")) {
            member.join();
            LeaveGroupResponseData left = client.ask(ApiKeys.LEAVE_GROUP, 5, new LeaveGroupRequestData().setGroupId("g")
                    .setMembers(List.of(new MemberIdentity().setMemberId("nobody"), new MemberIdentity().setMemberId(
                            "another").setGroupInstanceId("i"), new MemberIdentity().setGroupInstanceId("i"))));
            assertEquals(List.of(Errors.UNKNOWN_MEMBER_ID.code(), Errors.FENCED_INSTANCE_ID.code(), Errors.NONE.code()),
                    left.members().stream().map(each -> each.errorCode()).toList());
        }
    }

    @Test
    void aGroupThatNobodyKnowsIsDeadAndFromVersion6OnNotFound() throws Exception {
        assertEquals(Errors.NONE.code(), describe("nothing", 5).errorCode());
        assertEquals("Dead", describe("nothing", 5).groupState());
        assertEquals(Errors.GROUP_ID_NOT_FOUND.code(), describe("nothing", 6).errorCode());
    }

    @Test
    void whatMayBeDoneWithAGroupIsToldOnlyToWhoAsks() throws Exception {
        DescribeGroupsRequestData request = new DescribeGroupsRequestData().setGroups(List.of("g"));
        DescribeGroupsResponseData silent = client.ask(ApiKeys.DESCRIBE_GROUPS, 5, request);
        DescribeGroupsResponseData told = client.ask(ApiKeys.DESCRIBE_GROUPS, 5, request.setIncludeAuthorizedOperations(
                true));
        assertEquals(Integer.MIN_VALUE, silent.groups().get(0).authorizedOperations());
        assertEquals(1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11, told.groups().get(0).authorizedOperations());
    }

    @Test
    void groupsAreListedByStateAndTypeWhateverTheCase() throws Exception {
        try (WireMember stable = member(9, "stable", null); WireMember gone = member(9, "gone", null)) {
            stable.join();
            stable.sync("all");
            gone.join();
            gone.leave();
            assertEquals(List.of("gone", "stable"), list(0, List.of(), List.of()));
            assertEquals(List.of("stable"), list(4, List.of("sTABLE"), List.of()));
            assertEquals(List.of("gone"), list(5, List.of("empty"), List.of("Classic")));
            assertEquals(List.of(), list(5, List.of(), List.of("share")));
            assertEquals(List.of(), list(5, List.of(), List.of("unheard-of")));
        }
    }

    private List<String> list(int version, List<String> states, List<String> types) throws Exception {
        ListGroupsResponseData listed = client.ask(ApiKeys.LIST_GROUPS, version, new ListGroupsRequestData()
                .setStatesFilter(states).setTypesFilter(types));
        listed.groups().forEach(each -> assertEquals(WireMember.TYPE, each.protocolType()));
        return listed.groups().stream().map(ListedGroup::groupId).sorted().toList();
    }
}
