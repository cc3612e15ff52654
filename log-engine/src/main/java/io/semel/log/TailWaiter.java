package io.semel.log;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A reader that wants to hear when a log's frontier moves. One waiter may wait on many logs: it makes a
 * {@link Registration} with each, so that waiting again costs no memory.
 *
 * <p>The wake-up runs on the appending thread and must not block: unpark a thread, or set a flag.
 */
@FunctionalInterface
public interface TailWaiter {
    void wake();

    /** A waiter's place in one log's list. It stands there at most once, until the next wake-up removes it. */
    final class Registration {
        final TailWaiter waiter;
        final AtomicBoolean listed = new AtomicBoolean();
        Registration next;

        public Registration(TailWaiter waiter) {
            this.waiter = waiter;
        }
    }
}
