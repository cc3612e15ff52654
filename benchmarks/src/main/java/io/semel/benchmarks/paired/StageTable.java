package io.semel.benchmarks.paired;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.semel.benchmarks.workload.semel.TransactionStages.Part;

/**
 * Where the time of a tiny transaction goes: the stages are differences of what {@link Part}s took, and add up to the
 * whole. A marker with its branch is what a second partition adds beyond its record; the journal's append is taken to
 * cost what an append of a record without a sequence does, which is of that size. Stateless.
 */
final class StageTable {
    private static final double PERCENT = 100;

    private StageTable() {
    }

    /** Nanoseconds by stage, in the order in which a transaction goes through them. */
    static Map<String, Double> stages(Map<Part, Double> ns) {
        double marker = ns.get(Part.TWO_RECORDS) - ns.get(Part.RECORD) - ns.get(Part.IDEMPOTENT_APPEND);
        double journal = ns.get(Part.PLAIN_APPEND) - ns.get(Part.ENCODE);
        Map<String, Double> stages = new LinkedHashMap<>();
        stages.put("begin, and the doors, pens and states of a commit of nothing", ns.get(Part.EMPTY));
        stages.put("record: encode, CRC32C", ns.get(Part.ENCODE));
        stages.put("record: claim, copy, publish, apply", journal);
        stages.put("record: admit, note in the producer's window", ns.get(Part.IDEMPOTENT_APPEND) - ns.get(
                Part.PLAIN_APPEND));
        stages.put("offset: check, encode, append, stage", ns.get(Part.RECORD_AND_OFFSET) - ns.get(Part.RECORD)
                - marker);
        stages.put("decision: journal's claim, copy, publish, apply", journal);
        stages.put("decision: decide, encode, complete", ns.get(Part.RECORD) - ns.get(Part.EMPTY) - ns.get(
                Part.IDEMPOTENT_APPEND) - marker - journal);
        stages.put("marker of the record's partition, with its branch", marker);
        stages.put("marker of the offsets' partition, as that one", marker);
        return stages;
    }

    static List<String> lines(Results results) {
        Map<Part, Double> ns = new LinkedHashMap<>();
        for (Part part : Part.values()) {
            ns.put(part, Medians.of(results.figure(Contender.SEMEL_STAGES, part.figure())));
        }
        double whole = ns.get(Part.RECORD_AND_OFFSET);
        List<String> lines = new ArrayList<>();
        lines.add("Where the nanoseconds of a tiny transaction go, by differences:");
        stages(ns).forEach((stage, spent) -> lines.add(line(stage, spent, whole)));
        lines.add(line("the whole", whole, whole));
        return lines;
    }

    private static String line(String stage, double spent, double whole) {
        return String.format(Locale.ROOT, "    %-62s %6.0f ns %5.1f %%", stage, spent, PERCENT * spent / whole);
    }
}
