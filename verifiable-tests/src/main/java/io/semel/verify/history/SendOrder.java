package io.semel.verify.history;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nonmonotonic sends: what a process sends to a partition stands there in the same order. Thread rule: one thread. */
final class SendOrder {
    /** A process's place in a partition. */
    private record Lane(String process, PartitionLog log) {
    }

    private final Timeline timeline;
    private final Findings findings;
    private final Map<Lane, Write> last = new HashMap<>();

    SendOrder(Timeline timeline, Findings findings) {
        this.timeline = timeline;
        this.findings = findings;
    }

    void run() {
        // They are noted when they begin or, where that is not told, when they are acknowledged.
        List<Write> ordered = timeline.writes().stream().filter(Write::hasOffset).sorted(Comparator.comparingInt(
                Write::begunEvent)).toList();
        for (Write write : ordered) {
            Write before = last.put(new Lane(write.operation().process(), write.log()), write);
            if (before != null && write.offset() <= before.offset()) {
                boolean isInternal = before.operation() == write.operation();
                findings.add(isInternal ? Anomaly.INTERNAL_NONMONOTONIC_SEND : Anomaly.NONMONOTONIC_SEND, write.log()
                        .name(), before, write);
            }
        }
    }
}
