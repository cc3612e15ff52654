package io.semel.server.network.transactions;

import java.util.function.Consumer;
import java.util.function.Supplier;

import io.semel.server.network.request.Exchange;
import io.semel.transactions.coordinator.Progress;

/**
 * Takes a step of the coordinator again and again until it is settled, for as long as a client may be kept waiting.
 *
 * <p>Thread rule: the event loop of the exchange's connection; nothing waits in between.
 */
final class Steps {
    /** Markers of a transaction are there within milliseconds, or its disk is in trouble; clients give up in 30 s. */
    private static final int MAX_WAIT_MS = 5_000;

    /** Most of what has to wait is forced by then. */
    private static final int QUICK_MS = 20;
    private static final int QUICK_STEP_MS = 1;
    private static final int SLOW_STEP_MS = 10;

    private final Exchange exchange;
    private final Supplier<Progress> step;
    private final Consumer<Progress> settled;
    private int waitedMs;

    private Steps(Exchange exchange, Supplier<Progress> step, Consumer<Progress> settled) {
        this.exchange = exchange;
        this.step = step;
        this.settled = settled;
    }

    /** @param settled is told {@code PENDING} when it takes too long, or nobody waits any more */
    static void take(Exchange exchange, Supplier<Progress> step, Consumer<Progress> settled) {
        new Steps(exchange, step, settled).next();
    }

    private void next() {
        Progress progress = step.get();
        if (progress != Progress.PENDING || waitedMs >= MAX_WAIT_MS || exchange.isAbandoned()) {
            settled.accept(progress);
            return;
        }
        int delayMs = waitedMs < QUICK_MS ? QUICK_STEP_MS : SLOW_STEP_MS;
        waitedMs += delayMs;
        later(exchange, this::next, delayMs);
    }

    /** On the event loop of the exchange's connection; whoever fails there has not answered. */
    static void later(Exchange exchange, Runnable task, long delayMs) {
        exchange.runLater(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                exchange.fail(e);
            }
        }, delayMs);
    }
}
