package io.semel.verify.report;

import java.util.List;

/**
 * How a run ended.
 *
 * @param scenario  as one types it
 * @param promise   what was to be shown
 * @param subtitle  with which options
 * @param faults    empty: everything held
 * @param moreFaults that are counted and not told
 * @param killsMs   when the whole process was killed
 * @param repeat    the command that does it again
 */
public record Report(String scenario, String promise, String subtitle, List<Fact> facts, List<Lane> lanes,
        List<Long> killsMs, List<Fault> faults, long moreFaults, String repeat) {
    public Report {
        facts = List.copyOf(facts);
        lanes = List.copyOf(lanes);
        killsMs = List.copyOf(killsMs);
        faults = List.copyOf(faults);
    }

    /** One line of the totals. */
    public record Fact(String name, long count) {
    }

    public boolean isClean() {
        return faults.isEmpty();
    }

    /** The last line of every form. */
    String verdict() {
        return isClean() ? "Everything held: " + promise : "BROKEN. Do it again: " + repeat;
    }
}
