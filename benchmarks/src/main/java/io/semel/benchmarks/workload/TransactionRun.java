package io.semel.benchmarks.workload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.HdrHistogram.Histogram;

/**
 * Some producers commit one transaction after the other, each beginning as soon as its last one is answered; that is
 * also when it was to begin, so the latencies are whole. The first producer is the calling thread.
 */
public final class TransactionRun implements Workload {
    private final int producers;
    private final Transactions.Opener opener;

    public TransactionRun(int producers, Transactions.Opener opener) {
        this.producers = producers;
        this.opener = opener;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        try (Transactions transactions = opener.open(directory, producers)) {
            Histogram latencies = produceAll(transactions, operations, stopwatch);
            transactions.verify(operations);
            return Latencies.figures(latencies);
        }
    }

    private Histogram produceAll(Transactions transactions, long operations, Stopwatch stopwatch) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        CountDownLatch ready = new CountDownLatch(producers - 1);
        CountDownLatch go = new CountDownLatch(1);
        try (Transactions.Committer first = transactions.join(0)) {
            List<Future<Histogram>> others = new ArrayList<>();
            for (int i = 1; i < producers; i++) {
                int producer = i;
                others.add(threads.submit(() -> joinAndProduce(transactions, producer, operations, ready, go)));
            }
            ready.await();
            stopwatch.start();
            go.countDown();
            Histogram all = produce(first, 0, endOf(0, operations));
            for (Future<Histogram> other : others) {
                all.add(other.get());
            }
            stopwatch.stop();
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private Histogram joinAndProduce(Transactions transactions, int producer, long operations, CountDownLatch ready,
            CountDownLatch go) throws Exception {
        try (Transactions.Committer committer = transactions.join(producer)) {
            ready.countDown();
            go.await();
            return produce(committer, endOf(producer - 1, operations), endOf(producer, operations));
        } finally {
            ready.countDown();
        }
    }

    /** Where the numbers of {@code producer} end, exclusive. */
    private long endOf(int producer, long operations) {
        return operations * (producer + 1) / producers;
    }

    private static Histogram produce(Transactions.Committer committer, long first, long end) throws Exception {
        Histogram latencies = Latencies.histogram();
        long beforeNs = System.nanoTime();
        for (long number = first; number < end; number++) {
            committer.transact(number);
            long nowNs = System.nanoTime();
            Latencies.note(latencies, nowNs - beforeNs);
            beforeNs = nowNs;
        }
        return latencies;
    }
}
