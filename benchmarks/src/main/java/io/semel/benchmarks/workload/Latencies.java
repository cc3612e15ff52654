package io.semel.benchmarks.workload;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

/** Latencies, and the figures that are named of them. Stateless. */
public final class Latencies {
    /** Longer is noted as this long. */
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(60);

    private static final int SIGNIFICANT_DIGITS = 3;

    private Latencies() {
    }

    public static Histogram histogram() {
        return new Histogram(LONGEST_NS, SIGNIFICANT_DIGITS);
    }

    public static void note(Histogram histogram, long latencyNs) {
        histogram.recordValue(Math.min(LONGEST_NS, Math.max(0, latencyNs)));
    }

    public static Map<String, Long> figures(Histogram histogram) {
        Map<String, Long> figures = new TreeMap<>();
        figures.put("p50Ns", histogram.getValueAtPercentile(50));
        figures.put("p99Ns", histogram.getValueAtPercentile(99));
        figures.put("p999Ns", histogram.getValueAtPercentile(99.9));
        figures.put("maxNs", histogram.getMaxValue());
        return figures;
    }
}
