package io.semel.benchmarks.workload.variants;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;

/**
 * Claims bytes and offsets packed in one word, as a segment does, and nothing else. The compare-and-set looks before it
 * claims, so a claim that does not fit leaves no trace; the addition always succeeds, and whoever overshoots has to
 * repair it.
 */
public final class ClaimVariant implements Workload {
    private static final int RECORDS_SHIFT = 31;
    private static final long BYTES_MASK = (1L << RECORDS_SHIFT) - 1;
    private static final int BATCH_BYTES = 128;
    private static final long ONE_BATCH = (1L << RECORDS_SHIFT) | BATCH_BYTES;

    /** Claims until a segment is full and the next one begins at zero. */
    private static final int CLAIMS_A_SEGMENT = 1 << 20;

    private final Way way;
    private final int threads;

    /** How a claim is made. */
    public enum Way {
        COMPARE_AND_SET, ADD
    }

    public ClaimVariant(Way way, int threads) {
        this.way = way;
        this.threads = threads;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            long offsets = 0;
            stopwatch.start();
            for (long left = operations; left > 0; left -= CLAIMS_A_SEGMENT) {
                offsets += fillSegment(pool, (int) Math.min(left, CLAIMS_A_SEGMENT));
            }
            stopwatch.stop();
            Payload.require("sum of claimed offsets", expectedOffsets(operations), offsets);
        } finally {
            pool.shutdownNow();
        }
        return NO_FIGURES;
    }

    /** Returns the sum of the claimed offsets: each was claimed once, or the sum is wrong. */
    private long fillSegment(ExecutorService pool, int claims) throws Exception {
        SharedCounter word = new SharedCounter();
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Long>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(pool.submit(() -> {
                go.await();
                return way == Way.ADD ? addAll(word, claims) : compareAndSetAll(word, claims);
            }));
        }
        go.countDown();
        long sum = 0;
        for (Future<Long> each : running) {
            sum += each.get();
        }
        return sum;
    }

    private static long compareAndSetAll(SharedCounter word, int claims) {
        long capacityBytes = (long) claims * BATCH_BYTES;
        long sum = 0;
        while (true) {
            long before = word.getAcquire();
            if ((before & BYTES_MASK) + BATCH_BYTES > capacityBytes) {
                return sum;
            }
            if (word.compareAndSet(before, before + ONE_BATCH)) {
                sum += before >>> RECORDS_SHIFT;
            }
        }
    }

    private static long addAll(SharedCounter word, int claims) {
        long capacityBytes = (long) claims * BATCH_BYTES;
        long sum = 0;
        while (true) {
            long before = word.getAndAdd(ONE_BATCH);
            if ((before & BYTES_MASK) + BATCH_BYTES > capacityBytes) {
                return sum;
            }
            sum += before >>> RECORDS_SHIFT;
        }
    }

    private static long expectedOffsets(long operations) {
        long wholeSegments = operations / CLAIMS_A_SEGMENT;
        return wholeSegments * Payload.sumOf(CLAIMS_A_SEGMENT) + Payload.sumOf(operations % CLAIMS_A_SEGMENT);
    }
}
