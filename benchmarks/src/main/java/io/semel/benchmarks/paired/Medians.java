package io.semel.benchmarks.paired;

import java.util.Arrays;

/** Medians, because one round that met somebody else's work must not move the figure. Stateless. */
final class Medians {
    private Medians() {
    }

    /** Of an even number of values, the mean of the two in the middle. */
    static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double lowest(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    static double highest(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }
}
