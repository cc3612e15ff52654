package io.semel.client.consumer;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.SyncRequest;
import io.semel.transactions.groups.SyncResult;

/**
 * This consumer's place in its group: give back what must go, join, sync, own what the leader says. What must go, and
 * when, is {@link Handover}'s to know. Driven by poll, never waits: what is not answered yet is found by a later
 * {@link #step}.
 *
 * <p>Thread rule: the polling thread's.
 *
 * <p>Invariant (G2): a partition is taken on only while seated. By the eager protocol it is owned only while seated; by
 * the cooperative one until it is revoked, or an answer of the group tells that the seat is lost.
 */
final class GroupMember {
    /** Between two attempts to join, when the coordinator can't take one. */
    private static final long RETRY_MS = 10;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(RETRY_MS);

    private enum Phase {
        OUT, JOINING, SYNCING, SEATED
    }

    private final GroupCalls calls;
    private final ConsumerSettings settings;
    private final Subscriptions subscriptions;
    private final Assignors assignors;
    private final TopicCatalog catalog;
    private final Heartbeat heartbeat;
    private final Handover handover;
    private final ConsumerMetrics metrics;

    private Phase phase = Phase.OUT;
    private String memberId = "";
    /** That of the last join that was answered; none once the seat is lost. */
    private int generation = Membership.NO_GENERATION;
    private Answer<JoinResult> joining;
    private Answer<SyncResult> syncing;
    private Heartbeat.Seat seat;
    private TopicCatalog.Seen seen;
    private Collection<String> watched = Set.of();
    private ConsumerGroupMetadata metadata;
    private boolean wantsRejoin;
    private GroupError ownVerdict = GroupError.NONE;
    /** The listener failed: until it was asked again, nothing is read. */
    private boolean owesListener;
    private boolean isPutOff;
    private long putOffSinceNs;
    private boolean isRebalancing;
    private long rebalancingSinceNs;

    GroupMember(GroupCalls calls, ConsumerSettings settings, Subscriptions subscriptions, TopicCatalog catalog,
            Heartbeat heartbeat, ConsumerMetrics metrics) {
        this.calls = calls;
        this.settings = settings;
        this.subscriptions = subscriptions;
        this.assignors = new Assignors(settings);
        this.catalog = catalog;
        this.heartbeat = heartbeat;
        this.handover = new Handover(settings.rebalanceProtocol(), subscriptions);
        this.metrics = metrics;
        this.metadata = metadata(Membership.NOBODY);
    }

    /**
     * Does what can be done without waiting.
     *
     * @param beforeRevocation run while the partitions are still owned
     * @return whether this member is seated
     */
    boolean step(Runnable beforeRevocation) {
        proceed(beforeRevocation);
        if (phase == Phase.SEATED && wantsRejoin) {
            // Others wait for what was given back: not until the caller is done with another batch.
            proceed(beforeRevocation);
        }
        return phase == Phase.SEATED;
    }

    private void proceed(Runnable beforeRevocation) {
        if (phase == Phase.SEATED) {
            heedVerdict(beforeRevocation);
        }
        boolean moved = true;
        while (moved) {
            moved = switch (phase) {
                case OUT -> tryJoin();
                case JOINING -> joining.isHere() && joined(joining.get());
                case SYNCING -> syncing.isHere() && synced(syncing.get(), beforeRevocation);
                case SEATED -> false;
            };
        }
    }

    /** Whether what is owned may be read: cooperating members read on while the group decides. */
    boolean mayRead() {
        return phase == Phase.SEATED || handover.keepsThroughRebalances() && !owesListener;
    }

    /** Whether the group takes commits from this consumer now. */
    boolean mayCommit() {
        return phase == Phase.SEATED || !subscriptions.isByGroup();
    }

    /** How long a sleep may last when time alone, not a wake-up, brings the next step. */
    long patienceMs() {
        return phase == Phase.OUT ? RETRY_MS : Long.MAX_VALUE;
    }

    private void heedVerdict(Runnable beforeRevocation) {
        GroupError verdict = verdict();
        if (GroupErrors.isSeatLost(verdict)) {
            loseEverything(verdict, who());
        } else if (wantsRejoin || verdict == GroupError.REBALANCE_IN_PROGRESS) {
            beforeRevocation.run();
            matchTopics();
            try {
                handover.giveBack();
            } finally {
                standUp();
            }
        }
    }

    private GroupError verdict() {
        return ownVerdict != GroupError.NONE ? ownVerdict : heartbeat.verdictOn(seat);
    }

