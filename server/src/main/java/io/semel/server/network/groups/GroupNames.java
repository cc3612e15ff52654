package io.semel.server.network.groups;

import io.semel.transactions.groups.GroupKind;
import io.semel.transactions.groups.GroupState;

/** What Kafka calls the states and types of groups. Stateless. */
final class GroupNames {
    private GroupNames() {
    }

    static String of(GroupKind kind) {
        return switch (kind) {
            case CLASSIC -> "classic";
            case CONSUMER -> "consumer";
        };
    }

    static String of(GroupState state) {
        return switch (state) {
            case EMPTY -> "Empty";
            case PREPARING_REBALANCE -> "PreparingRebalance";
            case COMPLETING_REBALANCE -> "CompletingRebalance";
            case STABLE -> "Stable";
            case RECONCILING -> "Reconciling";
            case DEAD -> "Dead";
        };
    }
}
