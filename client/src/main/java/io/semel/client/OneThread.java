package io.semel.client;

import java.util.ConcurrentModificationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The door of something that one thread at a time uses and any thread closes: whoever closes it waits until nobody is
 * in, and from then on it is his alone. Closing the directory beside a running appender is thereby safe.
 *
 * <p>Thread rule: any thread. A call costs one compare-and-set and one release; nothing is allocated, and nobody but
 * the one who closes ever waits. A thread that is in must not enter again.
 */
final class OneThread {
    private static final int YIELDS = 100;
    private static final long NAP_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final String what;
    private final AtomicBoolean isInside = new AtomicBoolean();
    /**
     * Set before the closing thread waits, so that a thread that calls without a pause does not keep it out for ever.
     */
    private volatile boolean closing;
    /** Guarded by this. */
    private boolean closed;

    /** @param what is protected, for messages */
    OneThread(String what) {
        this.what = what;
    }

    /**
     * @throws IllegalStateException           when it is closed, or about to be
     * @throws ConcurrentModificationException when another thread is in
     */
    void enter() {
        if (closing || !isInside.compareAndSet(false, true)) {
            throw refused();
        }
    }

    private RuntimeException refused() {
        return closing
                ? new IllegalStateException("closed: " + what)
                : new ConcurrentModificationException("not safe for several threads at once: " + what + " is used by "
                        + Thread.currentThread().getName() + " while another thread is in");
    }

    void leave() {
        isInside.setRelease(false);
    }

    /**
     * Keeps everybody out from now on and runs {@code last}, alone; only the first call does, the others wait for it.
     */
    synchronized void close(Runnable last) {
        if (closed) {
            return;
        }
        closing = true;
        closed = true;
        for (int round = 0; !isInside.compareAndSet(false, true); round++) {
            // An interrupt does not end this: what the other thread works with must not be taken from it.
            if (round < YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(this, NAP_NS);
            }
        }
        last.run();
    }
}
