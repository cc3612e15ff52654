package io.semel.transactions.groups;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.semel.transactions.groups.consumer.ConsumerGroup;
import io.semel.transactions.groups.consumer.ConsumerGroupView;
import io.semel.transactions.groups.consumer.ConsumerHeartbeat;
import io.semel.transactions.groups.consumer.ConsumerLimits;
import io.semel.transactions.groups.consumer.HeartbeatAnswer;
import io.semel.transactions.groups.consumer.TopicCatalogue;

/**
 * The groups of the consumer protocol that have members, and those whose last record is not applied yet; all others can
 * be made again from it. Members live in memory alone: after a restart they are unknown, and join again.
 *
 * <p>Thread rule: used under the coordinator's pen. Time comes in twice, as everywhere here: by the steady clock what
 * somebody waits for, by the other what is written down.
 */
final class ConsumerGroups {
    private final OffsetsLog log;
    private final OffsetBatches batches;
    private final CommittedOffsets committed;
    private final Answers answers;
    private final ConsumerLimits limits;
    private final TopicCatalogue catalogue;
    private final Map<String, ConsumerGroup> live = new HashMap<>();

    ConsumerGroups(OffsetsLog log, OffsetBatches batches, CommittedOffsets committed, Answers answers,
            ConsumerLimits limits, TopicCatalogue catalogue) {
        this.log = log;
        this.batches = batches;
        this.committed = committed;
        this.answers = answers;
        this.limits = limits;
        this.catalogue = catalogue;
    }

    int count() {
        return live.size();
    }

    boolean isLive(String groupId) {
        return live.containsKey(groupId);
    }

    /** There are no classic members. Answered when the epoch that the answer tells is on record. */
    void heartbeat(String groupId, ConsumerHeartbeat said, long steadyMs, long nowMs,
            Reply<ConsumerHeartbeatResult> reply) {
        ConsumerGroup group = live.get(groupId);
        if (group == null && said.memberEpoch() != ConsumerHeartbeat.JOIN) {
            boolean isKnown = committed.recordOf(groupId).kind() == GroupKind.CONSUMER;
            answers.give(reply, ConsumerHeartbeatResult.refused(isKnown
                    ? GroupError.UNKNOWN_MEMBER_ID
                    : GroupError.GROUP_ID_NOT_FOUND, said.memberId()));
            return;
        }
        if (group == null) {
            group = new ConsumerGroup(groupId, committed.lastGeneration(groupId), limits, catalogue);
        }
        GroupError refusal = GroupError.of(group.refusal(said));
        if (refusal != GroupError.NONE) {
            answers.give(reply, ConsumerHeartbeatResult.refused(refusal, said.memberId()));
            return;
        }
        HeartbeatAnswer answer;
        if (group.changes(said)) {
            long baseOffset = recordNextEpoch(group, nowMs);
            if (baseOffset < 0) {
                answers.give(reply, ConsumerHeartbeatResult.refused(GroupError.COORDINATOR_NOT_AVAILABLE, said
                        .memberId()));
                return;
            }
            live.put(groupId, group);
            answer = group.heartbeat(said, steadyMs, group.epoch() + 1, log.claimedOffset());
        } else {
            answer = group.heartbeat(said, steadyMs);
        }
        answers.promise(group.ticket(), steadyMs, reply, ConsumerHeartbeatResult.of(answer), ConsumerHeartbeatResult
                .refused(GroupError.COORDINATOR_NOT_AVAILABLE, said.memberId()));
    }

    private long recordNextEpoch(ConsumerGroup group, long nowMs) {
        GroupRecord record = committed.recordOf(group.groupId());
        GroupKind before = record.generation() == 0 ? GroupKind.CONSUMER : record.kind();
        return log.append(batches.epoch(group.groupId(), before, Math.addExact(group.epoch(), 1), nowMs));
    }

    /** Takes the seats of the silent and looks for changed topics; what the log refuses is tried again. */
    void sweep(long steadyMs, long nowMs) {
        for (ConsumerGroup group : live.values()) {
            if (group.isOverdue(steadyMs) && recordNextEpoch(group, nowMs) >= 0) {
                group.pass(steadyMs, group.epoch() + 1, log.claimedOffset());
            }
        }
        long appliedOffset = committed.appliedOffset();
        live.values().removeIf(group -> isForgettable(group, appliedOffset));
    }

