package io.semel.verify.longrun;

import io.semel.server.Table;

/**
 * What a part is to reach.
 *
 * @param properties ids of what it attacks
 * @param whole      what one long run must reach; {@link #ALL} where that is all there are, and the scenario knows them
 * @param wanted     the share of it that this run wants
 */
public record Goal(String properties, Count what, long whole, long wanted) {
    public static final long ALL = -1;

    /** Wants the whole of it. */
    public static Goal of(String properties, Count what, long whole) {
        return new Goal(properties, what, whole, whole);
    }

    /** Wants the share {@code count / of} of it, and never nothing. */
    public Goal scaled(long count, long of) {
        return new Goal(properties, what, whole, whole == ALL ? ALL : Math.max(1, Math.multiplyExact(whole, count)
                / of));
    }

    /** Of all there are at least one must be there: a run over nothing proves nothing. */
    long least() {
        return wanted == ALL ? 1 : wanted;
    }

    /** As people read it. */
    static String show(long count) {
        return count == ALL ? "all" : Table.number(count);
    }
}
