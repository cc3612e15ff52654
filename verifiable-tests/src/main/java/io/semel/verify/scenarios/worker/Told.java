package io.semel.verify.scenarios.worker;

/** Names of lines that a worker prints beside those of its programs. */
public final class Told {
    /** The directory is open; with {@link #LIFE}. */
    public static final String READY = "worker_ready";

    /** The program named stands still in the middle of a transaction. */
    public static final String STALLED = "stalled";

    /**
     * Whoever acts for the program named was replaced, or its transaction timed out: from here on nothing may succeed.
     */
    public static final String FENCED = "fenced";

    /** A promise was broken; in words, under {@link #WHAT}. */
    public static final String VIOLATION = "violation";

    /** As far as it was told to go; it waits to be killed. */
    public static final String AT_STEP = "at_step";

    public static final String LIFE = "life";
    public static final String WHAT = "what";

    private Told() {
    }
}
