package io.semel.benchmarks.paired;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was measured: per contender its samples, by round, and its profile if one was asked for. Thread rule: one
 * thread.
 */
public final class Results {
    private final Map<Contender, List<Sample>> samples = new EnumMap<>(Contender.class);
    private final Map<Contender, List<ProfileLine>> profiles = new EnumMap<>(Contender.class);

    private final Map<Contender, String> skipped = new EnumMap<>(Contender.class);

    void add(Contender contender, Sample sample) {
        samples.computeIfAbsent(contender, key -> new ArrayList<>()).add(sample);
    }

    void addProfile(Contender contender, List<ProfileLine> lines) {
        profiles.put(contender, lines);
    }

    void skip(Contender contender, String why) {
        skipped.put(contender, why);
    }

    /** Who could not run on this machine, and why. */
    Map<Contender, String> skipped() {
        return skipped;
    }

    /** Who was measured. */
    public Set<Contender> contenders() {
        return samples.keySet();
    }

    List<Sample> of(Contender contender) {
        return samples.get(contender);
    }

    Map<Contender, List<ProfileLine>> profiles() {
        return profiles;
    }

    public double medianPerSecond(Contender contender) {
        return Medians.of(perSecond(contender));
    }

    double[] perSecond(Contender contender) {
        return samples.get(contender).stream().mapToDouble(Sample::perSecond).toArray();
    }

    /** A figure that the contender names, by round. */
    double[] figure(Contender contender, String name) {
        return samples.get(contender).stream().mapToDouble(sample -> sample.figures().get(name)).toArray();
    }
}
