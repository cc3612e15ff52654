package io.semel.transactions.coordinator;

import io.semel.transactions.records.TransactionLogValue;

/**
 * When a transaction began: by the wall clock for the record, by the steady one for its time-out, so that nobody's is
 * aborted because the machine's clock was set. Thread rule: under the pen of its transactional id.
 */
final class Beginning {
    private final CoordinatorContext context;
    private long wallMs = TransactionLogValue.NO_TIMESTAMP;
    private long steadyMs;

    Beginning(CoordinatorContext context) {
        this.context = context;
    }

    void isNow() {
        wallMs = context.now();
        steadyMs = context.steadyMs();
    }

    /** Time went on while nobody had the directory open, and the wall clock alone knows how much (T8). */
    void recovered(long recordedMs) {
        wallMs = recordedMs;
        steadyMs = context.steadyMs() - Math.max(0, context.now() - recordedMs);
    }

    void forget() {
        wallMs = TransactionLogValue.NO_TIMESTAMP;
    }

    /** {@link TransactionLogValue#NO_TIMESTAMP} when none has begun. */
    long wallMs() {
        return wallMs;
    }

    boolean isOlderThan(long ms) {
        return context.steadyMs() - steadyMs > ms;
    }
}
