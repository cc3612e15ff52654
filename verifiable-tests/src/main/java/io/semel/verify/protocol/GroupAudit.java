package io.semel.verify.protocol;

import java.util.HashMap;
import java.util.Map;

import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;

/** G2: generations only rise, one leader each, one owner for each partition of each. Of one group. Thread rule: one thread. */
final class GroupAudit {
    private final String groupId;
    private final Map<Integer, String> leaders = new HashMap<>();
    /** By generation and partition, the member that was told to own it. */
    private final Map<String, String> owners = new HashMap<>();
    private int highest;
    /** Told by a process that is gone: the next one must go on above it. */
    private int floor;

    GroupAudit(String groupId) {
        this.groupId = groupId;
    }

    String groupId() {
        return groupId;
    }

    void joined(JoinResult told) {
        int generation = told.generation();
        Auditor.require(generation > floor && generation >= highest, "G2", groupId + " told generation " + generation
                + " after " + highest + ", and " + floor + " by the process before");
        highest = generation;
        String leader = leaders.putIfAbsent(generation, told.leaderId());
        Auditor.require(leader == null || leader.equals(told.leaderId()), "G2", groupId + " generation " + generation
                + " is led by " + leader + " and by " + told.leaderId());
    }

    void assigned(int generation, String memberId, byte[] partitions) {
        for (byte partition : partitions) {
            String owner = owners.putIfAbsent(generation + "/" + partition, memberId);
            Auditor.require(owner == null || owner.equals(memberId), "G2", groupId + " generation " + generation
                    + " gives partition " + partition + " to " + owner + " and to " + memberId);
        }
    }

    /** G1: a member of an older generation, or of no generation any more, commits nothing. */
    void committed(Membership membership, boolean hasLeft, GroupError answer) {
        boolean isStale = hasLeft || membership.generation() != Membership.NO_GENERATION && (membership
                .generation() < highest || membership.generation() <= floor);
        Auditor.require(!isStale || answer != GroupError.NONE, "G1", groupId + " took a commit of " + membership
                + ", highest generation " + highest + (hasLeft ? ", although it left" : ""));
    }

    void died() {
        floor = highest;
    }
}
