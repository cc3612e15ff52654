package io.semel.verify.history;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Small histories, and what is found in them. Stateless. */
final class SmallHistories {
    private SmallHistories() {
    }

    static Entry x(long offset, String value) {
        return new Entry("x", offset, value);
    }

    static Entry y(long offset, String value) {
        return new Entry("y", offset, value);
    }

    /** Found is this one, once, with these events as its evidence, and nothing else. */
    static void assertFinds(Anomaly anomaly, List<Integer> evidence, Event... history) {
        HistoryVerdict verdict = HistoryChecker.check(List.of(history));
        assertEquals(Map.of(anomaly, 1), verdict.counts(), () -> verdict.found().toString());
        assertEquals(evidence, verdict.of(anomaly).get(0).evidence().stream().map(Evidence::event).toList(),
                () -> verdict.found().toString());
    }

    static void assertClean(Event... history) {
        HistoryVerdict verdict = HistoryChecker.check(List.of(history));
        assertEquals(List.of(), verdict.found());
    }

    static Event[] joined(Event[] first, Event... then) {
        return Stream.of(first, then).flatMap(Stream::of).toArray(Event[]::new);
    }

    static Event[] joined(Event[] first, Event[] second, Event last) {
        return joined(joined(first, second), last);
    }
}
