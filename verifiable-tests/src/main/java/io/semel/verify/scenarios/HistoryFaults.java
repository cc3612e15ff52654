package io.semel.verify.scenarios;

import java.io.IOException;
import java.util.List;
import java.util.Set;

import io.semel.client.DeliverySemantics;
import io.semel.verify.history.Anomaly;
import io.semel.verify.history.Anomaly.Extent;
import io.semel.verify.history.Event;
import io.semel.verify.history.Finding;
import io.semel.verify.history.HistoryChecker;
import io.semel.verify.history.HistoryVerdict;
import io.semel.verify.programs.LineHistory;
import io.semel.verify.report.Fault;

/**
 * What the checker finds in a recording that the semantics forbid, with its evidence; each stands in the recording's
 * lanes, too.
 *
 * @param moreFaults that are counted and not told
 */
public record HistoryFaults(List<Event> events, List<Fault> faults, long moreFaults) {
    /** What breaks once mostly breaks a thousand times, and the first ones explain it. */
    private static final int TOLD_OF_EACH = 3;

    /** @param recording finished */
    public static HistoryFaults of(Recording recording, DeliverySemantics semantics, Extent extent) throws IOException {
        LineHistory history = LineHistory.of(List.of(recording.file()));
        HistoryVerdict verdict = HistoryChecker.check(history.events());
        Set<Anomaly> forbidden = verdict.forbidden(semantics, extent);
        List<Fault> told = forbidden.stream().sorted().flatMap(anomaly -> verdict.of(anomaly).stream().limit(
                TOLD_OF_EACH)).map(finding -> fault(history, recording, finding)).toList();
        long all = forbidden.stream().mapToLong(anomaly -> verdict.counts().get(anomaly)).sum();
        return new HistoryFaults(history.events(), told, all - told.size());
    }

    private static Fault fault(LineHistory history, Recording recording, Finding finding) {
        finding.evidence().forEach(each -> recording.chronicle().anomaly(each.process(), recording.timeOf(history
                .origin(each.event())), finding.anomaly().label() + " in " + finding.where()));
        return new Fault(finding.anomaly().label(), finding.where(), finding.anomaly().definition(), finding.evidence()
                .stream().map(each -> new Fault.Proof(history.origin(each.event()), each.process(), each.account()))
                .toList());
    }
}
