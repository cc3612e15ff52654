package io.semel.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A long that many threads touch, alone in its cache lines, with the memory order in each method's name.
 *
 * <p>128 bytes on either side, because processors fetch lines in pairs. The layers of the class are the padding: the
 * JVM lays out a superclass's fields before those of its subclass.
 */
final class PaddedLong extends PaddedLongRight {
    PaddedLong(long value) {
        VALUE.setRelease(this, value);
    }

    long getPlain() {
        return value;
    }

    long getAcquire() {
        return (long) VALUE.getAcquire(this);
    }

    void setRelease(long newValue) {
        VALUE.setRelease(this, newValue);
    }

    void setVolatile(long newValue) {
        VALUE.setVolatile(this, newValue);
    }

    /** Waits for another thread to set it to {@code expected}: for short works of others, yielding meanwhile. */
    void awaitAndSet(long expected, long newValue) {
        while (!compareAndSet(expected, newValue)) {
            Thread.yield();
        }
    }

    boolean compareAndSet(long expected, long newValue) {
        return VALUE.compareAndSet(this, expected, newValue);
    }
}

class PaddedLongLeft {
    long l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12, l13, l14, l15;
}

class PaddedLongValue extends PaddedLongLeft {
    static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(PaddedLongValue.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long value;
}

class PaddedLongRight extends PaddedLongValue {
    long r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15;
}
