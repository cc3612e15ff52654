package io.semel.verify.scenarios;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.semel.client.DeliverySemantics;
import io.semel.verify.history.Entry;
import io.semel.verify.history.Event;
import io.semel.verify.programs.Copying.Placement;
import io.semel.verify.report.Fault;

import static io.semel.client.DeliverySemantics.AT_LEAST_ONCE;
import static io.semel.client.DeliverySemantics.AT_MOST_ONCE;
import static io.semel.client.DeliverySemantics.EXACTLY_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ComparisonTest {
    private final List<Event> history = new ArrayList<>();

    private ComparisonTest reads(String partition, String... values) {
        String topic = partition.substring(0, partition.indexOf('-'));
        for (int offset = 0; offset < values.length; offset++) {
            history.add(Event.polled("run.jsonl:reader-of-" + topic, new Entry(partition, offset, values[offset])));
        }
        return this;
    }

    private List<String> faults(DeliverySemantics semantics, Placement placement) {
        return Comparison.of(history, semantics, placement).faults().stream().map(Fault::what).toList();
    }

    private List<String> faults(DeliverySemantics semantics) {
        return faults(semantics, Placement.SAME_PARTITION);
    }

    @Test
    void theSameRecordsInTheSameOrderAreWhatExactlyOncePromises() {
        reads("in-0", "a", "b").reads("in-1", "c").reads("out-0", "a", "b").reads("out-1", "c");
        assertTrue(faults(EXACTLY_ONCE).isEmpty());
        assertEquals(3, Comparison.of(history, EXACTLY_ONCE, Placement.SAME_PARTITION).outputCount());
    }

    @Test
    void aRecordThatIsMissingIsAllowedByAtMostOnceAlone() {
        reads("in-0", "a", "b").reads("out-0", "a");
        assertEquals(List.of("not copied: record b at offset 1"), faults(EXACTLY_ONCE));
        assertEquals(List.of("not copied: record b at offset 1"), faults(AT_LEAST_ONCE));
        assertTrue(faults(AT_MOST_ONCE).isEmpty());
    }

    @Test
    void aRecordThatIsThereTwiceIsAllowedByAtLeastOnceAlone() {
        reads("in-0", "a").reads("out-0", "a", "a");
        assertEquals(List.of("copied twice: record a at offset 1"), faults(EXACTLY_ONCE));
        assertEquals(List.of("copied twice: record a at offset 1"), faults(AT_MOST_ONCE));
        assertTrue(faults(AT_LEAST_ONCE).isEmpty());
    }

    @Test
    void aCopyOfNothingIsNeverAllowed() {
        reads("in-0", "a").reads("out-0", "a", "x");
        for (DeliverySemantics semantics : List.of(AT_LEAST_ONCE, AT_MOST_ONCE)) {
            assertEquals(List.of("copy of nothing: record x at offset 1"), faults(semantics));
        }
    }

    @Test
    void orderIsCheckedWhereCopiesKeepTheirPartition() {
        reads("in-0", "a", "b").reads("out-0", "b", "a");
        assertEquals(List.of("copied out of order: record a at offset 1"), faults(EXACTLY_ONCE));
        assertTrue(faults(EXACTLY_ONCE, Placement.ANY_PARTITION).isEmpty());
        assertTrue(faults(AT_LEAST_ONCE).isEmpty());
    }

    @Test
    void aCopyInAnotherPartitionIsFoundWhereItMustKeepIts() {
        reads("in-0", "a").reads("in-1", "b").reads("out-0", "a", "b");
        assertEquals(List.of("copied elsewhere: record b at offset 1"), faults(EXACTLY_ONCE));
        assertTrue(faults(EXACTLY_ONCE, Placement.ANY_PARTITION).isEmpty());
    }
}
