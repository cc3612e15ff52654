package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.semel.transactions.records.GroupMetadataMember;
import io.semel.transactions.records.GroupMetadataValue;

/**
 * One group's state machine, the classic protocol: join, sync, heartbeat, leave, with parked replies. Who calls drives
 * it: after every operation and now and then {@link #closeJoining}, and when that says so {@link #propose}, a durable
 * record of the proposal, and {@link #startGeneration}. Replies leave through {@link Answers}, never from here.
 *
 * <p>Thread rule: used under the coordinator's pen. Time comes in as {@code nowMs}, by the steady clock; what is written
 * down, in {@link #propose} and {@link #emptiness}, by the other.
 *
 * <p>Invariants:
 * <ul>
 * <li>G2a a generation is never used twice: it only rises, and is on record before anybody hears of it.
 * <li>G2b an assignment is given only to a member of the generation that its leader assigned.
 * <li>G2c joins are parked only in PREPARING_REBALANCE, syncs only in COMPLETING_REBALANCE; who is parked has a seat, and
 * both states end by a deadline, so every reply is answered once.
 * </ul>
 */
final class Group {
    private final String groupId;
    private final GroupLimits limits;
    private final Supplier<String> memberIds;
    private final Answers answers;

    private GroupState state = GroupState.EMPTY;
    private int generation;
    /** End offset of the record that this generation rests on, or of the one that it has no members any more. */
    private long generationTicket;
    /** Somebody had a seat since the last record without members. */
    private boolean wasTaken;
    private String protocolType = "";
    private String protocol = "";
    private String leaderId = "";
    private final Seats seats = new Seats();
    /** Ids handed out with MEMBER_ID_REQUIRED, and until when a rebalance waits for them. */
    private final Map<String, Long> reservedIds = new HashMap<>();

    /** PREPARING_REBALANCE does not end before, even if all have joined. */
    private long joinNotBeforeMs;
    private long joinDeadlineMs;
    private long syncDeadlineMs;

    /** @param lastGeneration the highest one on record, 0 for none */
    Group(String groupId, int lastGeneration, GroupLimits limits, Supplier<String> memberIds, Answers answers) {
        this.groupId = groupId;
        this.generation = lastGeneration;
        this.limits = limits;
        this.memberIds = memberIds;
        this.answers = answers;
    }

    // ---- join

    void join(JoinRequest request, long nowMs, Reply<JoinResult> reply) {
        GroupError refusal = refusal(request);
        if (refusal != GroupError.NONE) {
            answers.give(reply, JoinResult.refused(refusal, request.memberId()));
            return;
        }
        GroupMember seat = seats.find(request.memberId(), request.groupInstanceId());
        if (seat == null) {
            joinFirst(request, nowMs, reply);
        } else if (seat.memberId.equals(request.memberId())) {
            joinAgain(seat, request, nowMs, reply);
        } else {
            replaceStatic(seat, request, nowMs, reply);
        }
    }

    private GroupError refusal(JoinRequest request) {
        if (state == GroupState.DEAD) {
            return GroupError.COORDINATOR_NOT_AVAILABLE;
        }
        if (!request.isWellFormed()) {
            return GroupError.INVALID_REQUEST;
        }
        if (request.sessionTimeoutMs() < limits.minSessionTimeoutMs()
                || request.sessionTimeoutMs() > limits.maxSessionTimeoutMs()) {
            return GroupError.INVALID_SESSION_TIMEOUT;
        }
        GroupMember seat = seats.find(request.memberId(), request.groupInstanceId());
        if (!request.memberId().isEmpty() && !reservedIds.containsKey(request.memberId())) {
            GroupError identity = seats.identify(request.memberId(), request.groupInstanceId());
            if (identity != GroupError.NONE) {
                return identity;
            }
        }
        if (seat == null && request.memberId().isEmpty() && seats.count() + reservedIds.size() >= limits.maxSize()) {
            return GroupError.GROUP_MAX_SIZE_REACHED;
        }
        return fits(request, seat) ? GroupError.NONE : GroupError.INCONSISTENT_GROUP_PROTOCOL;
    }

