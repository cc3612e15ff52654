package io.semel.transactions.groups;

import java.util.List;

/** Answer to a fetch of committed offsets: all its lines are from one moment. */
public record FetchResult(GroupError error, List<FetchedOffset> offsets) {

    static FetchResult refused(GroupError error) {
        return new FetchResult(error, List.of());
    }
}
