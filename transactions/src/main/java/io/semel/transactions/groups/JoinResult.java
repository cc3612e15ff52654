package io.semel.transactions.groups;

import java.util.List;

/**
 * Answer to a {@link JoinRequest}.
 *
 * @param members    whom the leader assigns partitions to, and whose topics it watches; empty for everybody else
 * @param assignment whether the leader has to assign at all
 */
public record JoinResult(GroupError error, String memberId, int generation, String protocolType, String protocol,
        String leaderId, List<Member> members, Assigning assignment) {

    /** A member as the leader sees it; {@code metadata} belongs to the chosen protocol. */
    public record Member(String memberId, String groupInstanceId, byte[] metadata) {
    }

    /** What the receiver has to do before it syncs. */
    public enum Assigning {
        /** If it is the leader: assign. */
        LEADER_ASSIGNS,
        /** Nothing: a static leader came back to a generation that is assigned already. */
        ALREADY_ASSIGNED
    }

    static JoinResult refused(GroupError error, String memberId) {
        return new JoinResult(error, memberId, Membership.NO_GENERATION, "", "", "", List.of(),
                Assigning.LEADER_ASSIGNS);
    }
}
