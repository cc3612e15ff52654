package io.semel.server.network.groups;

import io.semel.transactions.groups.GroupState;

/** What Kafka calls the states and types of groups. Stateless. */
final class GroupNames {
    /** A group whose members assign partitions among themselves. */
    static final String CLASSIC = "classic";

    private GroupNames() {
    }

    static String of(GroupState state) {
        return switch (state) {
            case EMPTY -> "Empty";
            case PREPARING_REBALANCE -> "PreparingRebalance";
            case COMPLETING_REBALANCE -> "CompletingRebalance";
            case STABLE -> "Stable";
            case DEAD -> "Dead";
        };
    }
}
