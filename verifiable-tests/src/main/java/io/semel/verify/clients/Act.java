package io.semel.verify.clients;

import java.util.Locale;

/** What a program is asked for. */
enum Act {
    /** What the client is. */
    VERSION,
    /** Everything up to the restart. */
    FIRST,
    /** What is there after it. */
    SECOND;

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
