package io.semel.transactions.groups;

/**
 * Where an answer goes, at once or later. Completed exactly once, by whichever thread found the answer, and never while
 * a pen is held: it may call the coordinator again, but must not block.
 */
@FunctionalInterface
public interface Reply<T> {

    void complete(T answer);
}
