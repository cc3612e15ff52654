package io.semel.server.network.request;

import java.util.concurrent.RejectedExecutionException;

import org.agrona.concurrent.EpochClock;

/** Until when what a request asks for may be begun. What was begun is finished. Immutable. */
public record Deadline(EpochClock clock, long untilMs) {
    /** There is no time left: too much waits for the disk already. */
    public static final Deadline OVER = new Deadline(() -> 0, -1);

    /** Of requests that name no time. */
    public static final Deadline NEVER = new Deadline(() -> 0, Long.MAX_VALUE);

    public static Deadline in(EpochClock clock, int timeoutMs) {
        return new Deadline(clock, clock.time() + timeoutMs);
    }

    /** @throws RejectedExecutionException when it is too late to begin with anything */
    public void requireTime() {
        if (clock.time() > untilMs) {
            throw new RejectedExecutionException("not begun in time: too much waits for the disk; nothing was changed."
                    + " Ask again");
        }
    }
}
