package io.semel.log;

/**
 * A fold's state does not fit into a snapshot. The log goes on; opening it reads all of it, and until the state is smaller
 * its head is neither dropped nor compacted.
 */
public final class SnapshotTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SnapshotTooLargeException(int limitBytes) {
        super("snapshot too large: limitBytes=" + limitBytes + "; until it is smaller opening this log reads all of it,"
                + " and no segment is dropped or compacted. Aborted transactions below the log's start are forgotten:"
                + " move it by retention or by deleting records");
    }
}