    /** Whatever is owned still: the seat is gone, and somebody else may have it already. */
    private void loseEverything(GroupError verdict, String attempted) {
        standUp();
        generation = Membership.NO_GENERATION;
        if (verdict == GroupError.UNKNOWN_MEMBER_ID) {
            // Who is fenced keeps its id, so that its next join is refused too: without one it would take the seat
            // back.
            memberId = "";
        }
        handover.loseAll();
        if (verdict == GroupError.FENCED_INSTANCE_ID) {
            throw GroupErrors.of(verdict, attempted);
        }
    }

    private void standUp() {
        heartbeat.unseated();
        ownVerdict = GroupError.NONE;
        phase = Phase.OUT;
    }

    private boolean tryJoin() {
        if (isPutOff && System.nanoTime() - putOffSinceNs < RETRY_NS) {
            return false;
        }
        isPutOff = false;
        wantsRejoin = false;
        if (!isRebalancing) {
            isRebalancing = true;
            rebalancingSinceNs = System.nanoTime();
        }
        matchTopics();
        watch(subscriptions.topics());
        joining = calls.join(new JoinRequest(memberId, instanceId(), settings.clientId(), "embedded",
                settings.sessionTimeoutMs(), settings.maxPollIntervalMs(), ConsumerProtocolCodec.PROTOCOL_TYPE,
                assignors.offers(subscriptions.topics(), owned(), generation), JoinRequest.FirstJoin.ADMIT));
        heartbeat.joins(joining);
        phase = Phase.JOINING;
        return true;
    }

    private Set<TopicPartition> owned() {
        return handover.keepsThroughRebalances() ? subscriptions.assignment() : Set.of();
    }

    private void matchTopics() {
        subscriptions.pattern().ifPresent(pattern -> subscriptions.noteMatchedTopics(
                catalog.matching(pattern, settings.excludesInternalTopics())));
    }

    /** Seen before they are used: a topic that comes in between counts as new. */
    private void watch(Collection<String> topics) {
        watched = topics;
        seen = catalog.see(topics);
    }

    private BooleanSupplier topicsChanged() {
        TopicCatalog.Seen then = seen;
        Collection<String> names = Set.copyOf(watched);
        Optional<Pattern> pattern = subscriptions.pattern();
        Set<String> matched = Set.copyOf(subscriptions.topics());
        boolean excludeInternal = settings.excludesInternalTopics();
        return () -> !catalog.see(names).equals(then)
                || pattern.isPresent() && !catalog.matching(pattern.get(), excludeInternal).equals(matched);
    }

    private boolean joined(JoinResult result) {
        joining = null;
        phase = Phase.OUT;
        switch (result.error()) {
            case NONE -> {
                metrics.joined();
                sync(result);
            }
            case MEMBER_ID_REQUIRED -> memberId = result.memberId();
            default -> retryAfter(result.error(), "join");
        }
        return true;
    }

    private void sync(JoinResult result) {
        memberId = result.memberId();
        generation = result.generation();
        Map<String, byte[]> assignments = Map.of();
        if (result.leaderId().equals(memberId)) {
            Map<String, Subscription> members = Assignors.subscriptions(result);
            watch(Assignors.topics(members));
            if (result.assignment() == JoinResult.Assigning.LEADER_ASSIGNS) {
                assignments = assignors.assign(result.protocol(), members, catalog);
            }
        }
        Membership membership = new Membership(memberId, instanceId(), generation);
        seat = new Heartbeat.Seat(membership, topicsChanged());
        syncing = calls.sync(new SyncRequest(membership, result.protocolType(), result.protocol(), assignments));
        phase = Phase.SYNCING;
    }

    private boolean synced(SyncResult result, Runnable beforeRevocation) {
        syncing = null;
        phase = Phase.OUT;
        if (result.error() != GroupError.NONE) {
            retryAfter(result.error(), "sync");
            return true;
        }
        metrics.synced();
        Assignment assignment = ConsumerProtocolCodec.decodeAssignment(result.assignment());
        metadata = metadata(seat.membership);
        phase = Phase.SEATED;
        heartbeat.seated(seat);
        isRebalancing = false;
        metrics.rebalanced(rebalancingSinceNs);
        if (isSubscribedTo(assignment.partitions())) {
            takeOn(result.protocol(), assignment, beforeRevocation);
        } else {
            // The subscription changed while the group decided.
            wantsRejoin = true;
        }
        return true;
    }

