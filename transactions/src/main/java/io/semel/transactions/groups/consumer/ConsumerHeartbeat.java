package io.semel.transactions.groups.consumer;

import java.util.Optional;
import java.util.Set;

/**
 * What a member says of itself. Absent is what has not changed since it was said last.
 *
 * @param memberEpoch        of the last answer; 0 to join, {@link #LEAVE} and {@link #LEAVE_FOR_A_WHILE} to go
 * @param rebalanceTimeoutMs how long it may take to give partitions back; {@link #UNCHANGED}
 * @param owned              what it reads now
 */
public record ConsumerHeartbeat(String memberId, int memberEpoch, Optional<String> instanceId, Optional<String> rackId,
        String clientId, String clientHost, int rebalanceTimeoutMs, Optional<Set<String>> topicNames,
        Optional<String> topicPattern, Optional<String> assignor, Optional<Set<TopicIdPartition>> owned) {

    public static final int JOIN = 0;
    public static final int LEAVE = -1;
    /** A static member that will be back within its session. */
    public static final int LEAVE_FOR_A_WHILE = -2;
    public static final int UNCHANGED = -1;

    /** The same of a member that has its id from here. */
    public ConsumerHeartbeat as(String newMemberId) {
        return new ConsumerHeartbeat(newMemberId, memberEpoch, instanceId, rackId, clientId, clientHost,
                rebalanceTimeoutMs, topicNames, topicPattern, assignor, owned);
    }

    public boolean joins() {
        return memberEpoch == JOIN;
    }

    public boolean leaves() {
        return memberEpoch < JOIN;
    }

    /** Whoever says all of that has lost an answer, or begins: it is told all. */
    boolean isFull() {
        return joins() || rebalanceTimeoutMs != UNCHANGED && topicNames.isPresent() && owned.isPresent();
    }

    /** Whether it can be understood at all, whoever says it. */
    public Fault fault() {
        if (memberEpoch < LEAVE_FOR_A_WHILE || !isWellFormed() || memberId.isEmpty()) {
            return Fault.INVALID_REQUEST;
        }
        if (memberEpoch == LEAVE_FOR_A_WHILE && instanceId.isEmpty() || joins() && !saysEnoughToJoin()) {
            return Fault.INVALID_REQUEST;
        }
        if (assignor.isPresent() && Assignor.of(assignor.get()).isEmpty()) {
            return Fault.UNSUPPORTED_ASSIGNOR;
        }
        boolean hasPattern = topicPattern.isPresent() && !topicPattern.get().isEmpty();
        return hasPattern && TopicPattern.of(topicPattern.get()).isEmpty()
                ? Fault.INVALID_REGULAR_EXPRESSION
                : Fault.NONE;
    }

    private boolean isWellFormed() {
        boolean isNamed = !instanceId.orElse("-").isEmpty() && !rackId.orElse("-").isEmpty();
        boolean isBounded = topicNames.map(Set::size).orElse(0) <= ConsumerLimits.MAX_LISTED && owned.map(Set::size)
                .orElse(0) <= ConsumerLimits.MAX_LISTED;
        return isNamed && isBounded && rebalanceTimeoutMs >= UNCHANGED;
    }

    private boolean saysEnoughToJoin() {
        boolean subscribes = topicNames.isPresent() && !topicNames.get().isEmpty() || !topicPattern.orElse("")
                .isEmpty();
        return rebalanceTimeoutMs != UNCHANGED && subscribes && owned.isPresent() && owned.get().isEmpty();
    }
}
