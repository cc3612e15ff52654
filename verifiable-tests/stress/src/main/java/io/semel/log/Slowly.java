package io.semel.log;

/** A value that takes its time, so that a store which waits for it comes visibly later than one which does not. Stateless. */
final class Slowly {
    private static final long FACTOR = 6364136223846793005L;

    private Slowly() {
    }

    /** An odd number that the processor knows only after a chain of multiplications; no loop, no call, no memory. */
    static long oddOf(long seed) {
        long value = step(step(step(step(step(step(step(step(seed))))))));
        return step(step(step(step(step(step(step(step(value)))))))) | 1;
    }

    private static long step(long value) {
        return value * FACTOR + 1;
    }
}
