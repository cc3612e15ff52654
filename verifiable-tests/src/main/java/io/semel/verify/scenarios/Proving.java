package io.semel.verify.scenarios;

/** A command that proves something. */
public interface Proving {
    /** Ids of the properties that it attacks, as in {@code docs/INVARIANTS.md}. */
    String properties();
}
