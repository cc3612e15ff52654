package io.semel.verify.longrun;

/** A scenario that counts what it does. */
public interface Counting {
    /** Of the run under way, or of the last one. Thread rule: any thread, at any time. */
    Reached reached();
}
