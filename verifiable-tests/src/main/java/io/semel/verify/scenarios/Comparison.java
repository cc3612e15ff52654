package io.semel.verify.scenarios;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.semel.client.DeliverySemantics;
import io.semel.verify.history.Entry;
import io.semel.verify.history.Event;
import io.semel.verify.programs.Copying.Placement;
import io.semel.verify.report.Fault;
import io.semel.verify.scenarios.worker.ReadThrough;
import io.semel.verify.scenarios.worker.Setting;

/**
 * What came out against what went in, as whoever read both topics through saw them (E1, E2): each record at most once,
 * at least once, or once; and by exactly once, where copies keep their partition, in the same order.
 *
 * <p>Thread rule: one thread.
 */
final class Comparison {
    /** Told in words of each kind. */
    private static final int TOLD = 3;

    private final Map<String, List<Entry>> input = new TreeMap<>();
    private final Map<String, List<Entry>> output = new TreeMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();

    private Comparison() {
    }

    static Comparison of(List<Event> history, DeliverySemantics semantics, Placement placement) {
        Comparison comparison = new Comparison();
        for (Event event : history) {
            if (event.kind() == Event.Kind.POLLED) {
                collect(event, Setting.INPUT, comparison.input);
                collect(event, Setting.OUTPUT, comparison.output);
            }
        }
        comparison.compare(semantics);
        if (semantics == DeliverySemantics.EXACTLY_ONCE && placement == Placement.SAME_PARTITION) {
            comparison.compareOrder();
        }
        return comparison;
    }

    private static void collect(Event event, String topic, Map<String, List<Entry>> partitions) {
        if (event.process().contains(':' + ReadThrough.READER + topic)) {
            event.entries().forEach(entry -> partitions.computeIfAbsent(entry.partition(), name -> new ArrayList<>())
                    .add(entry));
        }
    }

    private void compare(DeliverySemantics semantics) {
        Map<String, Entry> sources = new HashMap<>();
        input.values().forEach(partition -> partition.forEach(entry -> sources.put(entry.value(), entry)));
        Map<String, Entry> copies = new HashMap<>();
        output.values().forEach(partition -> partition.forEach(copy -> {
            Entry before = copies.put(copy.value(), copy);
            if (!sources.containsKey(copy.value())) {
                fault("copy of nothing", copy, "the input has no such record");
            } else if (before != null && semantics != DeliverySemantics.AT_LEAST_ONCE) {
                fault("copied twice", copy, "its first copy is at offset " + before.offset() + " of " + before
                        .partition());
            }
        }));
        if (semantics != DeliverySemantics.AT_MOST_ONCE) {
            input.values().forEach(partition -> partition.forEach(entry -> {
                if (!copies.containsKey(entry.value())) {
                    fault("not copied", entry, "the output has no such record");
                }
            }));
        }
    }

    /** Of the records that are in both: what is missing or twice is told already. */
    private void compareOrder() {
        input.forEach((partition, entries) -> {
            Map<String, Integer> places = new HashMap<>();
            entries.forEach(entry -> places.put(entry.value(), places.size()));
            String outputPartition = Setting.OUTPUT + partition.substring(Setting.INPUT.length());
            int last = -1;
            for (Entry copy : output.getOrDefault(outputPartition, List.of())) {
                Integer place = places.get(copy.value());
                if (place == null) {
                    fault("copied elsewhere", copy, "its record is in another partition than " + partition);
                } else if (place < last) {
                    fault("copied out of order", copy, "it follows the copy of a later record");
                } else {
                    last = place;
                }
            }
        });
    }

    private void fault(String kind, Entry entry, String because) {
        if (counts.merge(kind, 1, Integer::sum) <= TOLD) {
            faults.add(new Fault(kind + ": record " + entry.value() + " at offset " + entry.offset(), entry.partition(),
                    because, List.of()));
        }
    }

    List<Fault> faults() {
        return faults;
    }

    /** All that there are, told or not. */
    long faultCount() {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    long inputCount() {
        return input.values().stream().mapToLong(List::size).sum();
    }

    long outputCount() {
        return output.values().stream().mapToLong(List::size).sum();
    }
}
