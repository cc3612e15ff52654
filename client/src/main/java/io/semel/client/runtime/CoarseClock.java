package io.semel.client.runtime;

import org.agrona.concurrent.EpochClock;

/**
 * The time as the conductor saw it last, in milliseconds since the epoch: for time stamps of batches, where asking the
 * system costs as much as a record. It is behind by as long as the conductor rests or works, some milliseconds.
 *
 * <p>Thread rule: one refreshes, any reads.
 */
final class CoarseClock implements EpochClock {
    private final EpochClock exact;
    private volatile long nowMs;

    CoarseClock(EpochClock exact) {
        this.exact = exact;
        refresh();
    }

    void refresh() {
        nowMs = exact.time();
    }

    @Override
    public long time() {
        return nowMs;
    }
}
