package io.semel.transactions.partition;

import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.semel.log.Log;
import io.semel.log.TailWaiter;

/**
 * Where those wait who come to a partition's tail and go again, often in vain: one place in the log's list stands for
 * all of them, so that leaving costs nothing and wakes nobody.
 *
 * <p>Thread rule: any thread. The wake-up runs on the appending thread: a waiter must neither block nor throw.
 */
final class TailRoom implements TailWaiter {
    private final Log log;
    private final Registration registration = new Registration(this);
    private final Set<TailWaiter> waiters = ConcurrentHashMap.newKeySet();

    TailRoom(Log log) {
        this.log = log;
    }

    /**
     * In the room first, then on the list: a wake-up in between finds the waiter, and one after it too. Under the
     * monitor, so that who finds the place taken finds it on the list, and not on its way there in another thread: an
     * advance just now would wake nobody, and only the other one would look again.
     */
    void enter(TailWaiter waiter) {
        waiters.add(waiter);
        synchronized (registration) {
            log.wakeOnAdvance(registration);
        }
        // The caller looks at the marks next, and must not have looked before it was in the room.
        VarHandle.fullFence();
    }

    void leave(TailWaiter waiter) {
        waiters.remove(waiter);
    }

    int count() {
        return waiters.size();
    }

    @Override
    public void wake() {
        waiters.forEach(TailWaiter::wake);
    }
}