    private boolean fits(JoinRequest request, GroupMember seat) {
        if (request.protocolType().isEmpty() || request.protocols().isEmpty()) {
            return false;
        }
        return state == GroupState.EMPTY || request.protocolType().equals(protocolType)
                && Protocols.haveCommon(seats.all(), seat, request.protocols());
    }

    private void joinFirst(JoinRequest request, long nowMs, Reply<JoinResult> reply) {
        boolean needsId = request.memberId().isEmpty() && !request.isStatic()
                && request.firstJoin() == JoinRequest.FirstJoin.REQUIRE_MEMBER_ID;
        if (needsId) {
            String reserved = memberIds.get();
            reservedIds.put(reserved, nowMs + request.sessionTimeoutMs());
            answers.give(reply, JoinResult.refused(GroupError.MEMBER_ID_REQUIRED, reserved));
            return;
        }
        String memberId = reservedIds.remove(request.memberId()) != null ? request.memberId() : memberIds.get();
        boolean isInitial = state == GroupState.EMPTY;
        if (isInitial) {
            protocolType = request.protocolType();
        }
        GroupMember member = new GroupMember(memberId, request);
        seats.add(member);
        wasTaken = true;
        prepareRebalance(nowMs);
        if (isInitial || nowMs < joinNotBeforeMs) {
            // Every newcomer to a group that was empty extends the wait for more company, up to the deadline.
            joinNotBeforeMs = Math.min(nowMs + limits.initialRebalanceDelayMs(), joinDeadlineMs);
        }
        member.park(reply, answers);
    }

    private void joinAgain(GroupMember member, JoinRequest request, long nowMs, Reply<JoinResult> reply) {
        boolean changed = !Protocols.areEqual(member.protocols(), request.protocols());
        member.update(request);
        member.touch(nowMs);
        boolean wantsRebalance = changed || state == GroupState.STABLE && member.memberId.equals(leaderId);
        if (state == GroupState.PREPARING_REBALANCE || wantsRebalance) {
            prepareRebalance(nowMs);
            member.park(reply, answers);
        } else {
            promise(member, JoinResult.Assigning.LEADER_ASSIGNS, nowMs, reply);
        }
    }

    /** A static member came back without its id: it takes its seat over, and whoever still uses the old id is fenced. */
    private void replaceStatic(GroupMember old, JoinRequest request, long nowMs, Reply<JoinResult> reply) {
        old.answerAll(answers, GroupError.FENCED_INSTANCE_ID);
        GroupMember heir = new GroupMember(memberIds.get(), request);
        seats.replace(old, heir);
        heir.touch(nowMs);
        if (leaderId.equals(old.memberId)) {
            leaderId = heir.memberId;
        }
        if (state == GroupState.STABLE && Protocols.choose(seats.all()).equals(protocol)) {
            heir.assign(old.assignment());
            heir.markSynced();
            promise(heir, JoinResult.Assigning.ALREADY_ASSIGNED, nowMs, reply);
        } else {
            prepareRebalance(nowMs);
            heir.park(reply, answers);
        }
    }

    private void prepareRebalance(long nowMs) {
        if (state == GroupState.PREPARING_REBALANCE) {
            return;
        }
        seats.all().forEach(
                member -> member.answerSync(answers, SyncResult.refused(GroupError.REBALANCE_IN_PROGRESS)));
        become(GroupState.PREPARING_REBALANCE);
        joinNotBeforeMs = nowMs;
        joinDeadlineMs = nowMs + longestRebalanceTimeoutMs();
    }

    // ---- from one generation to the next

