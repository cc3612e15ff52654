package io.semel.transactions.groups;

import java.util.List;

/** A group at one moment; immutable, its arrays are shared and to be left alone. */
public record GroupDescription(String groupId, GroupKind kind, GroupState state, int generation, String protocolType,
        String protocol,
        String leaderId, List<Member> members) {

    /**
     * @param groupInstanceId null for a dynamic member
     * @param metadata        the subscription, in the chosen protocol's words
     */
    public record Member(String memberId, String groupInstanceId, String clientId, String clientHost, byte[] metadata,
            byte[] assignment) {
    }

    /** A line of a list of groups. */
    public record Listing(String groupId, GroupKind kind, GroupState state, String protocolType) {
    }

    static GroupDescription unknown(String groupId) {
        return new GroupDescription(groupId, GroupKind.CLASSIC, GroupState.DEAD, Membership.NO_GENERATION, "", "", "",
                List.of());
    }

    static GroupDescription withoutMembers(String groupId, GroupRecord record) {
        return new GroupDescription(groupId, record.kind(), GroupState.EMPTY, record.generation(), record
                .protocolType(), "", "", List.of());
    }
}
