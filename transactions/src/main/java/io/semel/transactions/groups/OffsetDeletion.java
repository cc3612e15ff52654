package io.semel.transactions.groups;

import java.util.Set;

/**
 * What became of offsets that were to be deleted.
 *
 * @param topicsInUse whose offsets were left: members of the group are subscribed to them, or may be
 */
public record OffsetDeletion(GroupError error, Set<String> topicsInUse) {

    public OffsetDeletion {
        topicsInUse = Set.copyOf(topicsInUse);
    }

    static OffsetDeletion refused(GroupError error) {
        return new OffsetDeletion(error, Set.of());
    }
}
