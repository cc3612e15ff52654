package io.semel.verify.protocol;

/** What happened in a life, or in many. Thread rule: one thread. */
public final class ProtocolCounts {
    private final long[] counts = new long[Count.values().length];

    void add(Count what, long count) {
        counts[what.ordinal()] += count;
    }

    void add(ProtocolCounts other) {
        for (Count what : Count.values()) {
            add(what, other.of(what));
        }
    }

    public long of(Count what) {
        return counts[what.ordinal()];
    }
}
