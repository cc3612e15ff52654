package io.semel.client.consumer;

import java.util.ConcurrentModificationException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Says no to a second thread, as Kafka's consumer does: it is no lock, nobody waits. A thread that is in may enter
 * again, from a callback.
 */
final class Access {
    private final AtomicReference<Thread> inside = new AtomicReference<>();
    /** Belongs to the thread that is inside. */
    private int depth;
    private volatile Thread lastUser;

    /** @throws ConcurrentModificationException when another thread is in */
    void enter() {
        if (!tryEnter()) {
            throw new ConcurrentModificationException("this consumer is not safe for several threads at once: "
                    + Thread.currentThread().getName() + " meets " + inside.get());
        }
    }

    boolean tryEnter() {
        Thread thread = Thread.currentThread();
        if (inside.get() != thread && !inside.compareAndSet(null, thread)) {
            return false;
        }
        lastUser = thread;
        depth++;
        return true;
    }

    void leave() {
        if (--depth == 0) {
            inside.set(null);
        }
    }

    /** Whether the thread that used the consumer last is gone for good. */
    boolean isLastUserDead() {
        Thread thread = lastUser;
        return thread != null && !thread.isAlive();
    }
}
