package io.semel.log.memory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The file system has no room for what was to be written. Nothing that was there before has changed, and once there is room the
 * same call may succeed.
 */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param usableBytes what is left, or {@link Disk#UNKNOWN_BYTES} */
    public DiskFullException(Path file, long wantedBytes, long usableBytes, IOException cause) {
        super("disk full: no room for " + wantedBytes + " bytes of " + file + ", "
                + (usableBytes == Disk.UNKNOWN_BYTES ? "nobody knows how many" : Long.toString(usableBytes))
                + " are left on its file system: " + cause.getMessage()
                + "; free some and try it again, nothing that was acknowledged is lost", cause);
    }
}