    /** A listener that fails may not have done its seeks: as in Kafka it is asked again, before anything is read. */
    private void takeOn(String assignor, Assignment assignment, Runnable beforeRevocation) {
        owesListener = true;
        try {
            if (!handover.surplus(assignment.partitions()).isEmpty()) {
                beforeRevocation.run();
                wantsRejoin = true;
            }
            handover.takeOn(assignment.partitions(), () -> assignors.onAssignment(assignor, assignment, metadata));
            owesListener = false;
        } finally {
            if (owesListener) {
                standUp();
            }
        }
    }

    private boolean isSubscribedTo(Collection<TopicPartition> partitions) {
        return partitions.stream().allMatch(partition -> subscriptions.topics().contains(partition.topic()));
    }

    private void retryAfter(GroupError error, String attempted) {
        metrics.rebalanceRefused();
        if (GroupErrors.isSeatLost(error)) {
            loseEverything(error, attempted + ": " + who());
        } else if (GroupErrors.isTransient(error)) {
            isPutOff = true;
            putOffSinceNs = System.nanoTime();
        } else if (error != GroupError.REBALANCE_IN_PROGRESS) {
            throw GroupErrors.of(error, attempted + ": " + who());
        }
    }

    private String who() {
        return "group=" + calls.groupId() + " memberId=" + memberId
                + settings.groupInstanceId().map(id -> " groupInstanceId=" + id).orElse("");
    }

    /** Null for a dynamic member, as the coordinator has it. */
    private String instanceId() {
        return settings.groupInstanceId().orElse(null);
    }

    // ---- what others want of it

    /** The next poll joins again. */
    void rejoin() {
        wantsRejoin = true;
    }

    /** The coordinator refused something because of this seat; the next poll draws the conclusion. */
    void noteRefusal(GroupError error) {
        if (phase == Phase.SEATED && (GroupErrors.isSeatLost(error) || error == GroupError.REBALANCE_IN_PROGRESS)) {
            ownVerdict = error;
        }
    }

    /**
     * As whom offsets are committed.
     *
     * @throws RebalanceInProgressException while the group decides who owns what
     * @throws CommitFailedException        when this consumer has no seat in the group
     */
    Membership committer() {
        if (!subscriptions.isByGroup()) {
            return Membership.NOBODY;
        }
        return switch (phase) {
            case SEATED -> seat.membership;
            case JOINING, SYNCING -> throw new RebalanceInProgressException(
                    "offsets not committed: " + who() + " is rejoining; poll to complete it");
            case OUT -> throw new CommitFailedException(
                    "offsets not committed: " + who() + " has no seat in the group; poll to join");
        };
    }

    ConsumerGroupMetadata metadata() {
        return metadata;
    }

    /** Kafka offers no other way yet to make one of its own. */
    @SuppressWarnings("removal")
    private ConsumerGroupMetadata metadata(Membership membership) {
        return new ConsumerGroupMetadata(calls.groupId(), membership.generation(), membership.memberId(),
                settings.groupInstanceId());
    }

    /** Whether the seat is freed for the others at once, or kept for whoever comes back under the same name. */
    enum Leaving {
        FREE_THE_SEAT, KEEP_THE_SEAT
    }

    /** How to leave on close; by default, as in Kafka, a static member is expected back. */
    Leaving leaving(CloseOptions.GroupMembershipOperation operation) {
        return switch (operation) {
            case LEAVE_GROUP -> Leaving.FREE_THE_SEAT;
            case REMAIN_IN_GROUP -> Leaving.KEEP_THE_SEAT;
            case DEFAULT -> settings.groupInstanceId().isPresent() ? Leaving.KEEP_THE_SEAT : Leaving.FREE_THE_SEAT;
        };
    }

    /** Ends the membership; the partitions are given back first. As in Kafka, amid a rebalance they count as lost. */
    void leave(Leaving how) {
        boolean isLost = switch (phase) {
            case SEATED -> GroupErrors.isSeatLost(verdict());
            case JOINING, SYNCING -> true;
            case OUT -> generation == Membership.NO_GENERATION;
        };
        try {
            if (isLost) {
                handover.loseAll();
            } else {
                handover.giveUpAll();
            }
        } finally {
            giveUpSeat(how);
        }
    }

    private void giveUpSeat(Leaving how) {
        Answer<JoinResult> unanswered = joining;
        String leaving = memberId;
        standUp();
        joining = null;
        syncing = null;
        memberId = "";
        generation = Membership.NO_GENERATION;
        metadata = metadata(Membership.NOBODY);
        if (how == Leaving.KEEP_THE_SEAT) {
            return;
        }
        if (!leaving.isEmpty()) {
            calls.leave(leaving, instanceId());
        } else if (unanswered != null) {
            unanswered.abandon(late -> calls.leave(late.memberId(), instanceId()));
        }
    }
}
