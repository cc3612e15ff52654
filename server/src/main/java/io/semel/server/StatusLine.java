package io.semel.server;

import java.io.PrintWriter;

/**
 * Progress: one line that is written over on a terminal; elsewhere a new line every few seconds.
 *
 * <p>Thread rule: one thread.
 */
public final class StatusLine {
    private static final long TERMINAL_INTERVAL_NS = 100_000_000L;
    private static final long FILE_INTERVAL_NS = 3_000_000_000L;
    /** Longer lines would wrap, and a wrapped line can't be written over. */
    private static final int MAX_LENGTH = 119;

    private final PrintWriter out;
    private final boolean isTerminal;
    private long nextNs;
    private int shownLength;
    private String pending = "";

    private StatusLine(PrintWriter out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.nextNs = System.nanoTime();
    }

    /** The launcher script says whether a person is looking: the JVM itself can't tell of standard output alone. */
    public static StatusLine on(PrintWriter out) {
        return new StatusLine(out, "1".equals(System.getenv("SEMEL_TERMINAL")));
    }

    public void update(String text) {
        pending = text.length() > MAX_LENGTH && isTerminal ? text.substring(0, MAX_LENGTH) : text;
        long nowNs = System.nanoTime();
        if (nowNs - nextNs >= 0) {
            nextNs = nowNs + (isTerminal ? TERMINAL_INTERVAL_NS : FILE_INTERVAL_NS);
            show();
        }
    }

    private void show() {
        if (isTerminal) {
            out.print("\r" + pending + " ".repeat(Math.max(0, shownLength - pending.length())));
            shownLength = pending.length();
        } else {
            out.println(pending);
        }
        out.flush();
        pending = "";
    }

    /** Ends the line as it stands now. */
    public void finish() {
        if (!pending.isEmpty()) {
            show();
        }
        if (isTerminal && shownLength > 0) {
            out.println();
            out.flush();
        }
        shownLength = 0;
    }

    /** A line of its own. */
    public void say(String text) {
        finish();
        out.println(text);
        out.flush();
    }
}
