package io.semel.transactions.groups;

import java.util.List;

/** A group at one moment; immutable, its arrays are shared and to be left alone. */
public record GroupDescription(String groupId, GroupState state, int generation, String protocolType, String protocol,
        String leaderId, List<Member> members) {

    /**
     * @param groupInstanceId null for a dynamic member
     * @param metadata        the subscription, in the chosen protocol's words
     */
    public record Member(String memberId, String groupInstanceId, String clientId, String clientHost, byte[] metadata,
            byte[] assignment) {
    }

    /** A line of a list of groups. */
    public record Listing(String groupId, GroupState state, String protocolType) {
    }

    static GroupDescription withoutMembers(String groupId, GroupState state, int generation, String protocolType) {
        return new GroupDescription(groupId, state, generation, protocolType, "", "", List.of());
    }
}
