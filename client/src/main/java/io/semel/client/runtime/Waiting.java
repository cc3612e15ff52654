package io.semel.client.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

import io.semel.log.Append;
import io.semel.transactions.coordinator.Progress;

/**
 * Waiting for what the layers below do without blocking: spin shortly, yield, then sleep in growing naps up to a
 * millisecond, until a deadline.
 */
public final class Waiting {
    private static final int SPINS = 100;
    private static final int YIELDS = 20;
    private static final long FIRST_NAP_NS = 1_000;
    private static final long LONGEST_NAP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String what;
    private final long startNs;
    private final long timeoutNs;
    private int rounds;
    private long napNs = FIRST_NAP_NS;

    private Waiting(String what, Duration timeout) {
        this.what = what;
        this.startNs = System.nanoTime();
        this.timeoutNs = saturatedNanos(timeout);
    }

    /** Begins to wait; {@code what} stands in the message when time runs out. */
    public static Waiting upTo(Duration timeout, String what) {
        return new Waiting(what, timeout);
    }

    /** In nanoseconds, as many as a long can hold: 292 years. */
    public static long saturatedNanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Waits a little.
     *
     * @throws TimeoutException   when the time is over
     * @throws InterruptException when the thread is interrupted; the flag stays set
     */
    public void pause() {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptException("interrupted while waiting for " + what);
        }
        if (++rounds <= SPINS) {
            Thread.onSpinWait();
            return;
        }
        if (System.nanoTime() - startNs > timeoutNs) {
            throw new TimeoutException(
                    "timed out after " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms waiting for " + what);
        }
        if (rounds <= SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(napNs);
            napNs = Math.min(napNs * 2, LONGEST_NAP_NS);
        }
    }

    /** Steps until the answer is anything but {@code PENDING}. */
    public Progress stepUntilSettled(Supplier<Progress> step) {
        Progress progress = step.get();
        while (progress == Progress.PENDING) {
            pause();
            progress = step.get();
        }
        return progress;
    }

    /** Appends until the answer is anything but {@link Append#BACK_PRESSURED}. */
    public long appendUntilTaken(LongSupplier append) {
        long code = append.getAsLong();
        while (code == Append.BACK_PRESSURED) {
            pause();
            code = append.getAsLong();
        }
        return code;
    }
}
