package io.semel.transactions.groups;

import java.util.List;

/**
 * A member's wish to be in the next generation.
 *
 * @param memberId        empty at the first time
 * @param groupInstanceId null for a dynamic member
 * @param protocols       what the member can do, the best first
 */
public record JoinRequest(String memberId, String groupInstanceId, String clientId, String clientHost,
        int sessionTimeoutMs, int rebalanceTimeoutMs, String protocolType, List<Protocol> protocols,
        FirstJoin firstJoin) {

    /** An assignor by name, and the member's subscription in that assignor's own words. The array is not copied. */
    public record Protocol(String name, byte[] metadata) {
    }

    /** What a member without an id gets. */
    public enum FirstJoin {
        /** A seat: a member of this process cannot lose the answer. */
        ADMIT,
        /** An id only, to join with again: else a remote member whose answer was lost would leave ghosts. */
        REQUIRE_MEMBER_ID
    }

    public JoinRequest {
        protocols = List.copyOf(protocols);
    }

    boolean isStatic() {
        return groupInstanceId != null;
    }

    boolean isWellFormed() {
        return GroupLimits.isName(clientId) && GroupLimits.isName(clientHost) && GroupLimits.isName(protocolType)
                && (!isStatic() || GroupLimits.isName(groupInstanceId)) && Protocols.areWellFormed(protocols);
    }
}
