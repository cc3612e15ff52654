package io.semel.transactions.groups;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.agrona.concurrent.NanoClock;

import io.semel.idempotence.Pen;
import io.semel.transactions.groups.consumer.ConsumerGroupView;
import io.semel.transactions.groups.consumer.ConsumerHeartbeat;
import io.semel.transactions.groups.consumer.ConsumerLimits;
import io.semel.transactions.groups.consumer.TopicCatalogue;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.transactions.records.GroupMetadataValue;

/**
 * All consumer groups: membership, and the way in and out of committed offsets. Nothing here blocks; what has to wait
 * is a parked {@link Reply}, and {@link #doWork} must be stepped for those to be answered. Where a method takes
 * {@code nowMs}, that is the time which it writes down.
 *
 * <p>Thread rule: any thread may call anything. Everything runs under one pen, held for microseconds; replies are
 * completed after its release, on the thread that found the answer.
 *
 * <p>Invariants:
 * <ul>
 * <li>G1c a commit is checked against the generation and claimed in the log under the same hold of the pen under which
 * generations start, and a fetch waits until everything claimed before it is applied. So a commit of an older
 * generation either stands before the newer one's first fetch, which then sees it, or is refused.
 * <li>G2a a generation is on record before anybody hears of it; a restarted group goes on from the highest on record.
 * <li>A reply that promises something leaves when the record that it rests on is acknowledged, or says that it is not
 * known to be after {@link GroupLimits#LOG_TIMEOUT_MS}.
 * </ul>
 */
public final class GroupCoordinator {

    /** Deadlines are looked at this often: a hundredth of the shortest that anybody sets. */
    private static final int SWEEP_INTERVAL_MS = 10;

    private final OffsetsLog log;
    private final CommittedOffsets committed;
    private final GroupLimits limits;
    private final NanoClock steady;
    private final Supplier<String> memberIds;

    private final Pen pen = new Pen();
    private final OffsetBatches batches = new OffsetBatches();
    private final ConsumerGroups consumers;
    private final Deletions deletions;
    private final OffsetExpiry expiry;
    private final Answers answers = new Answers();
    /** Those who wait for the fold to catch up. */
    private final WaitingRoom unapplied = new WaitingRoom();
    /** Groups with members, and those whose last record is not applied yet; all others can be made again from it. */
    private final Map<String, Group> live = new HashMap<>();
    private volatile boolean someoneWaits;
    private volatile long lastSweepMs;

    /**
     * @param steady    counts sessions and whatever else somebody waits for: it is never set, as the clock is by which
     *                  callers say what is written down
     * @param memberIds gives an id that was never given before, not by an earlier process either
     * @param catalogue what members of the consumer protocol can be assigned
     */
    public GroupCoordinator(OffsetsLog log, CommittedOffsets committed, GroupLimits limits, OffsetRetention retention,
            NanoClock steady, Supplier<String> memberIds, TopicCatalogue catalogue) {
        this.log = log;
        this.committed = committed;
        this.limits = limits;
        this.steady = steady;
        this.memberIds = memberIds;
        this.lastSweepMs = steadyMs() - SWEEP_INTERVAL_MS;
        this.consumers = new ConsumerGroups(log, batches, committed, answers, ConsumerLimits.DEFAULT, catalogue);
        Tombstones tombstones = new Tombstones(log, batches);
        this.deletions = new Deletions(log, tombstones, committed, live, consumers, answers);
        this.expiry = new OffsetExpiry(log, batches, tombstones, committed, live, consumers, retention);
    }

    /** Answers what can be answered by now and takes the seats of the silent. Returns how much there was to do. */
    public int doWork(long nowMs) {
        long steadyMs = steadyMs();
        boolean isDue = steadyMs - lastSweepMs >= SWEEP_INTERVAL_MS;
        if (!isDue && !someoneWaits || !pen.tryTake()) {
            return 0;
        }
        int done = 0;
        try {
            if (isDue) {
                lastSweepMs = steadyMs;
                done = sweep(steadyMs, nowMs);
            }
            done += releaseWaiting();
        } finally {
            done += leave();
        }
        return done;
    }

    private int sweep(long steadyMs, long nowMs) {
        int done = answers.promised().giveUp(steadyMs) + unapplied.giveUp(steadyMs);
        long appliedOffset = committed.appliedOffset();
        for (Group group : live.values()) {
            group.expire(steadyMs);
            advance(group, steadyMs, nowMs);
        }
        live.values().removeIf(group -> group.isForgettable(appliedOffset));
        consumers.sweep(steadyMs, nowMs);
        return done + expiry.doWork(steadyMs, nowMs);
    }

    private long steadyMs() {
        return TimeUnit.NANOSECONDS.toMillis(steady.nanoTime());
    }

    // ---- membership

