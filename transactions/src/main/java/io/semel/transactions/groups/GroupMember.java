package io.semel.transactions.groups;

import java.util.List;

import io.semel.transactions.records.GroupMetadataMember;

/**
 * A seat in a {@link Group}, and the replies that its owner waits for. At most one of each kind is parked; whoever
 * takes one out answers it. Used under the coordinator's pen.
 */
final class GroupMember {

    final String memberId;
    /** null for a dynamic member. */
    final String groupInstanceId;
    private final String clientId;
    private final String clientHost;
    private int sessionTimeoutMs;
    private int rebalanceTimeoutMs;
    private List<JoinRequest.Protocol> protocols;

    private byte[] assignment = SyncResult.NO_ASSIGNMENT;
    private long sessionDeadlineMs;
    /** Has asked for its assignment in this generation. */
    private boolean synced;
    private Reply<JoinResult> parkedJoin;
    private Reply<SyncResult> parkedSync;

    GroupMember(String memberId, JoinRequest request) {
        this.memberId = memberId;
        this.groupInstanceId = request.groupInstanceId();
        this.clientId = request.clientId();
        this.clientHost = request.clientHost();
        update(request);
    }

    void update(JoinRequest request) {
        sessionTimeoutMs = request.sessionTimeoutMs();
        // The oldest clients have no rebalance timeout of their own.
        rebalanceTimeoutMs = request.rebalanceTimeoutMs() > 0 ? request.rebalanceTimeoutMs() : sessionTimeoutMs;
        protocols = request.protocols();
    }

    boolean isStatic() {
        return groupInstanceId != null;
    }

    int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    List<JoinRequest.Protocol> protocols() {
        return protocols;
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(own -> own.name().equals(protocol));
    }

    byte[] metadata(String protocol) {
        for (JoinRequest.Protocol own : protocols) {
            if (own.name().equals(protocol)) {
                return own.metadata();
            }
        }
        return SyncResult.NO_ASSIGNMENT;
    }

    void touch(long nowMs) {
        sessionDeadlineMs = nowMs + sessionTimeoutMs;
    }

    /** Silent for too long; whoever has a reply parked here is waiting for us, not we for it. */
    boolean isExpired(long nowMs) {
        return parkedJoin == null && parkedSync == null && nowMs >= sessionDeadlineMs;
    }

    boolean hasJoined() {
        return parkedJoin != null;
    }

    void park(Reply<JoinResult> reply, Answers answers) {
        answerJoin(answers, JoinResult.refused(GroupError.REBALANCE_IN_PROGRESS, memberId));
        parkedJoin = reply;
    }

    Reply<JoinResult> takeJoin() {
        Reply<JoinResult> taken = parkedJoin;
        parkedJoin = null;
        return taken;
    }

    void parkSync(Reply<SyncResult> reply, Answers answers) {
        answerSync(answers, SyncResult.refused(GroupError.REBALANCE_IN_PROGRESS));
        parkedSync = reply;
        synced = true;
    }

    boolean hasSynced() {
        return synced;
    }

    void markSynced() {
        synced = true;
    }

    void answerJoin(Answers answers, JoinResult result) {
        if (parkedJoin != null) {
            answers.give(takeJoin(), result);
        }
    }

    void answerSync(Answers answers, SyncResult result) {
        if (parkedSync != null) {
            answers.give(parkedSync, result);
            parkedSync = null;
        }
    }

    /** Nobody who waits is forgotten when a seat goes. */
    void answerAll(Answers answers, GroupError error) {
        answerJoin(answers, JoinResult.refused(error, memberId));
        answerSync(answers, SyncResult.refused(error));
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte[] next) {
        assignment = next;
    }

    /** A new generation owes nobody anything yet. Does not touch: a static member that is away stays silent. */
    void startGeneration() {
        assignment = SyncResult.NO_ASSIGNMENT;
        synced = false;
    }

    JoinResult.Member forLeader(String protocol) {
        return new JoinResult.Member(memberId, groupInstanceId, metadata(protocol));
    }

    GroupMetadataMember forRecord(String protocol) {
        return new GroupMetadataMember(memberId, groupInstanceId, clientId, clientHost, rebalanceTimeoutMs,
                sessionTimeoutMs, metadata(protocol), SyncResult.NO_ASSIGNMENT);
    }

    GroupDescription.Member describe(String protocol) {
        return new GroupDescription.Member(memberId, groupInstanceId, clientId, clientHost, metadata(protocol),
                assignment);
    }

    @Override
    public String toString() {
        return memberId + (isStatic() ? "/" + groupInstanceId : "") + (hasJoined() ? " joined" : "")
                + (parkedSync != null ? " syncing" : "");
    }
}
