package io.semel.verify.programs;

/**
 * Where a scenario lays its hand on a program: called behind each send, so mostly in the middle of a transaction. What
 * happens to the program there, a stall or its death, the implementation does in the program's own thread.
 */
@FunctionalInterface
public interface Interlude {
    Interlude NONE = () -> {
        // A program that nobody disturbs.
    };

    void pass();
}