    public void join(String groupId, JoinRequest request, long nowMs, Reply<JoinResult> reply) {
        pen.take();
        try {
            GroupError refusal = GroupLimits.checkId(groupId);
            if (refusal == GroupError.NONE && waitingCount() >= GroupLimits.MAX_WAITING) {
                refusal = GroupError.COORDINATOR_LOAD_IN_PROGRESS;
            }
            if (refusal == GroupError.NONE && isOneTooMany(groupId)) {
                refusal = GroupError.COORDINATOR_NOT_AVAILABLE;
            }
            if (refusal == GroupError.NONE) {
                refusal = consumers.tryYield(groupId);
            }
            if (refusal != GroupError.NONE) {
                answers.give(reply, JoinResult.refused(refusal, request.memberId()));
                return;
            }
            Group group = live.computeIfAbsent(groupId, id -> new Group(id, committed.lastGeneration(id), limits,
                    memberIds, answers));
            long steadyMs = steadyMs();
            group.join(request, steadyMs, reply);
            advance(group, steadyMs, nowMs);
        } finally {
            leave();
        }
    }

    public void sync(String groupId, SyncRequest request, Reply<SyncResult> reply) {
        pen.take();
        try {
            Group group = live.get(groupId);
            if (group == null) {
                answers.give(reply, SyncResult.refused(GroupError.UNKNOWN_MEMBER_ID));
                return;
            }
            group.sync(request, steadyMs(), reply);
        } finally {
            leave();
        }
    }

    public GroupError heartbeat(String groupId, Membership membership) {
        pen.take();
        try {
            Group group = live.get(groupId);
            return group == null ? GroupError.UNKNOWN_MEMBER_ID : group.heartbeat(membership, steadyMs());
        } finally {
            leave();
        }
    }

    /**
     * Gives up a seat.
     *
     * @param memberId        may be empty if the instance is given
     * @param groupInstanceId null for a dynamic member
     */
    public GroupError leave(String groupId, String memberId, String groupInstanceId, long nowMs) {
        pen.take();
        try {
            Group group = live.get(groupId);
            if (group == null) {
                return GroupError.UNKNOWN_MEMBER_ID;
            }
            long steadyMs = steadyMs();
            GroupError error = group.leave(memberId, groupInstanceId, steadyMs);
            advance(group, steadyMs, nowMs);
            return error;
        } finally {
            leave();
        }
    }

    /**
     * Starts the next generation if its members are complete, or writes down that there are none, if the log takes its
     * record; else a sweep tries again.
     */
    private void advance(Group group, long steadyMs, long nowMs) {
        if (group.closeJoining(steadyMs)) {
            GroupMetadataValue proposal = group.propose(nowMs);
            long baseOffset = record(group, proposal, nowMs);
            if (baseOffset >= 0) {
                group.startGeneration(proposal, baseOffset + 1, steadyMs);
            }
        } else if (group.owesEmptiness()) {
            long baseOffset = record(group, group.emptiness(nowMs), nowMs);
            if (baseOffset >= 0) {
                group.emptinessRecorded(baseOffset + 1);
            }
        }
    }

    private long record(Group group, GroupMetadataValue value, long nowMs) {
        GroupKind before = committed.recordOf(group.groupId()).kind();
        return log.append(batches.generation(group.groupId(), before, value, nowMs));
    }

    /** A member of the consumer protocol (KIP-848) says that it is there, joins or leaves. */
    public void consumerHeartbeat(String groupId, ConsumerHeartbeat said, long nowMs,
            Reply<ConsumerHeartbeatResult> reply) {
        pen.take();
        try {
            ConsumerHeartbeat named = said.joins() && said.memberId().isEmpty() ? said.as(memberIds.get()) : said;
            GroupError refusal = refusalOf(groupId, named);
            if (refusal == GroupError.NONE) {
                live.remove(groupId);
                consumers.heartbeat(groupId, named, steadyMs(), nowMs, reply);
            } else {
                answers.give(reply, ConsumerHeartbeatResult.refused(refusal, said.memberId()));
            }
        } finally {
            leave();
        }
    }

    private GroupError refusalOf(String groupId, ConsumerHeartbeat said) {
        GroupError refusal = GroupLimits.checkId(groupId);
        refusal = refusal == GroupError.NONE ? GroupError.of(said.fault()) : refusal;
        if (refusal != GroupError.NONE) {
            return refusal;
        }
        if (waitingCount() >= GroupLimits.MAX_WAITING) {
            return GroupError.COORDINATOR_LOAD_IN_PROGRESS;
        }
        Group classic = live.get(groupId);
        if (classic == null) {
            return isOneTooMany(groupId) ? GroupError.COORDINATOR_NOT_AVAILABLE : GroupError.NONE;
        }
        if (classic.state() != GroupState.EMPTY) {
            return GroupError.GROUP_ID_NOT_FOUND;
        }
        return classic.isForgettable(committed.appliedOffset())
                ? GroupError.NONE
                : GroupError.COORDINATOR_LOAD_IN_PROGRESS;
    }

