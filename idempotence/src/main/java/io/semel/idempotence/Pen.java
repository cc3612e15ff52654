package io.semel.idempotence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The right to write one small piece of state: held for nanoseconds, never across I/O or a wait.
 *
 * <p>Not reentrant. Prefer {@link #tryTake()} where the caller can come back; {@link #take()} spins and is for rare
 * operations that must not be refused.
 */
public final class Pen {
    /** Spins before the first yield: a holder that runs is done long before. */
    private static final int SPINS_BEFORE_YIELD = 200;

    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(Pen.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused")
    private boolean held;

    public boolean tryTake() {
        return HELD.compareAndSet(this, false, true);
    }

    public void take() {
        int spins = 0;
        while (!tryTake()) {
            if (++spins < SPINS_BEFORE_YIELD) {
                Thread.onSpinWait();
            } else {
                // The holder was descheduled; on few cores spinning on would only keep it so.
                Thread.yield();
            }
        }
    }

    /** Pairs with the take of the next holder, which sees all that was written under the pen. */
    public void release() {
        HELD.setRelease(this, false);
    }
}
