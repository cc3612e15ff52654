package io.semel.server.network.groups;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import io.semel.server.network.WireClient;

/** A member of a group that speaks one version of JoinGroup, and of the others the one of the same age. */
final class WireMember implements AutoCloseable {
    static final String TYPE = "tests";
    static final String PROTOCOL = "mine";
    private static final int SESSION_MS = 10_000;

    private final WireClient client;
    private final int joinVersion;
    private final String groupId;
    private final String instanceId;
    private String memberId = "";
    private int generation = -1;
    private WireClient.Sent joining;

    /** @param instanceId null for a dynamic member */
    WireMember(int port, int joinVersion, String groupId, String instanceId) throws IOException {
        this.client = WireClient.to(port);
        this.joinVersion = joinVersion;
        this.groupId = groupId;
        this.instanceId = instanceId;
    }

    String memberId() {
        return memberId;
    }

    int generation() {
        return generation;
    }

    /** Joins, with an id if the version wants one first. */
    JoinGroupResponseData join() throws IOException {
        JoinGroupResponseData joined = beginJoin().endJoin();
        return joined.errorCode() == Errors.MEMBER_ID_REQUIRED.code() ? beginJoin().endJoin() : joined;
    }

    WireMember beginJoin() throws IOException {
        JoinGroupRequestData request = new JoinGroupRequestData().setGroupId(groupId).setMemberId(memberId)
                .setGroupInstanceId(instanceId).setProtocolType(TYPE).setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(joinVersion == 0 ? -1 : 2 * SESSION_MS);
        request.protocols().add(new JoinGroupRequestProtocol().setName(PROTOCOL).setMetadata(bytes("topics")));
        joining = client.send(ApiKeys.JOIN_GROUP, joinVersion, request);
        return this;
    }

    JoinGroupResponseData endJoin() throws IOException {
        JoinGroupResponseData joined = client.receive(joining);
        memberId = joined.memberId();
        generation = joined.generationId();
        return joined;
    }

    /** @param assigned to itself, as the leader; to nobody if null */
    SyncGroupResponseData sync(String assigned) throws IOException {
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId(groupId).setMemberId(memberId)
                .setGenerationId(generation).setProtocolType(TYPE).setProtocolName(PROTOCOL);
        if (assigned != null) {
            request.setAssignments(List.of(new SyncGroupRequestAssignment().setMemberId(memberId).setAssignment(bytes(
                    assigned))));
        }
        int version = version(ApiKeys.SYNC_GROUP);
        return client.ask(ApiKeys.SYNC_GROUP, version, version >= 3 ? request.setGroupInstanceId(instanceId) : request);
    }

    Errors heartbeat() throws IOException {
        int version = version(ApiKeys.HEARTBEAT);
        HeartbeatRequestData request = new HeartbeatRequestData().setGroupId(groupId).setMemberId(memberId)
                .setGenerationId(generation);
        HeartbeatResponseData beat = client.ask(ApiKeys.HEARTBEAT, version, version >= 3
                ? request.setGroupInstanceId(instanceId)
                : request);
        return Errors.forCode(beat.errorCode());
    }

    Errors leave() throws IOException {
        int version = version(ApiKeys.LEAVE_GROUP);
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(groupId);
        if (version < 3) {
            LeaveGroupResponseData left = client.ask(ApiKeys.LEAVE_GROUP, version, request.setMemberId(memberId));
            return Errors.forCode(left.errorCode());
        }
        LeaveGroupResponseData left = client.ask(ApiKeys.LEAVE_GROUP, version, request.setMembers(List.of(
                new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId))));
        return Errors.forCode(left.members().get(0).errorCode());
    }

    private int version(ApiKeys key) {
        return Math.min(joinVersion, key.latestVersion());
    }

    WireClient client() {
        return client;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