    private boolean isOneTooMany(String groupId) {
        return live.size() + consumers.count() >= GroupLimits.MAX_LIVE_GROUPS && !live.containsKey(groupId)
                && !consumers.isLive(groupId);
    }

    /** Whether offsets may be shown to who says to be a member of the consumer protocol; others see them anyway. */
    public GroupError checkFetch(String groupId, String memberId, int memberEpoch) {
        pen.take();
        try {
            return consumers.checkFetch(groupId, memberId, memberEpoch);
        } finally {
            leave();
        }
    }

    // ---- offsets

    /** Commits offsets by themselves. */
    public void commit(CommitRequest request, long nowMs, Reply<GroupError> reply) {
        pen.take();
        try {
            GroupError refusal = refusalOf(request, CommitKind.PLAIN);
            if (refusal != GroupError.NONE || request.offsets().isEmpty()) {
                answers.give(reply, refusal);
                return;
            }
            ByteBuffer batch = batches.commit(request.groupId(), request.offsets(), nowMs);
            if (batch == OffsetBatches.TOO_LARGE) {
                answers.give(reply, GroupError.INVALID_COMMIT_OFFSET_SIZE);
                return;
            }
            answerOnceAcknowledged(log.append(batch), request.offsets().size(), reply);
        } finally {
            leave();
        }
    }

    /**
     * Stages offsets in a producer's open transaction; they become visible with its COMMIT marker. Answered as soon as
     * they are claimed: they promise nothing before the decision, which rests on them.
     */
    public void commitInTransaction(long producerId, short producerEpoch, CommitRequest request, long nowMs,
            Reply<GroupError> reply) {
        commitInTransaction(producerId, producerEpoch, VerificationGuard.NOT_NEEDED, request, nowMs, reply);
    }

    /**
     * The same for a producer whose epoch can't tell a late commit: {@code INVALID_TXN_STATE} once the guard is
     * withdrawn.
     */
    public void commitInTransaction(long producerId, short producerEpoch, VerificationGuard guard,
            CommitRequest request, long nowMs, Reply<GroupError> reply) {
        pen.take();
        try {
            GroupError refusal = refusalOf(request, CommitKind.TRANSACTIONAL);
            if (refusal != GroupError.NONE || request.offsets().isEmpty()) {
                answers.give(reply, refusal);
                return;
            }
            ByteBuffer batch = batches.transactionalCommit(producerId, producerEpoch, request.groupId(),
                    request.offsets(), nowMs);
            answers.give(reply, batch == OffsetBatches.TOO_LARGE
                    ? GroupError.INVALID_COMMIT_OFFSET_SIZE
                    : GroupError.ofLog(log.appendTransactional(producerId, guard, batch)));
        } finally {
            leave();
        }
    }

    /** Offsets of these partitions as they stand once everything claimed before this call is applied. */
    public void fetch(String groupId, List<PartitionName> partitions, Stability stability,
            Reply<FetchResult> reply) {
        List<PartitionName> wanted = List.copyOf(partitions);
        whenApplied(reply, () -> committed.fetch(groupId, wanted, stability));
    }

    /** Offsets of all partitions that the group has any for. */
    public void fetchAll(String groupId, Stability stability, Reply<FetchResult> reply) {
        whenApplied(reply, () -> committed.fetchAll(groupId, stability));
    }

    private void whenApplied(Reply<FetchResult> reply, Supplier<List<FetchedOffset>> lookup) {
        pen.take();
        try {
            if (waitingCount() >= GroupLimits.MAX_WAITING) {
                answers.give(reply, FetchResult.refused(GroupError.COORDINATOR_LOAD_IN_PROGRESS));
                return;
            }
            unapplied.enter(log.claimedOffset(), steadyMs() + GroupLimits.LOG_TIMEOUT_MS,
                    () -> answers.give(reply, new FetchResult(GroupError.NONE, lookup.get())),
                    () -> answers.give(reply, FetchResult.refused(GroupError.COORDINATOR_LOAD_IN_PROGRESS)));
        } finally {
            leave();
        }
    }

    // ---- administration

    /** The offsets that a producer's open transaction holds, of all groups. */
    public List<StagedOffset> staged(long producerId) {
        return committed.stagedBy(producerId);
    }

    /** Deletes a group without members, and its offsets, pending ones included. */
    public void deleteGroup(String groupId, long nowMs, Reply<GroupError> reply) {
        whenApplied(groupId, error -> answers.give(reply, error), () -> deletions.deleteGroup(groupId, nowMs,
                steadyMs(), reply));
    }

