package io.semel.verify.history;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import org.agrona.collections.Long2ObjectHashMap;

/**
 * What the members of a group, taken together, polled of each partition: repeats and skips that no member can know of, because a
 * rebalance or a crash stands between. What was polled in an aborted transaction was not consumed.
 *
 * <p>Thread rule: one thread.
 */
final class GroupCheck {
    /** One partition as one group sees it. */
    private static final class Share {
        /** The first poll of each offset that counts, or that perhaps does. */
        private final Long2ObjectHashMap<Read> consumed = new Long2ObjectHashMap<>();

        /** The poll that went furthest and counts. */
        private Read furthest;
    }

    private record Place(String group, PartitionLog log) {
    }

    private final Timeline timeline;
    private final Findings findings;
    private final Map<String, String> groups = new HashMap<>();
    private final Map<Place, Share> shares = new LinkedHashMap<>();

    GroupCheck(Timeline timeline, Findings findings) {
        this.timeline = timeline;
        this.findings = findings;
    }

    void run() {
        for (Event event : timeline.events()) {
            if (event.kind() == Event.Kind.SUBSCRIBED) {
                groups.put(event.process(), event.group());
            }
        }
        for (Read read : timeline.reads()) {
            String group = groups.get(read.operation().process());
            if (group != null && !read.operation().isAborted()) {
                consume(shares.computeIfAbsent(new Place(group, read.log()), place -> new Share()), read);
            }
        }
        shares.forEach((place, share) -> findSkips(place.log(), share));
    }

    private void consume(Share share, Read read) {
        Read before = share.consumed.get(read.offset());
        if (before == null || before.operation().isUnknown()) {
            share.consumed.put(read.offset(), read);
        } else if (!read.operation().isUnknown() && before.operation() != read.operation()) {
            boolean areCommitted = before.operation().isCommitted() && read.operation().isCommitted();
            findings.add(areCommitted ? Anomaly.CONSUMED_TWICE : Anomaly.GROUP_REPEAT, read.log().name(), before, read);
        }
        boolean counts = !read.operation().isUnknown();
        if (counts && (share.furthest == null || read.offset() > share.furthest.offset())) {
            share.furthest = read;
        }
    }

    /** What nobody polled at all is lost, or unseen, and told as that. */
    private void findSkips(PartitionLog log, Share share) {
        for (Slot slot : log.visible()) {
            if (share.furthest == null || slot.offset() >= share.furthest.offset()) {
                return;
            }
            if (slot.firstRead != null && !share.consumed.containsKey(slot.offset())) {
                findings.add(Anomaly.GROUP_SKIP, log.name(), slot.firstRead, share.furthest);
            }
        }
    }
}
