package io.semel.verify.disk;

/** What a crash takes with it. */
public enum CrashMode {
    /**
     * The process dies, {@code kill -9}: the kernel lives, so all that was stored or written survives, forced or not.
     */
    PROCESS,
    /** The power fails: of what was not forced each page, size and entry survives old, new or, a page, torn. */
    POWER
}
