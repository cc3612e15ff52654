package io.semel.benchmarks.workload.semel;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongSupplier;

import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Semel;

import com.sun.management.ThreadMXBean;

/**
 * Bytes allocated for each record or transaction, by the JDK's own counters, round by round as in {@link Allocation}:
 * by the short ways on the calling thread, through Kafka's interfaces on all threads, for there one thread's work is
 * done by several.
 */
public final class SemanticsAllocation implements Workload {
    private static final int ROUNDS = 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AllocationRoute route;

    public SemanticsAllocation(AllocationRoute route) {
        this.route = route;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        long[] allocatedBytes = new long[ROUNDS];
        LongSupplier counter = route.isOneThread() ? THREADS::getCurrentThreadAllocatedBytes
                : SemanticsAllocation::allThreads;
        long operationsARound = Math.max(1, operations / ROUNDS);
        try (Semel semel = Semel.open(directory)) {
            try (AllocationRoute.Work work = route.open(semel, operationsARound * ROUNDS)) {
                stopwatch.start();
                for (int round = 0; round < ROUNDS; round++) {
                    long beforeBytes = counter.getAsLong();
                    work.run(operationsARound * round, operationsARound * (round + 1));
                    allocatedBytes[round] = counter.getAsLong() - beforeBytes;
                }
                stopwatch.stop();
            }
            route.verify(semel, operationsARound * ROUNDS);
        }
        Arrays.sort(allocatedBytes);
        return Map.of("allocatedBytes", allocatedBytes[0], "allocatedBytesMedian", allocatedBytes[ROUNDS / 2],
                "bytesAnOperation", roundedUp(allocatedBytes[ROUNDS / 2], operationsARound), "operationsARound",
                operationsARound);
    }

    private static long roundedUp(long bytes, long operations) {
        return (bytes + operations - 1) / operations;
    }

    /** Of the threads that live now; the contenders start none while they are measured. */
    private static long allThreads() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())).filter(bytes -> bytes > 0)
                .sum();
    }
}
