package io.semel.verify.disk;

/** How a force ends. */
public enum ForceOutcome {
    DONE,
    /** It fails; nothing reached the medium, and the pages stay dirty. */
    FAILS,
    /**
     * It fails; nothing reached the medium, yet the pages count as clean from now on, so that no later force writes
     * them.
     */
    FAILS_AND_FORGETS,
    /** It says that all is well and did nothing. No engine survives this; it shows what is assumed. */
    LIES
}
