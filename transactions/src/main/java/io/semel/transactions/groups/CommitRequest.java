package io.semel.transactions.groups;

import java.util.List;

/** Offsets that a member, or nobody's member, wants to commit for a group: all or none of them. */
public record CommitRequest(String groupId, Membership membership, List<OffsetToCommit> offsets) {

    public CommitRequest {
        offsets = List.copyOf(offsets);
    }
}
