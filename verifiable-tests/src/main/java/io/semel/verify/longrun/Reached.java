package io.semel.verify.longrun;

import java.util.concurrent.atomic.AtomicLongArray;

/** How far a scenario is. Thread rule: any thread. */
public final class Reached {
    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

    public void set(Count what, long count) {
        counts.set(what.ordinal(), count);
    }

    public long of(Count what) {
        return counts.get(what.ordinal());
    }
}
