package io.semel.log;

/** A fold's state does not fit into a snapshot. The log goes on; opening it scans what no snapshot covers. */
public final class SnapshotTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SnapshotTooLargeException(int limitBytes) {
        super("snapshot too large: limitBytes=" + limitBytes
                + "; no checkpoint is written, so opening this log scans more of it and retention keeps its head");
    }
}
