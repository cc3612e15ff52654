package io.semel.verify;

import java.util.ArrayList;
import java.util.List;

import io.semel.verify.report.Fault;
import io.semel.verify.report.Lane;
import io.semel.verify.report.Report;
import io.semel.verify.report.Report.Fact;
import io.semel.verify.scenarios.HistoryFaults;

/** What a run found. Stateless. */
final class KillReport {
    private KillReport() {
    }

    /**
     * The report of a run.
     *
     * @param history what the checker found; nothing when no history was told
     */
    static Report of(String subtitle, KillResult result, HistoryFaults history, List<Lane> lanes, List<Long> killsMs,
            String repeat) {
        List<Fault> faults = faults(result);
        faults.addAll(history.faults());
        long more = result.anomalyCount() - result.anomalies().size() + history.moreFaults();
        return new Report("kills", "every record was copied exactly once, in order.", subtitle, facts(result, history),
                lanes, killsMs, faults, more, repeat);
    }

    private static List<Fact> facts(KillResult result, HistoryFaults history) {
        long[] counts = result.counts();
        Damage input = result.input();
        Damage copy = result.copy();
        return List.of(new Fact("kills survived", result.kills()), new Fact("records fed, committed", input.records()),
                new Fact("records copied, committed", copy.records()), new Fact("transactions of the copiers",
                        counts[1]), new Fact("  aborted on purpose", counts[2]), new Fact(
                                "  taken over by a newer instance", counts[5]), new Fact("batches sent again",
                                        counts[3]), new Fact("batches that overtook another", counts[4]), new Fact(
                                                "lost", input.lost() + copy.lost()), new Fact("duplicated", input
                                                        .duplicated() + copy.duplicated()), new Fact("out of order",
                                                                input.reordered() + copy.reordered()), new Fact(
                                                                        "corrupt", input.corrupt() + copy.corrupt()),
                new Fact("wrong answers of the engine", result.anomalyCount()), new Fact(
                        "events that the checker judged", history.events().size()), new Fact("seconds", result
                                .elapsedMs() / 1000));
    }

    private static List<Fault> faults(KillResult result) {
        List<Fault> faults = new ArrayList<>();
        if (!result.failure().isEmpty()) {
            faults.add(Fault.of("the run could not go on: " + result.failure()));
        }
        for (Damage damage : new Damage[] {result.input(), result.copy()}) {
            if (!damage.isNone()) {
                faults.add(Fault.of("damage: " + damage.first()));
            }
        }
        result.anomalies().forEach(anomaly -> faults.add(Fault.of("wrong answer: " + anomaly)));
        return faults;
    }
}
