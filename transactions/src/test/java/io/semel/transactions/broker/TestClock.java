package io.semel.transactions.broker;

import java.util.concurrent.TimeUnit;

import org.agrona.concurrent.EpochClock;

/**
 * A clock that the test sets; and, because every step of the coordinator looks at it, the place to break in between
 * them.
 */
final class TestClock implements EpochClock {
    private static final Runnable NOTHING = () -> {
    };

    private long nowMs = 1_000_000;
    private long setByMs;
    private Runnable interruption = NOTHING;

    @Override
    public long time() {
        Runnable due = interruption;
        interruption = NOTHING;
        due.run();
        return nowMs;
    }

    void advance(long ms) {
        nowMs += ms;
    }

    /** Sets it, ahead or back: no time passes. */
    void set(long byMs) {
        nowMs += byMs;
        setByMs += byMs;
    }

    /** What counts time beside it; no place to break in. */
    long steadyNs() {
        return TimeUnit.MILLISECONDS.toNanos(nowMs - setByMs);
    }

    /** Runs once, when somebody looks at the clock. */
    void atNextLook(Runnable action) {
        interruption = action;
    }
}