    /**
     * Ends the joining when all have joined or the time is up; then whoever did not join loses its seat, except static
     * members, which are given the length of their session to come back.
     *
     * @return whether a generation can start: {@link #propose} it
     */
    boolean closeJoining(long nowMs) {
        if (state != GroupState.PREPARING_REBALANCE) {
            return false;
        }
        boolean allJoined = reservedIds.isEmpty() && seats.all().stream().allMatch(GroupMember::hasJoined);
        boolean isOver = allJoined && nowMs >= joinNotBeforeMs || nowMs >= joinDeadlineMs;
        if (!isOver) {
            return false;
        }
        removeIf(member -> !member.hasJoined() && !member.isStatic(), nowMs);
        if (state != GroupState.PREPARING_REBALANCE) {
            return false;
        }
        if (seats.all().stream().noneMatch(GroupMember::hasJoined)) {
            joinDeadlineMs = nowMs + longestRebalanceTimeoutMs();
            return false;
        }
        return true;
    }

    /** The next generation, for the record: changes nothing, so that a record which is refused costs nothing. */
    GroupMetadataValue propose(long nowMs) {
        String chosen = Protocols.choose(seats.all());
        GroupMember leader = seats.find(leaderId);
        if (leader == null || !leader.hasJoined()) {
            leader = seats.all().stream().filter(GroupMember::hasJoined).findFirst().orElseThrow();
        }
        List<GroupMetadataMember> members = new ArrayList<>(seats.count());
        seats.all().forEach(member -> members.add(member.forRecord(chosen)));
        return new GroupMetadataValue(protocolType, Math.addExact(generation, 1), chosen, leader.memberId, nowMs,
                members);
    }

    /** @param ticket end offset of the proposal's record; the joins are answered once it is acknowledged */
    void startGeneration(GroupMetadataValue proposal, long ticket, long nowMs) {
        if (proposal.generation() <= generation) {
            throw new IllegalStateException("G2a: group=" + groupId + " generation=" + generation + " proposed="
                    + proposal.generation());
        }
        generation = proposal.generation();
        generationTicket = ticket;
        protocol = proposal.protocol();
        leaderId = proposal.leader();
        become(GroupState.COMPLETING_REBALANCE);
        syncDeadlineMs = nowMs + longestRebalanceTimeoutMs();
        for (GroupMember member : seats.all()) {
            member.startGeneration();
            if (member.hasJoined()) {
                member.touch(nowMs);
                promise(member, JoinResult.Assigning.LEADER_ASSIGNS, nowMs, member.takeJoin());
            }
        }
    }

    private void promise(GroupMember member, JoinResult.Assigning assigning, long nowMs, Reply<JoinResult> reply) {
        // A leader that need not assign sees them too (KIP-814): it watches the topics of all.
        List<JoinResult.Member> seen = member.memberId.equals(leaderId)
                ? seats.all().stream().map(each -> each.forLeader(protocol)).toList()
                : List.of();
        JoinResult kept = new JoinResult(GroupError.NONE, member.memberId, generation, protocolType, protocol, leaderId,
                seen, assigning);
        answers.promise(generationTicket, nowMs, reply, kept,
                JoinResult.refused(GroupError.COORDINATOR_NOT_AVAILABLE, member.memberId));
    }

    // ---- sync, heartbeat, leave

    void sync(SyncRequest request, long nowMs, Reply<SyncResult> reply) {
        GroupError refusal = refusal(request);
        if (refusal != GroupError.NONE) {
            answers.give(reply, SyncResult.refused(refusal));
            return;
        }
        GroupMember member = seats.find(request.membership().memberId());
        member.touch(nowMs);
        if (state == GroupState.STABLE) {
            member.markSynced();
            answers.give(reply, assignmentOf(member));
            return;
        }
        member.parkSync(reply, answers);
        if (member.memberId.equals(leaderId)) {
            assign(request.assignments(), nowMs);
        }
    }

