package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A force failed, so nobody knows what is on the medium: the kernel may have dropped the pages and marked them clean, and
 * a second force would lie. Never retried; the log goes offline (L5).
 */
final class ForceFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param cause whatever it is: an error, too, ends a force in the middle */
    ForceFailedException(Path file, Throwable cause) {
        super("force failed: " + file + ": " + (cause instanceof IOException ? cause.getMessage() : cause)
                + "; what reached the medium is unknown. Check the disk, then open the log again", cause);
    }
}
