package io.semel.client.consumer;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.runtime.Duty;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;

/**
 * Says for a member that it is alive, as long as that is true: its thread lives, and has polled within
 * {@code max.poll.interval.ms}. When the thread is gone it falls silent: another one may go on polling, and if none
 * does then the session decides.
 *
 * <p>Thread rule: {@link #doWork} by the conductor, everything else by the polling thread. The conductor changes
 * nothing but the verdict, and a verdict counts only for the seat that it names.
 */
final class Heartbeat implements Duty {
    private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);

    /**
     * No network lies between, so a look costs a microsecond, and a rebalance need not wait for heartbeat.interval.ms.
     */
    private static final long MAX_INTERVAL_MS = 20;

    /** A place in one generation; told from another one by identity. */
    static final class Seat {
        final Membership membership;
        /** Whether topics came or went since, so that the group should share them out again. */
        final BooleanSupplier topicsChanged;

        Seat(Membership membership, BooleanSupplier topicsChanged) {
            this.membership = membership;
            this.topicsChanged = topicsChanged;
        }
    }

    private record Verdict(Seat seat, GroupError error) {
    }

    private final GroupCalls calls;
    private final Access access;
    private final Parking parking;
    private final ConsumerMetrics metrics;
    /** Null for a dynamic member. */
    private final String instanceId;
    private final long intervalNs;
    private final long maxPollIntervalNs;

    private volatile Seat seat;
    /** Asked, and not seated yet: from its answer on the session counts, and the next poll may be long in coming. */
    private volatile Answer<JoinResult> joining;
    private volatile boolean isPolling;
    private volatile long lastPollNs = System.nanoTime();
    private volatile Verdict verdict = new Verdict(null, GroupError.NONE);

    /** The conductor's own. */
    private long nextBeatNs = System.nanoTime();
    private long nextLookNs = System.nanoTime();

    Heartbeat(GroupCalls calls, Access access, Parking parking, ConsumerSettings settings,
            ConsumerMetrics metrics) {
        this.calls = calls;
        this.access = access;
        this.parking = parking;
        this.metrics = metrics;
        this.instanceId = settings.groupInstanceId().orElse(null);
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(Math.min(settings.heartbeatIntervalMs(), MAX_INTERVAL_MS));
        this.maxPollIntervalNs = TimeUnit.MILLISECONDS.toNanos(settings.maxPollIntervalMs());
    }

    // ---- the polling thread

    void pollBegins() {
        isPolling = true;
    }

    void pollEnds() {
        lastPollNs = System.nanoTime();
        isPolling = false;
    }

    void joins(Answer<JoinResult> asked) {
        joining = asked;
    }

    void seated(Seat newSeat) {
        seat = newSeat;
        joining = null;
    }

    /** No heartbeats any more. */
    void unseated() {
        seat = null;
        joining = null;
    }

    /** What the group said of this seat: {@link GroupError#NONE}, {@code REBALANCE_IN_PROGRESS}, or that it is lost. */
    GroupError verdictOn(Seat asked) {
        Verdict last = verdict;
        return last.seat == asked ? last.error : GroupError.NONE;
    }

    // ---- the conductor

    @Override
    public int doWork() {
        Seat current = seat;
        Answer<JoinResult> asked = joining;
        long nowNs = System.nanoTime();
        if (current == null && asked == null || nowNs - nextBeatNs < 0 || access.isLastUserDead()) {
            return 0;
        }
        nextBeatNs = nowNs + intervalNs;
        if (current == null) {
            return holdUntilSynced(asked, nowNs);
        }
        if (GroupErrors.isSeatLost(verdictOn(current))) {
            return 0;
        }
        if (!isPolling && nowNs - lastPollNs > maxPollIntervalNs) {
            return leaveForTheSlow(current);
        }
        beat(current);
        if (nowNs - nextLookNs >= 0) {
            nextLookNs = nowNs + TimeUnit.MILLISECONDS.toNanos(TopicCatalog.LOOK_INTERVAL_MS);
            if (verdictOn(current) == GroupError.NONE && current.topicsChanged.getAsBoolean()) {
                pronounce(current, GroupError.REBALANCE_IN_PROGRESS);
            }
        }
        return 1;
    }

    /** The generation has begun and this member has not looked: it is alive, and its seat is kept for its next poll. */
    private int holdUntilSynced(Answer<JoinResult> asked, long nowNs) {
        if (!asked.isHere() || asked.get().error() != GroupError.NONE || !isPolling && nowNs
                - lastPollNs > maxPollIntervalNs) {
            return 0;
        }
        metrics.beat();
        calls.heartbeat(new Membership(asked.get().memberId(), instanceId, asked.get().generation()));
        return 1;
    }

    private void beat(Seat current) {
        metrics.beat();
        GroupError answer = calls.heartbeat(current.membership);
        boolean matters = answer == GroupError.REBALANCE_IN_PROGRESS || GroupErrors.isSeatLost(answer);
        if (matters && verdictOn(current) != answer) {
            pronounce(current, answer);
        }
    }

    private void pronounce(Seat on, GroupError error) {
        verdict = new Verdict(on, error);
        parking.wake();
    }

    private int leaveForTheSlow(Seat current) {
        if (instanceId != null) {
            // As in Kafka: it falls silent, and its session decides.
            return 0;
        }
        LOGGER.warn("group={} member={}: not polled for max.poll.interval.ms={}; it leaves the group", calls.groupId(),
                current.membership.memberId(), TimeUnit.NANOSECONDS.toMillis(maxPollIntervalNs));
        calls.leave(current.membership.memberId(), null);
        pronounce(current, GroupError.UNKNOWN_MEMBER_ID);
        return 1;
    }
}
