package io.semel.transactions.groups;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.semel.transactions.groups.JoinRequest.FirstJoin;
import io.semel.transactions.groups.JoinRequest.Protocol;
import io.semel.transactions.groups.consumer.TopicCatalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A coordinator over a fake log with a clock in the hand, and short words for what members do. */
final class GroupRig {

    static final String GROUP = "g";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 30_000;
    static final GroupLimits LIMITS = new GroupLimits(1_000, 60_000, 4, 0);

    final FakeOffsetsLog log = new FakeOffsetsLog();
    private final GroupLimits limits;
    private final OffsetRetention retention;
    TopicCatalogue catalogue = TopicCatalogue.EMPTY;
    GroupCoordinator coordinator;
    long nowMs = 1_000_000;
    private long setByMs;
    private int ids;

    GroupRig() {
        this(LIMITS);
    }

    GroupRig(GroupLimits limits) {
        this(limits, OffsetRetention.DEFAULT);
    }

    GroupRig(GroupLimits limits, OffsetRetention retention) {
        this.limits = limits;
        this.retention = retention;
        open();
    }

    private void open() {
        coordinator = new GroupCoordinator(log, log.fold, limits, retention,
                () -> TimeUnit.MILLISECONDS.toNanos(nowMs - setByMs), () -> "m" + ++ids, catalogue);
    }

    void restart() {
        log.restart();
        open();
    }

    /** Sets the clock by which callers say what is written down; no time passes. */
    void setClock(long byMs) {
        nowMs += byMs;
        setByMs += byMs;
    }

    /** At least a sweep interval, so that deadlines are looked at. */
    void pass(long ms) {
        nowMs += ms;
        work();
    }

    void work() {
        coordinator.doWork(nowMs);
    }

    static JoinRequest request(String memberId, String instance, FirstJoin first, String... protocols) {
        List<Protocol> offered = Arrays.stream(protocols)
                .map(spec -> new Protocol(spec.split(":")[0], spec.getBytes())).toList();
        return new JoinRequest(memberId, instance, "client", "host", SESSION_MS, REBALANCE_MS, "consumer", offered,
                first);
    }

    Answer<JoinResult> join(JoinRequest request) {
        Answer<JoinResult> answer = new Answer<>();
        coordinator.join(GROUP, request, nowMs, answer);
        return answer;
    }

    Answer<JoinResult> join(String memberId) {
        return join(request(memberId, null, FirstJoin.ADMIT, "range"));
    }

    Answer<JoinResult> joinStatic(String memberId, String instance) {
        return join(request(memberId, instance, FirstJoin.ADMIT, "range"));
    }

    Answer<SyncResult> sync(JoinResult joined, Map<String, byte[]> assignments) {
        return sync(member(joined), assignments);
    }

    Answer<SyncResult> sync(Membership membership, Map<String, byte[]> assignments) {
        Answer<SyncResult> answer = new Answer<>();
        coordinator.sync(GROUP, new SyncRequest(membership, "consumer", "range", assignments), answer);
        return answer;
    }

    GroupError heartbeat(Membership membership) {
        return coordinator.heartbeat(GROUP, membership);
    }

    GroupError leave(String memberId) {
        return coordinator.leave(GROUP, memberId, null, nowMs);
    }

    Answer<GroupError> commit(Membership membership, long offset) {
        Answer<GroupError> answer = new Answer<>();
        coordinator.commit(new CommitRequest(GROUP, membership, List.of(OffsetToCommit.of("t", 0, offset))), nowMs,
                answer);
        return answer;
    }

    Answer<GroupError> stage(long producerId, Membership membership, long offset) {
        Answer<GroupError> answer = new Answer<>();
        coordinator.commitInTransaction(producerId, (short) 0,
                new CommitRequest(GROUP, membership, List.of(OffsetToCommit.of("t", 0, offset))), nowMs, answer);
        return answer;
    }

    Answer<FetchResult> fetch(Stability stability) {
        Answer<FetchResult> answer = new Answer<>();
        coordinator.fetch(GROUP, List.of(new PartitionName("t", 0)), stability, answer);
        return answer;
    }

    long fetchedOffset() {
        return fetch(Stability.ANY).get().offsets().get(0).committed().offset();
    }

    GroupState state() {
        return coordinator.describe(GROUP).state();
    }

    int generation() {
        return coordinator.describe(GROUP).generation();
    }

    static Membership member(JoinResult joined) {
        assertEquals(GroupError.NONE, joined.error());
        return new Membership(joined.memberId(), null, joined.generation());
    }

    /** One member, joined and synced: the group is STABLE. */
    Membership stable() {
        JoinResult joined = join("").get();
        assertEquals(GroupError.NONE,
                sync(joined, Map.of(joined.memberId(), new byte[] {1})).get().error());
        return member(joined);
    }
}
