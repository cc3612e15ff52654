package io.semel.log;

import java.io.IOException;

/**
 * Damage in a part of the log that was complete and forced, so it is no torn tail and is never cut. The partition stays
 * offline and its files stay as they are.
 */
public final class CorruptLogException extends IOException {
    private static final long serialVersionUID = 1L;

    public CorruptLogException(String message) {
        super(message);
    }
}