    private GroupError refusal(SyncRequest request) {
        GroupError refusal = checkMember(request.membership());
        if (refusal != GroupError.NONE) {
            return refusal;
        }
        if (state == GroupState.PREPARING_REBALANCE) {
            return GroupError.REBALANCE_IN_PROGRESS;
        }
        boolean agrees = (request.protocolType().isEmpty() || request.protocolType().equals(protocolType))
                && (request.protocol().isEmpty() || request.protocol().equals(protocol));
        return agrees ? GroupError.NONE : GroupError.INCONSISTENT_GROUP_PROTOCOL;
    }

    private void assign(Map<String, byte[]> assignments, long nowMs) {
        become(GroupState.STABLE);
        for (GroupMember member : seats.all()) {
            member.assign(assignments.getOrDefault(member.memberId, SyncResult.NO_ASSIGNMENT));
            if (member.hasSynced()) {
                member.touch(nowMs);
            }
            member.answerSync(answers, assignmentOf(member));
        }
    }

    private SyncResult assignmentOf(GroupMember member) {
        return new SyncResult(GroupError.NONE, protocolType, protocol, member.assignment());
    }

    GroupError heartbeat(Membership membership, long nowMs) {
        GroupError refusal = checkMember(membership);
        if (refusal != GroupError.NONE) {
            return refusal;
        }
        seats.find(membership.memberId()).touch(nowMs);
        return state == GroupState.PREPARING_REBALANCE ? GroupError.REBALANCE_IN_PROGRESS : GroupError.NONE;
    }

    /** @param memberId may be empty for a static member that an administrator removes */
    GroupError leave(String memberId, String groupInstanceId, long nowMs) {
        if (state == GroupState.DEAD) {
            return GroupError.COORDINATOR_NOT_AVAILABLE;
        }
        if (reservedIds.remove(memberId) != null) {
            return GroupError.NONE;
        }
        GroupMember seat = seats.find(memberId, groupInstanceId);
        if (seat == null) {
            return GroupError.UNKNOWN_MEMBER_ID;
        }
        if (groupInstanceId != null && !memberId.isEmpty() && !memberId.equals(seat.memberId)) {
            return GroupError.FENCED_INSTANCE_ID;
        }
        removeIf(member -> member == seat, nowMs);
        return GroupError.NONE;
    }

    // ---- commits

    /** KIP-447: who commits must be a member of this very generation, unless it is nobody's member at all. */
    GroupError checkCommit(Membership membership, CommitKind kind, long nowMs) {
        if (membership.isOutside() && state == GroupState.EMPTY) {
            return GroupError.NONE;
        }
        if (membership.isNobody()) {
            // In a transaction an old client cannot say who it is; its transactional id fences it.
            return kind == CommitKind.TRANSACTIONAL ? GroupError.NONE : GroupError.UNKNOWN_MEMBER_ID;
        }
        GroupError refusal = checkMember(membership);
        if (refusal != GroupError.NONE) {
            return refusal;
        }
        seats.find(membership.memberId()).touch(nowMs);
        boolean tooEarly = kind == CommitKind.PLAIN && state == GroupState.COMPLETING_REBALANCE;
        return tooEarly ? GroupError.REBALANCE_IN_PROGRESS : GroupError.NONE;
    }

    private GroupError checkMember(Membership membership) {
        if (state == GroupState.DEAD) {
            return GroupError.COORDINATOR_NOT_AVAILABLE;
        }
        GroupError identity = seats.identify(membership.memberId(), membership.groupInstanceId());
        if (identity != GroupError.NONE) {
            return identity;
        }
        return membership.generation() == generation ? GroupError.NONE : GroupError.ILLEGAL_GENERATION;
    }

    // ---- time, and the end

