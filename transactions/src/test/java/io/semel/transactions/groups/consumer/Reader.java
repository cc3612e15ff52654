package io.semel.transactions.groups.consumer;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A client of the consumer protocol that does as it is told, one step at a time. */
final class Reader {
    private static final int REBALANCE_TIMEOUT_MS = 60_000;

    final String memberId;
    private final Optional<String> instanceId;
    private final Set<String> topics;
    private final Optional<String> assignor;
    int epoch = ConsumerHeartbeat.JOIN;
    /** What it reads, until it has given it back. */
    final Set<TopicIdPartition> reads = new HashSet<>();
    private Set<TopicIdPartition> assigned = Set.of();

    Reader(String memberId, String instanceId, Set<String> topics, String assignor) {
        this.memberId = memberId;
        this.instanceId = Optional.ofNullable(instanceId);
        this.topics = topics;
        this.assignor = Optional.of(assignor);
    }

    /** All of it, as after a lost answer. */
    ConsumerHeartbeat heartbeat() {
        return new ConsumerHeartbeat(memberId, epoch, instanceId, Optional.empty(), "client", "/host",
                REBALANCE_TIMEOUT_MS, Optional.of(topics), Optional.of(""), assignor, Optional.of(Set.copyOf(reads)));
    }

    ConsumerHeartbeat leaving(int how) {
        return new ConsumerHeartbeat(memberId, how, instanceId, Optional.empty(), "client", "/host",
                ConsumerHeartbeat.UNCHANGED, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    void hear(HeartbeatAnswer answer) {
        epoch = answer.memberEpoch();
        answer.assignment().ifPresent(told -> assigned = told);
        reads.addAll(assigned);
    }

    /** Stops reading what is no longer its own. */
    void giveBack() {
        reads.retainAll(assigned);
    }

    /** Was refused, or left: it drops all, and begins anew. */
    void dropAll() {
        epoch = ConsumerHeartbeat.JOIN;
        assigned = Set.of();
        reads.clear();
    }
}
