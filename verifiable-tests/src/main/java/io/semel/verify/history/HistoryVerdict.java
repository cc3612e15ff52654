package io.semel.verify.history;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.semel.client.DeliverySemantics;
import io.semel.verify.history.Anomaly.Extent;

/**
 * What the checker found.
 *
 * @param found  what was found of each kind that was, the first of them
 * @param counts how many of each kind there are
 */
public record HistoryVerdict(List<Finding> found, Map<Anomaly, Integer> counts) {
    public HistoryVerdict {
        found = List.copyOf(found);
        counts = Map.copyOf(counts);
    }

    /** The kinds that these semantics forbid. Empty: the history is one that they allow. */
    public Set<Anomaly> forbidden(DeliverySemantics semantics, Extent extent) {
        return counts.keySet().stream().filter(anomaly -> anomaly.isForbidden(semantics, extent))
                .collect(Collectors.toUnmodifiableSet());
    }

    public List<Finding> of(Anomaly anomaly) {
        return found.stream().filter(finding -> finding.anomaly() == anomaly).toList();
    }
}