    private static boolean isForgettable(ConsumerGroup group, long appliedOffset) {
        return group.isEmpty() && group.ticket() <= appliedOffset;
    }

    /** Whether a group of the other kind may take the place of this one. */
    GroupError tryYield(String groupId) {
        ConsumerGroup group = live.get(groupId);
        if (group == null) {
            return GroupError.NONE;
        }
        if (!group.isEmpty()) {
            return GroupError.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (!isForgettable(group, committed.appliedOffset())) {
            return GroupError.COORDINATOR_LOAD_IN_PROGRESS;
        }
        live.remove(groupId);
        return GroupError.NONE;
    }

    /** Who commits must be a member at its very epoch, unless there are none or, in a transaction, it is nobody's. */
    GroupError checkCommit(String groupId, Membership membership, CommitKind kind) {
        if (membership.isNobody() && kind == CommitKind.TRANSACTIONAL) {
            return GroupError.NONE;
        }
        GroupError stale = kind == CommitKind.TRANSACTIONAL
                ? GroupError.ILLEGAL_GENERATION
                : GroupError.STALE_MEMBER_EPOCH;
        return check(groupId, membership.memberId(), membership.generation(), stale);
    }

    /** Who says to be a member must be one, at its very epoch; others see offsets anyway. */
    GroupError checkFetch(String groupId, String memberId, int memberEpoch) {
        boolean isOutside = memberId.isEmpty() && memberEpoch < 0;
        return isOutside || !live.containsKey(groupId)
                ? GroupError.NONE
                : check(groupId, memberId, memberEpoch, GroupError.STALE_MEMBER_EPOCH);
    }

    private GroupError check(String groupId, String memberId, int memberEpoch, GroupError stale) {
        return live.get(groupId).epochOf(memberId).map(epoch -> epoch == memberEpoch ? GroupError.NONE : stale).orElse(
                GroupError.UNKNOWN_MEMBER_ID);
    }

    boolean haveMembers(String groupId) {
        return live.containsKey(groupId) && !live.get(groupId).isEmpty();
    }

    /** Of a group with members. */
    Optional<Set<String>> subscribedTopics(String groupId) {
        return haveMembers(groupId) ? Optional.of(live.get(groupId).subscribedTopics()) : Optional.empty();
    }

    /** Of these topics those that members are subscribed to. */
    Set<String> inUse(String groupId, Set<String> topics) {
        Set<String> used = new HashSet<>(topics);
        used.retainAll(subscribedTopics(groupId).orElse(Set.of()));
        return used;
    }

    /** The group is deleted. */
    void forget(String groupId) {
        live.remove(groupId);
    }

    Collection<GroupDescription.Listing> listings() {
        return live.values().stream().map(group -> new GroupDescription.Listing(group.groupId(), GroupKind.CONSUMER,
                stateOf(group), Protocols.CONSUMERS)).toList();
    }

    /** In the words of the classic protocol: without what its members say to each other. */
    GroupDescription describe(String groupId) {
        ConsumerGroup group = live.get(groupId);
        List<GroupDescription.Member> members = group.view().members().stream().map(each -> new GroupDescription.Member(
                each.memberId(), each.instanceId().orElse(null), each.clientId(), each.clientHost(),
                SyncResult.NO_ASSIGNMENT, SyncResult.NO_ASSIGNMENT)).toList();
        return new GroupDescription(groupId, GroupKind.CONSUMER, stateOf(group), group.epoch(), Protocols.CONSUMERS,
                "", "", members);
    }

    private static GroupState stateOf(ConsumerGroup group) {
        return switch (group.state()) {
            case EMPTY -> GroupState.EMPTY;
            case RECONCILING -> GroupState.RECONCILING;
            case STABLE -> GroupState.STABLE;
        };
    }

    /** Nothing if it is no group of this kind. */
    Optional<ConsumerGroupView> view(String groupId) {
        if (live.containsKey(groupId)) {
            return Optional.of(live.get(groupId).view());
        }
        GroupRecord record = committed.recordOf(groupId);
        return record.kind() == GroupKind.CONSUMER
                ? Optional.of(new ConsumerGroup(groupId, record.generation(), limits, catalogue).view())
                : Optional.empty();
    }
}
