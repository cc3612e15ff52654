package io.semel.log;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The readers that wait at a log's tail: a lock-free stack that the next advance takes whole. An appender pays one
 * volatile read when nobody waits.
 */
final class TailWaiters {
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
            each.waiter.wake();
            each = next;
        }
    }
}
