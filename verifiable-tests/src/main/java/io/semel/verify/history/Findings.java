package io.semel.verify.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the checks found, all counted and some of each kind told. Thread rule: one thread. */
final class Findings {
    /** Told of each kind: whatever breaks once mostly breaks a thousand times, and the first ones explain it. */
    static final int TOLD_OF_EACH = 16;

    private final Map<Anomaly, List<Finding>> told = new EnumMap<>(Anomaly.class);
    private final Map<Anomaly, Integer> counts = new EnumMap<>(Anomaly.class);

    void add(Anomaly anomaly, String where, Witness... witnesses) {
        counts.merge(anomaly, 1, Integer::sum);
        List<Finding> ofThisKind = told.computeIfAbsent(anomaly, kind -> new ArrayList<>());
        if (ofThisKind.size() < TOLD_OF_EACH) {
            ofThisKind.add(new Finding(anomaly, where, Arrays.stream(witnesses).map(Witness::evidence).toList()));
        }
    }

    List<Finding> told() {
        return told.values().stream().flatMap(List::stream).toList();
    }

    Map<Anomaly, Integer> counts() {
        return counts;
    }
}
