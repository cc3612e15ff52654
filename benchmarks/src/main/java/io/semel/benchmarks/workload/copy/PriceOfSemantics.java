package io.semel.benchmarks.workload.copy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

import io.semel.benchmarks.workload.Latencies;
import io.semel.benchmarks.workload.Pace;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Semel;

/**
 * What one of the semantics costs when 1, 10, 100, 1,000 and 10,000 records share a commit: first as quickly as it
 * goes, which is the throughput; then at half that rate, which is the time from when a commit's worth was to begin to
 * when it was committed.
 */
public final class PriceOfSemantics implements Workload {
    /** Records a commit. */
    public static final List<Integer> SIZES = List.of(1, 10, 100, 1_000, 10_000);

    /** Of a run's records: the slower a size is by record, the fewer it gets. The rest goes to the largest. */
    private static final Map<Integer, Double> SHARES = Map.of(1, 0.01, 10, 0.03, 100, 0.1, 1_000, 0.26, 10_000, 0.6);

    /** Further from standstill than a queue that always has something in it, closer to it than an idle machine. */
    private static final double PACED_SHARE = 0.5;

    private final CopyWay way;

    public PriceOfSemantics(CopyWay way) {
        this.way = way;
    }

    /** The name of a figure of {@link #run} at {@code size} records a commit. */
    public static String figure(String name, int size) {
        return name + "At" + size;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        Map<String, Long> figures = new TreeMap<>();
        for (int size : SIZES) {
            Path own = Files.createDirectory(directory.resolve("at-" + size));
            long units = Math.max(1, (long) (operations * SHARES.get(size)) / size);
            measure(own, size, units, stopwatch, figures);
        }
        return figures;
    }

    private void measure(Path directory, int size, long units, Stopwatch stopwatch, Map<String, Long> figures)
            throws Exception {
        Histogram latencies = Latencies.histogram();
        long records = 2 * units * size;
        try (Semel semel = CopyTopics.open(directory, records)) {
            try (CopyLoop loop = way.open(semel, size)) {
                long startNs = System.nanoTime();
                stopwatch.start();
                loop.copy(units, Pace.unscheduled(Latencies.histogram()));
                loop.finish();
                stopwatch.stop();
                double unitsPerSecond = units * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - startNs);
                figures.put(figure("recordsPerSecond", size), Math.round(unitsPerSecond * size));
                loop.copy(units, Pace.perSecond(unitsPerSecond * PACED_SHARE, latencies));
                loop.finish();
            }
            CopyTopics.verify(semel, records);
        }
        figures.put(figure("p50Ns", size), latencies.getValueAtPercentile(50));
        figures.put(figure("p99Ns", size), latencies.getValueAtPercentile(99));
    }
}
