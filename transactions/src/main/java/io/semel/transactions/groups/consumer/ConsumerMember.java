package io.semel.transactions.groups.consumer;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A member on its way from what it has to what it shall have. Used under the coordinator's pen. */
final class ConsumerMember {
    /** Where a member stands on its way. */
    enum State {
        /** Has all of its target, as of its epoch. */
        STABLE,
        /** Was told to give partitions back, and has not said yet that it did. */
        UNREVOKED,
        /** Waits for partitions that others have not given back yet. */
        UNRELEASED
    }

    final String memberId;
    final Optional<String> instanceId;
    private String clientId = "";
    private String clientHost = "";
    private Optional<String> rackId = Optional.empty();
    private int rebalanceTimeoutMs;
    private Subscription subscription = Subscription.NONE;
    private int epoch;
    /** That of the answer before, which may be lost. */
    private int previousEpoch;
    private State state = State.STABLE;
    private Set<TopicIdPartition> assigned = Set.of();
    private Set<TopicIdPartition> revoking = Set.of();
    private long sessionDeadlineMs;
    private long revocationDeadlineMs;

    ConsumerMember(String memberId, Optional<String> instanceId) {
        this.memberId = memberId;
        this.instanceId = instanceId;
    }

    /** A static member under a new id: it has what the old one had. */
    static ConsumerMember heirOf(ConsumerMember old, String memberId) {
        ConsumerMember heir = new ConsumerMember(memberId, old.instanceId);
        heir.subscription = old.subscription;
        heir.assigned = old.assigned;
        return heir;
    }

    void hear(ConsumerHeartbeat said) {
        clientId = said.clientId();
        clientHost = said.clientHost();
        rackId = said.rackId().or(() -> rackId);
        if (said.rebalanceTimeoutMs() != ConsumerHeartbeat.UNCHANGED) {
            rebalanceTimeoutMs = said.rebalanceTimeoutMs();
        }
        subscription = subscription.after(said);
    }

    Subscription subscription() {
        return subscription;
    }

    int epoch() {
        return epoch;
    }

    State state() {
        return state;
    }

    Set<TopicIdPartition> assigned() {
        return assigned;
    }

    Set<TopicIdPartition> revoking() {
        return revoking;
    }

    /** All that it may be reading. */
    Set<TopicIdPartition> held() {
        Set<TopicIdPartition> held = new HashSet<>(assigned);
        held.addAll(revoking);
        return held;
    }

    /** Whether the member may say this epoch: its own, or the one before if the answer since can have been lost. */
    boolean mayBeAt(int said, Optional<Set<TopicIdPartition>> owned) {
        return said == epoch || said < epoch && said == previousEpoch && owned.isPresent() && assigned.containsAll(owned
                .get());
    }

    boolean isAway() {
        return epoch == ConsumerHeartbeat.LEAVE_FOR_A_WHILE;
    }

    void goAway() {
        become(State.STABLE, ConsumerHeartbeat.LEAVE_FOR_A_WHILE, assigned, Set.of());
    }

    /** Begins anew, with nothing. */
    void reset() {
        become(State.STABLE, ConsumerHeartbeat.JOIN, Set.of(), Set.of());
    }

    void become(State nextState, int nextEpoch, Set<TopicIdPartition> nextAssigned,
            Set<TopicIdPartition> nextRevoking) {
        state = nextState;
        previousEpoch = epoch;
        epoch = nextEpoch;
        assigned = Set.copyOf(nextAssigned);
        revoking = Set.copyOf(nextRevoking);
    }

    void touch(long nowMs, int sessionTimeoutMs) {
        sessionDeadlineMs = nowMs + sessionTimeoutMs;
    }

    void awaitRevocation(long nowMs) {
        revocationDeadlineMs = nowMs + rebalanceTimeoutMs;
    }

    boolean isExpired(long nowMs) {
        return nowMs >= sessionDeadlineMs || state == State.UNREVOKED && nowMs >= revocationDeadlineMs;
    }

    String order() {
        return instanceId.orElse(memberId);
    }

    ConsumerGroupView.Member view(Set<TopicIdPartition> target) {
        return new ConsumerGroupView.Member(memberId, instanceId, rackId, epoch, clientId, clientHost, subscription
                .names(), subscription.pattern(), assigned, target);
    }

    @Override
    public String toString() {
        return memberId + instanceId.map(id -> "/" + id).orElse("") + " " + state + " epoch=" + epoch + " assigned="
                + assigned + " revoking=" + revoking;
    }
}
