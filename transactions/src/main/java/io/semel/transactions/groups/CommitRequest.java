package io.semel.transactions.groups;

import java.util.List;

/** Offsets that a member, or nobody's member, wants to commit for a group: all or none of them. */
public record CommitRequest(String groupId, Membership membership, List<OffsetToCommit> offsets) {

    public CommitRequest {
        offsets = List.copyOf(offsets);
    }

    /** What is wrong with it, whoever asks. */
    GroupError refusal() {
        for (OffsetToCommit offset : offsets) {
            if (!offset.isWellFormed()) {
                return GroupError.INVALID_REQUEST;
            }
            if (offset.metadata().length() > GroupLimits.MAX_OFFSET_METADATA_CHARS) {
                return GroupError.OFFSET_METADATA_TOO_LARGE;
            }
        }
        return GroupLimits.checkId(groupId);
    }
}
