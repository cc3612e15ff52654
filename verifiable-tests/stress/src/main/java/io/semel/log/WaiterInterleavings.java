package io.semel.log;

import java.util.concurrent.atomic.AtomicIntegerArray;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/** L7: in every interleaving, a waiter that lists itself is woken by the next advance, also if it was just woken. */
public class WaiterInterleavings {
    private static final int WAITERS = 3;

    private final TailWaiters waiters = new TailWaiters();
    private final TailWaiter.Registration[] registrations = new TailWaiter.Registration[WAITERS];
    private final AtomicIntegerArray woken = new AtomicIntegerArray(WAITERS);
    /** How often each must have been woken once all are done. */
    private final AtomicIntegerArray awaited = new AtomicIntegerArray(WAITERS);

    public WaiterInterleavings() {
        for (int index = 0; index < WAITERS; index++) {
            int waiter = index;
            registrations[index] = new TailWaiter.Registration(() -> woken.incrementAndGet(waiter));
        }
    }

    @Operation
    public void list(@Param(gen = IntGen.class, conf = "0:2") int waiter) {
        awaited.accumulateAndGet(waiter, woken.get(waiter) + 1, Math::max);
        waiters.add(registrations[waiter]);
    }

    @Operation
    public void advance() {
        waiters.wakeAll();
    }

    @Validate
    public void nobodyIsForgotten() {
        waiters.wakeAll();
        for (int waiter = 0; waiter < WAITERS; waiter++) {
            if (woken.get(waiter) < awaited.get(waiter)) {
                throw new IllegalStateException("sleeps for ever: waiter=" + waiter + " woken=" + woken + " awaited="
                        + awaited);
            }
        }
    }
}
