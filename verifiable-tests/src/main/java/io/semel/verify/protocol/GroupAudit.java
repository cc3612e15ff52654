package io.semel.verify.protocol;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.JoinResult;
import io.semel.transactions.groups.Membership;

/**
 * G2: generations only rise, one leader each, one owner for each partition of each. Of one group. Thread rule: one
 * thread.
 */
final class GroupAudit {
    private final String groupId;
    private final Map<Integer, String> leaders = new HashMap<>();
    /** By generation and partition, the member that was told to own it. */
    private final Map<String, String> owners = new HashMap<>();
    /** By partition of a group that hands over cooperatively, who was told to have it and not yet to give it up. */
    private final Map<Byte, String> holders = new HashMap<>();
    private final Map<String, Integer> generations = new HashMap<>();
    /** Member ids of static members that came back with another one. */
    private final Set<String> replaced = new HashSet<>();
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
        Auditor.require(generation > floor && generation >= highest, "G2", () -> groupId + " told generation "
                + generation
                + " after " + highest + ", and " + floor + " by the process before");
        highest = generation;
        String leader = leaders.put(generation, told.leaderId());
        // KIP-814: a static leader that comes back leads on, with another member id.
        boolean isSame = leader == null || leader.equals(told.leaderId()) || replaced.contains(leader);
        Auditor.require(isSame, "G2", () -> groupId + " generation " + generation + " is led by " + leader + " and by "
                + told.leaderId());
    }

    void assigned(int generation, String memberId, byte[] partitions) {
        for (byte partition : partitions) {
            String owner = owners.putIfAbsent(generation + "/" + partition, memberId);
            Auditor.require(owner == null || owner.equals(memberId), "G2", () -> groupId + " generation " + generation
                    + " gives partition " + partition + " to " + owner + " and to " + memberId);
        }
    }

    /**
     * G2: whoever is told to have a partition has it from here on; who had it was told before to give it up, or is out
     * of this generation.
     */
    void handedOver(String owner, int generation, byte[] partitions) {
        Set<Byte> told = new HashSet<>();
        for (byte partition : partitions) {
            told.add(partition);
        }
        holders.entrySet().removeIf(held -> held.getValue().equals(owner) && !told.contains(held.getKey()));
        for (byte partition : told) {
            String holder = holders.put(partition, owner);
            boolean isFree = holder == null || holder.equals(owner) || generations.getOrDefault(holder, 0) < generation;
            Auditor.require(isFree, "G2", () -> groupId + " gives partition " + partition
                    + " to " + owner + ", and " + holder + " neither gave it up nor was evicted");
        }
    }

    /** It left, or its process went. */
    void released(String owner) {
        holders.values().removeIf(owner::equals);
    }

    /** Who is in which generation. */
    void joined(String owner, int generation) {
        generations.put(owner, generation);
    }

    /** G1: a static member came back with another id; the old one speaks for nobody. */
    void replaced(String memberId) {
        replaced.add(memberId);
    }

    /** G1: a member of an older generation, or of no generation any more, commits nothing. */
    void committed(Membership membership, boolean hasLeft, GroupError answer) {
        boolean isStale = hasLeft || replaced.contains(membership.memberId()) || membership
                .generation() != Membership.NO_GENERATION && (membership
                        .generation() < highest || membership.generation() <= floor);
        Auditor.require(!isStale || answer != GroupError.NONE, "G1", () -> groupId + " took a commit of " + membership
                + ", highest generation " + highest + (hasLeft ? ", although it left" : ""));
    }

    void died() {
        floor = highest;
        holders.clear();
    }
}
