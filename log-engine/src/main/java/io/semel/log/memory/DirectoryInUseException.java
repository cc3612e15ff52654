package io.semel.log.memory;

import java.io.IOException;
import java.nio.file.Path;

/** Another owner holds the directory. Nothing in it was read or changed. */
public final class DirectoryInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    public DirectoryInUseException(Path directory, String owner) {
        super("directory in use: " + directory + " is open in " + owner
                + "; one process owns a directory at a time, so close that one or use another directory");
    }
}
