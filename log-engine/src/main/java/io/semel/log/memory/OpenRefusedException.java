package io.semel.log.memory;

import java.io.IOException;

/**
 * A limit does not allow one more open file or mapping, Semel's own or the system's. Nothing was done: the same call may
 * succeed once something was closed.
 */
public final class OpenRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    OpenRefusedException(String message) {
        super(message);
    }

    OpenRefusedException(String message, IOException cause) {
        super(message, cause);
    }
}
