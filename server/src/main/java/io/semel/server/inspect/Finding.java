package io.semel.server.inspect;

import java.nio.file.Path;

/**
 * Something that is not as it must be: where, what, and what to do. Immutable.
 *
 * @param position a byte of {@code file}, or {@link #NOWHERE}
 * @param offset   of the log, or {@link #NOWHERE}
 */
record Finding(Path file, long position, long offset, String what, String expected, String actual, String remedy) {
    static final long NOWHERE = -1;

    static final String RESTORE = "restore the file from a backup";
    static final String REBUILT = "none needed: opening the log builds it anew";
    /** The bytes are what a writer wrote: no reader can mend it. */
    static final String REPORT = "a bug, or a foreign hand: keep the directory and report it";

    String line() {
        return file + " position=" + shown(position) + " offset=" + shown(offset) + ": " + what + ", expected "
                + expected + ", actual " + actual + "; remedy: " + remedy;
    }

    private static String shown(long number) {
        return number == NOWHERE ? "none" : Long.toString(number);
    }

    Fields fields() {
        return new Fields().with("finding", what).with("file", file.toString()).with("position", position)
                .with("offset", offset).with("expected", expected).with("actual", actual).with("remedy", remedy);
    }
}
