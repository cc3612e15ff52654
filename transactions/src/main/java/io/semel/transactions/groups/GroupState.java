package io.semel.transactions.groups;

import java.util.EnumSet;
import java.util.Set;

/** States of a group, with the transitions that the classic protocol allows. */
public enum GroupState {
    /** No members; there may be offsets. */
    EMPTY,
    /** Members are asked to join again; the next generation starts when all did, or when the time for it is up. */
    PREPARING_REBALANCE,
    /** The generation stands, its leader has yet to say who owns what. */
    COMPLETING_REBALANCE,
    /** Every member has, or can have, its assignment. */
    STABLE,
    /** Of the consumer protocol alone: members are on their way to what they shall have. */
    RECONCILING,
    /** Deleted; a request that still holds the group is told to look again. */
    DEAD;

    private Set<GroupState> next;

    static {
        EMPTY.next = EnumSet.of(PREPARING_REBALANCE, DEAD);
        PREPARING_REBALANCE.next = EnumSet.of(COMPLETING_REBALANCE, EMPTY);
        COMPLETING_REBALANCE.next = EnumSet.of(STABLE, PREPARING_REBALANCE, EMPTY);
        STABLE.next = EnumSet.of(PREPARING_REBALANCE, EMPTY);
        RECONCILING.next = EnumSet.noneOf(GroupState.class);
        DEAD.next = EnumSet.noneOf(GroupState.class);
    }

    boolean mayBecome(GroupState other) {
        return next.contains(other);
    }
}
