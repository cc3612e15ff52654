package io.semel.verify.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Several members of a group in one JVM, a thread each. Stateless. */
final class Members {
    /** More threads than that only wait for each other. */
    static final int MOST = 64;

    interface Member {
        void run(String name);
    }

    private Members() {
    }

    /**
     * Runs them until all have ended. If one fails, the others are stopped.
     *
     * @param kind the beginning of their names
     * @throws RuntimeException what the first one failed of
     */
    static void run(String kind, int count, StopSignal stop, Member member) throws InterruptedException {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            String name = kind + "-" + index;
            Thread thread = new Thread(() -> {
                try {
                    member.run(name);
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                    stop.raise();
                }
            }, name);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
