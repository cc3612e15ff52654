package io.semel.verify.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Skips and steps back in what each process polls, as long as nothing moved it: a partition that comes or goes forgets
 * where the process was in it, a crash or a transaction of unknown outcome forgets all of that, and an aborted
 * transaction goes back to where it began. Who is in no group begins at the start.
 *
 * <p>Thread rule: one thread.
 */
final class PollOrder {
    /** Where one process is. */
    private static final class Positions {
        private final Map<PartitionLog, Read> last = new HashMap<>();

        /** Where it was in the partitions that it polled in the open transaction; {@code null} inside for nowhere. */
        private final Map<PartitionLog, Read> beforeTransaction = new HashMap<>();

        /**
         * Partitions in which it may go on anywhere: where it was in them was forgotten, or never its own to choose.
         */
        private final Set<PartitionLog> anywhere = new HashSet<>();

        /** Of a group, whose offsets tell where to begin. */
        private boolean isMember;

        void forget(PartitionLog log) {
            last.remove(log);
            beforeTransaction.replace(log, null);
            anywhere.add(log);
        }

        void keepOnly(Collection<String> assigned) {
            last.keySet().stream().filter(log -> !assigned.contains(log.name())).toList().forEach(this::forget);
        }

        /** A new life of a process that is in no group begins at the start again. */
        void crash() {
            last.clear();
            beforeTransaction.clear();
            anywhere.clear();
        }

        boolean beginsAtTheStart(PartitionLog log) {
            return !isMember && !anywhere.contains(log);
        }

        void goBack() {
            beforeTransaction.forEach((log, read) -> {
                if (read == null) {
                    last.remove(log);
                } else {
                    last.put(log, read);
                }
            });
        }
    }

    private final Timeline timeline;
    private final Findings findings;
    private final Map<String, Positions> processes = new HashMap<>();
    private final Map<String, PartitionLog> logs = new HashMap<>();

    PollOrder(Timeline timeline, Findings findings) {
        this.timeline = timeline;
        this.findings = findings;
        timeline.logs().forEach(log -> logs.put(log.name(), log));
    }

    void run() {
        Iterator<Read> reads = timeline.reads().iterator();
        for (Event event : timeline.events()) {
            Positions positions = processes.computeIfAbsent(event.process(), name -> new Positions());
            switch (event.kind()) {
                case POLLED -> event.entries().forEach(entry -> follow(positions, reads.next()));
                case BEGUN, COMMITTED -> positions.beforeTransaction.clear();
                case ABORTED -> {
                    positions.goBack();
                    positions.beforeTransaction.clear();
                }
                case OUTCOME_UNKNOWN -> {
                    positions.beforeTransaction.keySet().forEach(positions::forget);
                    positions.beforeTransaction.clear();
                }
                case ASSIGNED -> positions.keepOnly(event.partitions());
                case REBALANCED -> event.partitions().stream().map(logs::get).forEach(positions::forget);
                case CRASHED -> positions.crash();
                case SUBSCRIBED -> positions.isMember = true;
                case SEND_BEGUN, SENT, SEND_FAILED, SEND_UNKNOWN -> {
                    // Sends move no consumer.
                }
            }
        }
    }

    private void follow(Positions positions, Read read) {
        Read before = positions.last.put(read.log(), read);
        if (read.operation().isTransaction() && !positions.beforeTransaction.containsKey(read.log())) {
            positions.beforeTransaction.put(read.log(), before);
        }
        if (before == null) {
            if (positions.beginsAtTheStart(read.log())) {
                begin(read);
            }
            return;
        }
        boolean isInternal = before.operation() == read.operation();
        String where = read.log().name();
        if (read.offset() <= before.offset()) {
            findings.add(isInternal ? Anomaly.INTERNAL_NONMONOTONIC_POLL : Anomaly.NONMONOTONIC_POLL, where, before,
                    read);
        } else if (read.slot().visibleBefore > before.slot().visibleThrough()) {
            Slot skipped = read.log().visible()[before.slot().visibleThrough()];
            findings.add(isInternal ? Anomaly.INTERNAL_POLL_SKIP : Anomaly.POLL_SKIP, where, skipped.visibleBy(),
                    before,
                    read);
        }
    }

    /** What nobody polled is lost, and told as that; what the process itself comes to later is a step back. */
    private void begin(Read read) {
        Slot[] visible = read.log().visible();
        for (int index = 0; index < read.slot().visibleBefore; index++) {
            Read head = visible[index].firstRead;
            if (head != null && (head.event() < read.event() || !head.operation().process().equals(read.operation()
                    .process()))) {
                findings.add(Anomaly.POLL_SKIP, read.log().name(), head, read);
                return;
            }
        }
    }
}
