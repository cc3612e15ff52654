package io.semel.log;

import java.io.IOException;

/** The directory is not one that this version of Semel may touch. Nothing in it was changed. */
public final class IncompatibleDirectoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public IncompatibleDirectoryException(String message) {
        super(message);
    }
}
