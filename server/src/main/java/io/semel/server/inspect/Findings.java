package io.semel.server.inspect;

import java.nio.file.Path;

/** Takes findings as they come, so that no number of them takes memory. Thread rule: one thread. */
@FunctionalInterface
interface Findings {
    void add(Finding finding);

    /** About a batch. */
    default void add(SegmentFile segment, long position, long offset, String what, Object expected, Object actual,
            String remedy) {
        add(segment.path(), position, offset, what, expected, actual, remedy);
    }

    default void add(Path file, long position, long offset, String what, Object expected, Object actual,
            String remedy) {
        add(new Finding(file, position, offset, what, expected.toString(), actual.toString(), remedy));
    }

    /** About a whole file. */
    default void add(Path file, String what, Object expected, Object actual, String remedy) {
        add(file, Finding.NOWHERE, Finding.NOWHERE, what, expected, actual, remedy);
    }
}
