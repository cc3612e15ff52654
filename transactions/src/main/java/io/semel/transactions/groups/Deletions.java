package io.semel.transactions.groups;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes groups and their offsets on demand. Used under the coordinator's pen, at a moment at which the fold knows all
 * that was claimed.
 */
final class Deletions {
    private final OffsetsLog log;
    private final Tombstones tombstones;
    private final CommittedOffsets committed;
    private final Map<String, Group> live;
    private final ConsumerGroups consumers;
    private final Answers answers;

    /** @param live the coordinator's own, as it is at each call */
    Deletions(OffsetsLog log, Tombstones tombstones, CommittedOffsets committed, Map<String, Group> live,
            ConsumerGroups consumers, Answers answers) {
        this.log = log;
        this.tombstones = tombstones;
        this.committed = committed;
        this.live = live;
        this.consumers = consumers;
        this.answers = answers;
    }

    void deleteGroup(String groupId, long nowMs, long steadyMs, Reply<GroupError> reply) {
        GroupError refusal = hasMembers(groupId) ? GroupError.NON_EMPTY_GROUP : GroupError.NONE;
        if (refusal == GroupError.NONE && !committed.knows(groupId)) {
            refusal = GroupError.GROUP_ID_NOT_FOUND;
        }
        if (refusal == GroupError.NONE) {
            List<PartitionName> partitions = committed.fetchAll(groupId, Stability.ANY).stream().map(
                    FetchedOffset::partition).toList();
            refusal = GroupError.ofLog(tombstones.deleteOffsets(groupId, partitions, nowMs));
        }
        if (refusal == GroupError.NONE) {
            Group group = live.remove(groupId);
            if (group != null) {
                group.die();
            }
            consumers.forget(groupId);
            refusal = GroupError.ofLog(tombstones.deleteGroup(groupId, committed.recordOf(groupId).kind(), nowMs));
        }
        answer(reply, refusal, steadyMs);
    }

    void deleteOffsets(String groupId, List<PartitionName> wanted, long nowMs, long steadyMs,
            Reply<GroupError> reply) {
        answer(reply, hasMembers(groupId)
                ? GroupError.NON_EMPTY_GROUP
                : GroupError.ofLog(tombstones.deleteOffsets(groupId, wanted, nowMs)), steadyMs);
    }

    private boolean hasMembers(String groupId) {
        Group group = live.get(groupId);
        return group != null && group.state() != GroupState.EMPTY || consumers.haveMembers(groupId);
    }

    private void answer(Reply<GroupError> reply, GroupError error, long steadyMs) {
        if (error == GroupError.NONE) {
            answers.promise(log.claimedOffset(), steadyMs, reply, GroupError.NONE, GroupError.REQUEST_TIMED_OUT);
        } else {
            answers.give(reply, error);
        }
    }

    void deleteUnused(String groupId, List<PartitionName> wanted, long nowMs, long steadyMs,
            Reply<OffsetDeletion> reply) {
        Group group = live.get(groupId);
        Set<String> topics = wanted.stream().map(PartitionName::topic).collect(Collectors.toSet());
        Optional<Set<String>> inUse = group == null ? Optional.of(consumers.inUse(groupId, topics)) : group.inUse(
                topics);
        GroupError error = GroupError.NON_EMPTY_GROUP;
        if (group == null && !consumers.haveMembers(groupId) && !committed.knows(groupId)) {
            error = GroupError.GROUP_ID_NOT_FOUND;
        } else if (inUse.isPresent()) {
            List<PartitionName> unused = wanted.stream().filter(each -> !inUse.get().contains(each.topic())).toList();
            error = GroupError.ofLog(tombstones.deleteOffsets(groupId, unused, nowMs));
        }
        if (error == GroupError.NONE) {
            answers.promise(log.claimedOffset(), steadyMs, reply, new OffsetDeletion(error, inUse.orElseThrow()),
                    OffsetDeletion.refused(GroupError.REQUEST_TIMED_OUT));
        } else {
            answers.give(reply, OffsetDeletion.refused(error));
        }
    }
}
