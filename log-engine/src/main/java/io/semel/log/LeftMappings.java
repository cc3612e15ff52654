package io.semel.log;

import java.util.ArrayList;
import java.util.List;

/**
 * What segments were mapped in before they were mapped anew, until nobody reads it: unmapping takes milliseconds, which are the
 * flusher's to spend and no reader's.
 *
 * <p>Thread rule: one thread at a time (SegmentChain.finishing); whether there are any, any thread asks.
 */
final class LeftMappings {
    private volatile List<Segment> segments = List.of();

    boolean isEmpty() {
        return segments.isEmpty();
    }

    /** Lets go at once of what nobody reads. */
    void add(Segment segment) {
        List<Segment> longer = new ArrayList<>(segments);
        longer.add(segment);
        segments = longer;
        letGoOfUnread();
    }

    void letGoOfUnread() {
        List<Segment> read = new ArrayList<>(segments);
        read.removeIf(segment -> {
            boolean isUnread = segment.region().leases() == 1;
            if (isUnread) {
                segment.letGoOfMapping();
            }
            return isUnread;
        });
        segments = read;
    }

    /** Their readers unmap them. */
    void letGoOfAll() {
        segments.forEach(Segment::letGoOfMapping);
        segments = List.of();
    }
}
