package io.semel.benchmarks.workload.semel;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * A log's background work on threads of its own, as the client's runtime does it. Thread rule: who starts it stops it.
 */
final class LogWork {
    private static final long IDLE_NS = 100_000;

    private final Thread[] threads;
    private volatile boolean closing;

    private LogWork(IntSupplier... loops) {
        threads = new Thread[loops.length];
        for (int i = 0; i < loops.length; i++) {
            IntSupplier loop = loops[i];
            threads[i] = new Thread(() -> run(loop), "log-work-" + i);
        }
    }

    /** @param loops each returns what it has done; 0 lets it idle */
    static LogWork start(IntSupplier... loops) {
        LogWork work = new LogWork(loops);
        for (Thread thread : work.threads) {
            thread.start();
        }
        return work;
    }

    private void run(IntSupplier loop) {
        while (!closing) {
            if (loop.getAsInt() == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
        }
    }

    /** Returns when the last loop has ended. */
    void stop() throws InterruptedException {
        closing = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
            thread.join();
        }
    }
}