    /** Deletes offsets of a group without members; a partition without one is no error. */
    public void deleteOffsets(String groupId, List<PartitionName> partitions, long nowMs, Reply<GroupError> reply) {
        List<PartitionName> wanted = List.copyOf(partitions);
        whenApplied(groupId, error -> answers.give(reply, error), () -> deletions.deleteOffsets(groupId, wanted, nowMs,
                steadyMs(), reply));
    }

    /**
     * Deletes offsets of topics that no member is subscribed to, as Kafka does: {@code NON_EMPTY_GROUP} if the members
     * are no consumers.
     */
    public void deleteUnusedOffsets(String groupId, List<PartitionName> partitions, long nowMs,
            Reply<OffsetDeletion> reply) {
        List<PartitionName> wanted = List.copyOf(partitions);
        whenApplied(groupId, error -> answers.give(reply, OffsetDeletion.refused(error)), () -> deletions.deleteUnused(
                groupId, wanted, nowMs, steadyMs(), reply));
    }

    /** Runs either of both under the pen; the action once the fold knows all that was claimed before. */
    private void whenApplied(String groupId, Consumer<GroupError> refuse, Runnable action) {
        pen.take();
        try {
            GroupError refusal = GroupLimits.checkId(groupId);
            if (refusal == GroupError.NONE && waitingCount() >= GroupLimits.MAX_WAITING) {
                refusal = GroupError.COORDINATOR_LOAD_IN_PROGRESS;
            }
            if (refusal != GroupError.NONE) {
                refuse.accept(refusal);
                return;
            }
            unapplied.enter(log.claimedOffset(), steadyMs() + GroupLimits.LOG_TIMEOUT_MS, action,
                    () -> refuse.accept(GroupError.REQUEST_TIMED_OUT));
        } finally {
            leave();
        }
    }

    /** All groups with members or with anything on record, by id. */
    public List<GroupDescription.Listing> list() {
        pen.take();
        try {
            Map<String, GroupDescription.Listing> all = new TreeMap<>();
            committed.listings().forEach(listing -> all.put(listing.groupId(), listing));
            live.values().forEach(group -> all.put(group.groupId(), group.listing()));
            consumers.listings().forEach(listing -> all.put(listing.groupId(), listing));
            return List.copyOf(all.values());
        } finally {
            leave();
        }
    }

    /** A group that nobody knows is DEAD, as in Kafka. */
    public GroupDescription describe(String groupId) {
        pen.take();
        try {
            if (consumers.isLive(groupId)) {
                return consumers.describe(groupId);
            }
            Group group = live.get(groupId);
            return group == null ? committed.describeWithoutMembers(groupId) : group.describe();
        } finally {
            leave();
        }
    }

    /** A group of the consumer protocol; nothing if it is none. */
    public Optional<ConsumerGroupView> describeConsumers(String groupId) {
        pen.take();
        try {
            return live.containsKey(groupId) ? Optional.empty() : consumers.view(groupId);
        } finally {
            leave();
        }
    }

    // ---- under the pen

    private GroupError refusalOf(CommitRequest request, CommitKind kind) {
        GroupError refusal = request.refusal();
        if (refusal != GroupError.NONE) {
            return refusal;
        }
        if (waitingCount() >= GroupLimits.MAX_WAITING) {
            return GroupError.COORDINATOR_LOAD_IN_PROGRESS;
        }
        if (consumers.haveMembers(request.groupId())) {
            return consumers.checkCommit(request.groupId(), request.membership(), kind);
        }
        Group group = live.get(request.groupId());
        if (group != null) {
            return group.checkCommit(request.membership(), kind, steadyMs());
        }
        return request.membership().isOutside() ? GroupError.NONE : GroupError.UNKNOWN_MEMBER_ID;
    }

    private void answerOnceAcknowledged(long baseOffset, int recordCount, Reply<GroupError> reply) {
        GroupError error = GroupError.ofLog(baseOffset);
        if (error == GroupError.NONE) {
            answers.promise(baseOffset + recordCount, steadyMs(), reply, GroupError.NONE, GroupError.REQUEST_TIMED_OUT);
        } else {
            answers.give(reply, error);
        }
    }

    private int releaseWaiting() {
        if (waitingCount() == 0) {
            return 0;
        }
        // The unapplied first: a deletion among them leaves as a promise.
        return unapplied.release(committed.appliedOffset()) + answers.promised().release(log.acknowledgedOffset());
    }

    private int waitingCount() {
        return unapplied.size() + answers.promised().size();
    }

    /** Ends every operation: what can be answered already is, without the pen. */
    private int leave() {
        List<Runnable> ready;
        try {
            releaseWaiting();
            someoneWaits = waitingCount() > 0;
            ready = answers.take();
        } finally {
            pen.release();
        }
        Answers.deliver(ready);
        return ready.size();
    }
}
