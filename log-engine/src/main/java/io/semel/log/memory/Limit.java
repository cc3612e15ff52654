package io.semel.log.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of one thing is held, and how much may be.
 *
 * <p>Invariant: {@code 0 <= held <= most}, also while many take at once.
 *
 * <p>Thread rule: any thread, lock-free.
 */
public final class Limit {
    private final String name;
    private final long most;
    private final AtomicLong held = new AtomicLong();

    Limit(String name, long most) {
        if (most < 1) {
            throw new IllegalArgumentException("limit out of range: " + name + " given=" + most + " allowed=1..");
        }
        this.name = name;
        this.most = most;
    }

    /** Takes {@code amount} if it is left: false, with nothing taken, when it is not. */
    public boolean tryTake(long amount) {
        long before = held.get();
        while (amount <= most - before) {
            long witness = held.compareAndExchange(before, before + amount);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        return false;
    }

    /** Gives back what was taken before. */
    public void giveBack(long amount) {
        long left = held.addAndGet(-amount);
        if (left < 0) {
            throw new IllegalStateException("given back more than taken: " + name + " held=" + left);
        }
    }

    public long held() {
        return held.get();
    }

    public long most() {
        return most;
    }

    @Override
    public String toString() {
        return name + '=' + held.get() + " of " + most;
    }
}
