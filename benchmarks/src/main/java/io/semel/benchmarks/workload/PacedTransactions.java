package io.semel.benchmarks.workload;

import java.nio.file.Path;
import java.util.Map;

import org.HdrHistogram.Histogram;

/** The time from when a transaction was to begin to when it is committed, at a fixed rate, by one producer. */
public final class PacedTransactions implements Workload {
    private final int perSecond;
    private final Transactions.Opener opener;

    public PacedTransactions(int perSecond, Transactions.Opener opener) {
        this.perSecond = perSecond;
        this.opener = opener;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        Histogram latencies = Latencies.histogram();
        try (Transactions transactions = opener.open(directory, 1)) {
            try (Transactions.Committer committer = transactions.join(0)) {
                stopwatch.start();
                Pace pace = Pace.perSecond(perSecond, latencies);
                for (long number = 0; number < operations; number++) {
                    pace.await();
                    committer.transact(number);
                    pace.done();
                }
                stopwatch.stop();
            }
            transactions.verify(operations);
        }
        return Latencies.figures(latencies);
    }
}
