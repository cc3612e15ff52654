package io.semel.verify.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Skips and steps back in what each process polls, as long as nothing moved it: a partition that comes or goes forgets where the
 * process was in it, a crash or a transaction of unknown outcome forgets all of that, and an aborted transaction goes back to
 * where it began.
 *
 * <p>Thread rule: one thread.
 */
final class PollOrder {
    /** Where one process is. */
    private static final class Positions {
        private final Map<PartitionLog, Read> last = new HashMap<>();

        /** Where it was in the partitions that it polled in the open transaction; {@code null} inside for nowhere. */
        private final Map<PartitionLog, Read> beforeTransaction = new HashMap<>();

        void forget(PartitionLog log) {
            last.remove(log);
            beforeTransaction.replace(log, null);
        }

        void keepOnly(Collection<String> assigned) {
            last.keySet().removeIf(log -> !assigned.contains(log.name()));
            beforeTransaction.replaceAll((log, read) -> assigned.contains(log.name()) ? read : null);
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
                    positions.beforeTransaction.keySet().forEach(positions.last::remove);
                    positions.beforeTransaction.clear();
                }
                case ASSIGNED -> positions.keepOnly(event.partitions());
                case REBALANCED -> event.partitions().stream().map(logs::get).forEach(positions::forget);
                case CRASHED -> processes.remove(event.process());
                case SUBSCRIBED, SEND_BEGUN, SENT, SEND_FAILED, SEND_UNKNOWN -> {
                    // The partitions that a subscription brings come with a rebalance; sends move no consumer.
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
}
