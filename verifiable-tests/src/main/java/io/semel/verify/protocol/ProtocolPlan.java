package io.semel.verify.protocol;

import java.util.SplittableRandom;

import io.semel.idempotence.Verdicts;

/**
 * What a run of the protocol's simulation does.
 *
 * @param seed     of everything
 * @param verdicts {@link Verdicts#STRICT}, or with a check switched off to see it missed
 */
public record ProtocolPlan(long lives, long seed, Verdicts verdicts, int threads) {
    public static final long MAX_LIVES = 1_000_000_000L;
    public static final int MAX_THREADS = 256;

    private static final long PRIME = 0x9E3779B97F4A7C15L;

    Story story(long life) {
        return Story.draw(new SplittableRandom(seed ^ life * PRIME).nextLong());
    }
}
