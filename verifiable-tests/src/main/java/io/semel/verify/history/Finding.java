package io.semel.verify.history;

import java.util.List;

/**
 * An anomaly and the fewest events that show it.
 *
 * @param where the partition, or the partitions of a cycle
 */
public record Finding(Anomaly anomaly, String where, List<Evidence> evidence) {
    public Finding {
        evidence = List.copyOf(evidence);
    }

    @Override
    public String toString() {
        StringBuilder told = new StringBuilder(anomaly.label()).append(" in ").append(where).append(": ")
                .append(anomaly.definition());
        evidence.forEach(each -> told.append("\n    ").append(each));
        return told.toString();
    }
}
