package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import io.semel.transactions.records.GroupMetadataValue;

/**
 * Lets committed offsets expire that nobody uses (KIP-211): those of a group that has been without members for
 * {@code offsets.retention.minutes}, and those of topics that no member is subscribed to; none sooner than that after
 * it was committed. A group of which nothing is left is forgotten.
 *
 * <p>Thread rule: used under the coordinator's pen, step by step.
 *
 * <p>Invariants:
 * <ul>
 * <li>G1d an offset that an open, prepared or decided transaction is about to replace stays, and what is staged with
 * it: a deletion would stand behind the staged one in the log and undo it. Offsets are staged under the same pen, and a
 * group is looked at only while the fold knows all that was claimed.
 * <li>L4 what is forgotten, and since when a group has no members, is on record: a restart neither brings back nor
 * shortens.
 * </ul>
 */
final class OffsetExpiry {

    /** In a sweep; so that the pen is never held for many, and a hundred thousand take a minute. */
    private static final int GROUPS_PER_STEP = 16;
    private static final long NEVER_BEGAN = Long.MIN_VALUE;

    private final OffsetsLog log;
    private final OffsetBatches batches;
    private final Tombstones tombstones;
    private final CommittedOffsets committed;
    private final Map<String, Group> live;
    private final ConsumerGroups consumers;
    private final OffsetRetention retention;
    private Iterator<String> look = Collections.emptyIterator();
    private long lastLookMs = NEVER_BEGAN;

    /** @param live the coordinator's own, as it is at each step */
    OffsetExpiry(OffsetsLog log, OffsetBatches batches, Tombstones tombstones, CommittedOffsets committed,
            Map<String, Group> live, ConsumerGroups consumers, OffsetRetention retention) {
        this.log = log;
        this.batches = batches;
        this.tombstones = tombstones;
        this.committed = committed;
        this.live = live;
        this.consumers = consumers;
        this.retention = retention;
    }

    /**
     * One step; returns how many records were written.
     *
     * @param steadyMs how often is counted by it
     * @param nowMs    how old something is, by what is written of it
     */
    int doWork(long steadyMs, long nowMs) {
        if (!look.hasNext() && isDue(steadyMs)) {
            look = committed.groupIds().iterator();
        }
        int done = 0;
        for (int count = 0; count < GROUPS_PER_STEP && look.hasNext() && knowsAllThatWasClaimed(); count++) {
            done += look(look.next(), nowMs);
        }
        return done;
    }

    /** The opening itself is no time to look. */
    private boolean isDue(long steadyMs) {
        boolean begins = lastLookMs == NEVER_BEGAN;
        if (!begins && steadyMs - lastLookMs < retention.checkIntervalMs()) {
            return false;
        }
        lastLookMs = steadyMs;
        return !begins;
    }

    /** G1d. Asked anew for each group, since a deletion claims too. */
    private boolean knowsAllThatWasClaimed() {
        return committed.appliedOffset() >= log.claimedOffset();
    }

    private int look(String groupId, long nowMs) {
        Group group = live.get(groupId);
        if (group != null) {
            return group.subscribedTopics().map(topics -> expireUnsubscribed(groupId, topics, nowMs)).orElse(0);
        }
        Optional<Set<String>> topics = consumers.subscribedTopics(groupId);
        if (topics.isPresent()) {
            return expireUnsubscribed(groupId, topics.get(), nowMs);
        }
        GroupRecord record = committed.recordOf(groupId);
        if (record.tellsOfMembers()) {
            return recordEmptiness(groupId, record, nowMs);
        }
        return retention.isOver(record.timestampMs(), nowMs) ? expireAll(groupId, record, nowMs) : 0;
    }

    private int expireUnsubscribed(String groupId, Set<String> topics, long nowMs) {
        List<PartitionName> expired = expired(committed.fetchAll(groupId, Stability.REQUIRED),
                partition -> !topics.contains(partition.topic()), nowMs);
        return tombstones.deleteOffsets(groupId, expired, nowMs) < 0 ? 0 : expired.size();
    }

    /** Its members went with a process, which left no word: it is without them from now on. */
    private int recordEmptiness(String groupId, GroupRecord record, long nowMs) {
        GroupMetadataValue empty = GroupMetadataValue.withoutMembers(record.protocolType(), record.generation(), nowMs);
        return log.append(batches.generation(groupId, GroupKind.CLASSIC, empty, nowMs)) < 0 ? 0 : 1;
    }

    private int expireAll(String groupId, GroupRecord record, long nowMs) {
        List<FetchedOffset> offsets = committed.fetchAll(groupId, Stability.REQUIRED);
        List<PartitionName> expired = expired(offsets, partition -> true, nowMs);
        if (tombstones.deleteOffsets(groupId, expired, nowMs) < 0) {
            return 0;
        }
        boolean forgets = expired.size() == offsets.size() && record.generation() > 0;
        return expired.size() + (forgets && tombstones.deleteGroup(groupId, record.kind(), nowMs) >= 0 ? 1 : 0);
    }

    private List<PartitionName> expired(List<FetchedOffset> offsets, Predicate<PartitionName> unused, long nowMs) {
        List<PartitionName> expired = new ArrayList<>();
        for (FetchedOffset each : offsets) {
            // G1d: what a transaction holds is unstable here.
            if (each.error() == GroupError.NONE && unused.test(each.partition())
                    && retention.isOver(each.committed().commitTimestampMs(), nowMs)) {
                expired.add(each.partition());
            }
        }
        return expired;
    }
}
