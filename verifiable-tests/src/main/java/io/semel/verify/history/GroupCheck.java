package io.semel.verify.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.agrona.collections.Long2ObjectHashMap;

/**
 * What the members of a group, taken together, polled of each partition: repeats and gaps that no member can know of,
 * because a rebalance or a crash stands between. What was polled in an aborted transaction was not consumed.
 *
 * <p>Thread rule: one thread.
 */
final class GroupCheck {
    /** One partition as one group sees it. */
    private static final class Share {
        /** The first poll of each offset that counts, or that perhaps does. */
        private final Long2ObjectHashMap<Read> consumed = new Long2ObjectHashMap<>();

        /** The first poll of each offset in an aborted transaction. */
        private final Long2ObjectHashMap<Read> undone = new Long2ObjectHashMap<>();

        /** The poll that went furthest and counts. */
        private Read furthest;
    }

    private record Place(String group, PartitionLog log) {
    }

    private record Subscription(String group, String topic) {
    }

    private final Timeline timeline;
    private final Findings findings;
    private final Map<String, String> groups = new HashMap<>();
    private final Map<Place, Share> shares = new LinkedHashMap<>();

    /** Processes that chose their partitions themselves. */
    private final Set<String> choosers = new HashSet<>();

    /** Of them a group has all partitions, whether one of its members polled them or none. */
    private final Set<Subscription> subscriptions = new HashSet<>();

    GroupCheck(Timeline timeline, Findings findings) {
        this.timeline = timeline;
        this.findings = findings;
    }

    void run() {
        for (Event event : timeline.events()) {
            switch (event.kind()) {
                case SUBSCRIBED -> groups.put(event.process(), event.group());
                case ASSIGNED -> choosers.add(event.process());
                default -> {
                    // No word on who is in a group how.
                }
            }
        }
        for (Read read : timeline.reads()) {
            String group = groups.get(read.operation().process());
            if (group != null) {
                poll(share(group, read.log()), read);
            }
        }
        timeline.events().forEach(this::noteGiven);
        for (PartitionLog log : timeline.logs()) {
            subscriptions.stream().filter(each -> each.topic().equals(log.topic())).forEach(each -> share(each.group(),
                    log));
        }
        shares.forEach((place, share) -> {
            for (Slot slot : place.log().visible()) {
                findMissing(place.log(), share, slot);
            }
        });
    }

    private Share share(String group, PartitionLog log) {
        return shares.computeIfAbsent(new Place(group, log), place -> new Share());
    }

    private void noteGiven(Event event) {
        String group = groups.get(event.process());
        if (group == null) {
            return;
        }
        if (!choosers.contains(event.process())) {
            event.partitions().forEach(partition -> subscriptions.add(new Subscription(group, Entry.topicOf(
                    partition))));
            if (event.kind() == Event.Kind.POLLED) {
                event.entries().forEach(entry -> subscriptions.add(new Subscription(group, Entry.topicOf(entry
                        .partition()))));
            }
        } else if (event.kind() == Event.Kind.ASSIGNED) {
            event.partitions().stream().map(timeline::logOf).flatMap(Optional::stream).forEach(log -> share(group,
                    log));
        }
    }

    private void poll(Share share, Read read) {
        if (read.operation().isAborted()) {
            share.undone.putIfAbsent(read.offset(), read);
        } else {
            consume(share, read);
        }
    }

    private void consume(Share share, Read read) {
        Read before = share.consumed.get(read.offset());
        if (before == null || before.operation().isUnknown()) {
            share.consumed.put(read.offset(), moreLikely(before, read));
        } else if (!read.operation().isUnknown()) {
            repeat(before, read);
        }
        boolean counts = !read.operation().isUnknown();
        if (counts && (share.furthest == null || read.offset() > share.furthest.offset())) {
            share.furthest = read;
        }
    }

    /** Twice within one poll, or in a transaction that is not committed, is a step back, and told as that. */
    private void repeat(Read before, Read read) {
        if (before.operation().isCommitted() && read.operation().isCommitted()) {
            findings.add(Anomaly.CONSUMED_TWICE, read.log().name(), before, read);
        } else if (before.operation() != read.operation()) {
            findings.add(Anomaly.GROUP_REPEAT, read.log().name(), before, read);
        }
    }

    /** Of an earlier poll that perhaps counts, or is {@code null}, and another one. */
    private static Read moreLikely(Read before, Read read) {
        boolean isBeforeKept = before != null && before.operation().unseen() == null && read.operation().isUnknown();
        return isBeforeKept ? before : read;
    }

    /** What nobody polled at all is lost, or unseen, and told as that. */
    private void findMissing(PartitionLog log, Share share, Slot slot) {
        Read consumed = share.consumed.get(slot.offset());
        boolean isDoubtful = consumed != null && consumed.operation().isUnknown()
                && consumed.operation().unseen() != null;
        if (slot.firstRead == null || consumed != null && !isDoubtful) {
            return;
        }
        Read polled = isDoubtful ? consumed : share.undone.getOrDefault(slot.offset(), slot.firstRead);
        List<Witness> witnesses = new ArrayList<>(List.of(polled));
        if (polled.operation().unseen() != null) {
            witnesses.add(polled.operation().unseen());
            witnesses.add(polled.operation()::evidence);
        }
        boolean isPassed = consumed == null && share.furthest != null && slot.offset() < share.furthest.offset();
        if (isPassed) {
            witnesses.add(share.furthest);
        }
        findings.add(isPassed ? Anomaly.GROUP_SKIP : Anomaly.GROUP_UNSEEN, log.name(), witnesses.toArray(
                Witness[]::new));
    }
}
