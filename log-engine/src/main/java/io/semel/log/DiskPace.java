package io.semel.log;

import java.util.concurrent.TimeUnit;

/**
 * So many bytes a second, whatever the size of a step: a step is taken whole, and the next one waits until its time is over.
 *
 * <p>Thread rule: one thread at a time.
 */
final class DiskPace {
    static final long UNLIMITED = Long.MAX_VALUE;

    private final long bytesPerSecond;
    private long tookMs = Long.MIN_VALUE;
    private long nextMs = Long.MIN_VALUE;

    /** @param bytesPerSecond 1 or more, or {@link #UNLIMITED} */
    DiskPace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Whether a step may begin. A clock that was set back keeps nobody waiting. */
    boolean admits(long nowMs) {
        return nowMs >= nextMs || nowMs < tookMs;
    }

    /** A step of that many bytes began at {@code nowMs}. */
    void took(long bytes, long nowMs) {
        if (bytes > 0 && bytesPerSecond != UNLIMITED) {
            tookMs = nowMs;
            nextMs = nowMs + (long) Math.ceil((double) bytes * TimeUnit.SECONDS.toMillis(1) / bytesPerSecond);
        }
    }
}