    /** Takes the seats of those who were silent for a session, or never asked for their assignment. */
    void expire(long nowMs) {
        reservedIds.values().removeIf(deadlineMs -> nowMs >= deadlineMs);
        removeIf(member -> member.isExpired(nowMs), nowMs);
        boolean assigning = state == GroupState.COMPLETING_REBALANCE || state == GroupState.STABLE;
        if (assigning && nowMs >= syncDeadlineMs) {
            removeIf(member -> !member.hasSynced() && !member.isStatic(), nowMs);
            if (state == GroupState.COMPLETING_REBALANCE) {
                // Only a leader that is static can be missing still: without it nobody would ever be assigned.
                prepareRebalance(nowMs);
            }
        }
    }

    /** Nobody has a seat; the group goes. */
    void die() {
        become(GroupState.DEAD);
        reservedIds.clear();
    }

    /** Nobody is left, and what is on record tells of members still. */
    boolean owesEmptiness() {
        return state == GroupState.EMPTY && wasTaken && generation > 0;
    }

    GroupMetadataValue emptiness(long nowMs) {
        return GroupMetadataValue.withoutMembers(protocolType, generation, nowMs);
    }

    /** @param ticket end offset of its record */
    void emptinessRecorded(long ticket) {
        generationTicket = ticket;
        wasTaken = false;
    }

    private void removeIf(Predicate<GroupMember> goes, long nowMs) {
        List<GroupMember> leaving = List.of();
        for (GroupMember member : seats.all()) {
            if (goes.test(member)) {
                leaving = leaving.isEmpty() ? new ArrayList<>() : leaving;
                leaving.add(member);
            }
        }
        for (GroupMember member : leaving) {
            seats.remove(member);
            member.answerAll(answers, GroupError.UNKNOWN_MEMBER_ID);
        }
        if (!leaving.isEmpty()) {
            afterDeparture(nowMs);
        }
    }

    private void afterDeparture(long nowMs) {
        if (seats.isEmpty()) {
            become(GroupState.EMPTY);
            protocol = "";
            leaderId = "";
        } else {
            prepareRebalance(nowMs);
        }
    }

    private void become(GroupState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("group=" + groupId + " cannot go from " + state + " to " + next);
        }
        state = next;
    }

    private long longestRebalanceTimeoutMs() {
        return seats.all().stream().mapToInt(GroupMember::rebalanceTimeoutMs).max().orElse(0);
    }

    // ---- what others may see

    GroupState state() {
        return state;
    }

    String groupId() {
        return groupId;
    }

    /** Nothing is lost if this object goes: it can be made again from what is on record up to the given offset. */
    boolean isForgettable(long appliedOffset) {
        return state == GroupState.EMPTY && reservedIds.isEmpty() && !owesEmptiness()
                && generationTicket <= appliedOffset;
    }

    /** Nothing while it is not settled who is a member, or if they are no consumers. */
    Optional<Set<String>> subscribedTopics() {
        boolean isSettled = state == GroupState.STABLE;
        return isSettled ? Protocols.subscribedTopics(protocolType, protocol, seats.all()) : Optional.empty();
    }

    /** Of these topics those that members are subscribed to, or may be; nothing if they don't say. */
    Optional<Set<String>> inUse(Set<String> topics) {
        if (state == GroupState.EMPTY) {
            return Optional.of(Set.of());
        }
        return Protocols.inUse(protocolType, subscribedTopics(), topics);
    }

    GroupDescription.Listing listing() {
        return new GroupDescription.Listing(groupId, GroupKind.CLASSIC, state, protocolType);
    }

    GroupDescription describe() {
        return new GroupDescription(groupId, GroupKind.CLASSIC, state, generation, protocolType, protocol, leaderId,
                seats.all().stream().map(member -> member.describe(protocol)).toList());
    }

    @Override
    public String toString() {
        return "Group[" + groupId + " " + state + " generation=" + generation + " protocol=" + protocol + " leader="
                + leaderId + " members=" + seats.all() + " reservedIds=" + reservedIds.keySet() + "]";
    }
}
