package io.semel.benchmarks.workload.copy;

import java.nio.file.Path;
import java.util.Map;

import org.HdrHistogram.Histogram;

import io.semel.benchmarks.workload.Latencies;
import io.semel.benchmarks.workload.Pace;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Semel;

/**
 * A {@link CopyLoop} as quickly as it goes, until the last record is copied and committed; latencies are those of a
 * commit's worth.
 */
public final class CopyRun implements Workload {
    private final CopyWay way;
    private final int recordsACommit;

    public CopyRun(CopyWay way, int recordsACommit) {
        this.way = way;
        this.recordsACommit = recordsACommit;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        Histogram latencies = Latencies.histogram();
        // Fewer than one commit's worth can't be committed; what is left over is not copied.
        long units = Math.max(1, operations / recordsACommit);
        try (Semel semel = CopyTopics.open(directory, units * recordsACommit)) {
            try (CopyLoop loop = way.open(semel, recordsACommit)) {
                stopwatch.start();
                loop.copy(units, Pace.unscheduled(latencies));
                loop.finish();
                stopwatch.stop();
            }
            CopyTopics.verify(semel, units * recordsACommit);
        }
        return Latencies.figures(latencies);
    }
}
