package io.semel.transactions.groups;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Mutual exclusion for a few hundred nanoseconds at a time: never parks a thread, is not reentrant. Its release pairs
 * with the next take, so what was written under it is seen by the next holder.
 */
final class Pen {

    /** About a microsecond of spinning, longer than most holds; then the holder was likely descheduled. */
    private static final int SPINS_BEFORE_YIELD = 100;

    private final AtomicBoolean taken = new AtomicBoolean();

    boolean tryTake() {
        return !taken.getPlain() && taken.compareAndSet(false, true);
    }

    void take() {
        int spins = 0;
        while (!tryTake()) {
            if (++spins < SPINS_BEFORE_YIELD) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    void release() {
        taken.setRelease(false);
    }
}
