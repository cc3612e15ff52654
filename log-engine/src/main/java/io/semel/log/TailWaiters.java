package io.semel.log;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers that wait at a log's tail: a lock-free stack that the next advance takes whole. An appender pays one
 * volatile read when nobody waits.
 */
final class TailWaiters {
    private static final Logger LOGGER = LoggerFactory.getLogger(TailWaiters.class);

    private final AtomicReference<TailWaiter.Registration> head = new AtomicReference<>();

    /** Puts the waiter on the list, once. The caller looks at the frontier again afterwards, before it sleeps. */
    void add(TailWaiter.Registration registration) {
        if (!registration.listed.compareAndSet(false, true)) {
            return;
        }
        TailWaiter.Registration current;
        do {
            current = head.get();
            registration.next = current;
        } while (!head.compareAndSet(current, registration));
        // The caller reads the frontier next, in acquire mode: that read must not be done before the push is out.
        VarHandle.fullFence();
    }

    /**
     * Takes off a waiter that will not wait again; on a quiet log those of closed readers would pile up. The whole list goes
     * with it: the others are woken, find nothing and list themselves again. Closing is rare, and taking one out of the
     * middle of a lock-free stack is not simple.
     */
    void remove(TailWaiter.Registration registration) {
        if (registration.listed.get()) {
            wakeAll();
        }
    }

    void wakeAll() {
        if (head.get() == null) {
            return;
        }
        TailWaiter.Registration each = head.getAndSet(null);
        while (each != null) {
            TailWaiter.Registration next = each.next;
            each.next = null;
            // Unlisted before it is woken: a waiter that is about to sleep again must be able to list itself again.
            each.listed.set(false);
            wake(each.waiter);
            each = next;
        }
    }

    /** One waiter's failure must neither reach the appender, whose batch is written, nor keep the others asleep. */
    private static void wake(TailWaiter waiter) {
        try {
            waiter.wake();
        } catch (RuntimeException e) {
            LOGGER.error("a waiter at the tail failed to wake: {}", waiter, e);
        }
    }
}
