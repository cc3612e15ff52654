package io.semel.client.consumer;

import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

import io.semel.log.TailWaiter;

/**
 * Where the polling thread sleeps until there is something to look at: an append, an answer of the coordinator, the
 * heartbeat's verdict, or a call of {@code wakeup}.
 *
 * <p>The order is: {@link #arm}, look, register, look again, {@link #park}. Whatever is signalled after the arming is
 * found by the park, so no wake-up is lost.
 *
 * <p>Thread rule: {@link #wake} and {@link #requestWakeup} by any thread, the rest by the polling one.
 */
final class Parking implements TailWaiter {
    private volatile Thread parked;
    private volatile boolean signalled;
    private volatile boolean wakeupRequested;
    private boolean isClosing;

    @Override
    public void wake() {
        signalled = true;
        LockSupport.unpark(parked);
    }

    /** Kafka's {@code wakeup}: the call under way, or else the next one that may wait, throws. */
    void requestWakeup() {
        wakeupRequested = true;
        wake();
    }

    /** As in Kafka: a close runs to its end, and so do the calls that a rebalance listener makes within it. */
    void ignoreWakeups() {
        isClosing = true;
    }

    /**
     * @throws WakeupException    once for all requests so far
     * @throws InterruptException when the thread is interrupted; the flag stays set
     */
    void throwIfStopped() {
        if (wakeupRequested && !isClosing) {
            wakeupRequested = false;
            throw new WakeupException();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptException("interrupted: " + Thread.currentThread().getName());
        }
    }

    void arm() {
        signalled = false;
    }

    /** Sleeps until it is signalled or interrupted, at most {@code timeoutNs}. */
    void park(long timeoutNs) {
        long startNs = System.nanoTime();
        parked = Thread.currentThread();
        try {
            long leftNs = timeoutNs;
            while (!signalled && leftNs > 0 && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(this, leftNs);
                leftNs = timeoutNs - (System.nanoTime() - startNs);
            }
        } finally {
            parked = null;
        }
    }

    /** Whether a thread sleeps here now. */
    boolean isOccupied() {
        return parked != null;
    }
}
