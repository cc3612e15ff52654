package io.semel.log;

/**
 * How long two actors race in one state. Stateless.
 *
 * <p>One state for microseconds, and not thousands of states for nanoseconds each: the one that is ahead is waited for,
 * so both meet in every state, also beside other processes; and the compiler does what it does to loops.
 */
final class Loops {
    /** More than the compiler unrolls as a whole, and fewer than it would put a safepoint between. */
    static final int STEPS = 900;

    private Loops() {
    }
}
