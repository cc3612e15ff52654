package io.semel.verify.scenarios;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.semel.client.DeliverySemantics;
import io.semel.verify.history.Anomaly.Extent;
import io.semel.verify.report.Fault;
import io.semel.verify.report.Lane;
import io.semel.verify.report.Report.Fact;
import io.semel.verify.scenarios.Recording.Tally;
import io.semel.verify.scenarios.worker.Setting;

/**
 * What a run came to.
 *
 * @param faults     what was told of the processes, what the checker found that the semantics forbid, what does not
 *                   match
 * @param moreFaults of the last two, that are counted and not told
 */
record ScenarioResult(int kills, List<Fact> facts, List<Lane> lanes, List<Long> killsMs, List<Fault> faults,
        long moreFaults) {

    /** What there is to judge beside the history. */
    enum Judged {
        /** Whether the output is the input. */
        COPIES,
        /** The programs copy nothing. */
        HISTORY_ALONE
    }

    boolean isClean() {
        return faults.isEmpty();
    }

    long count(String fact) {
        return facts.stream().filter(each -> each.name().equals(fact)).mapToLong(Fact::count).findFirst().orElse(0);
    }

    static ScenarioResult judge(Setting setting, Judged what, Recording recording, int kills, long elapsedMs)
            throws IOException {
        DeliverySemantics semantics = setting.semantics();
        List<Fault> faults = new ArrayList<>(recording.violations().stream().map(Fault::of).toList());
        // What a run that was broken off did not read is not missing.
        boolean isComplete = faults.isEmpty();
        HistoryFaults history = HistoryFaults.of(recording, semantics, isComplete ? Extent.COMPLETE
                : Extent.CUT_SHORT);
        faults.addAll(history.faults());
        long more = history.moreFaults();
        Comparison comparison = Comparison.of(history.events(), semantics, setting.placement());
        if (isComplete && what == Judged.COPIES) {
            faults.addAll(comparison.faults());
            more += comparison.faultCount() - comparison.faults().size();
        }
        return new ScenarioResult(kills, facts(recording, kills, history, comparison, elapsedMs), recording.chronicle()
                .lanes(), recording.chronicle().killsMs(), faults, more);
    }

    private static List<Fact> facts(Recording recording, int kills, HistoryFaults history, Comparison comparison,
            long elapsedMs) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("processes killed", kills));
        for (Tally tally : Tally.values()) {
            facts.add(new Fact(tally.words(), recording.count(tally)));
        }
        facts.add(new Fact("records in the input, at the end", comparison.inputCount()));
        facts.add(new Fact("records in the output, at the end", comparison.outputCount()));
        facts.add(new Fact("events that the checker judged", history.events().size()));
        facts.add(new Fact("seconds", elapsedMs / 1000));
        return facts;
    }
}
