package io.semel.log.compaction;

/**
 * What one pass over a log has done so far.
 *
 * <p>Thread rule: written by the thread that compacts; read by any thread, each figure for itself.
 */
public final class CompactionProgress {
    private volatile long bytesMapped;
    private volatile long bytesToRead;
    private volatile long bytesRead;
    private volatile long bytesWritten;
    private volatile long recordsKept;
    private volatile long recordsRemoved;

    /** Read for their keys, before anything is cleaned. */
    public void mapped(long bytes) {
        bytesMapped += bytes;
    }

    public void expect(long bytes) {
        bytesToRead += bytes;
    }

    public void read(long bytes) {
        bytesRead += bytes;
    }

    void wrote(long bytes) {
        bytesWritten += bytes;
    }

    void judged(long kept, long removed) {
        recordsKept += kept;
        recordsRemoved += removed;
    }

    public long bytesMapped() {
        return bytesMapped;
    }

    public long bytesRead() {
        return bytesRead;
    }

    public long bytesWritten() {
        return bytesWritten;
    }

    public long recordsKept() {
        return recordsKept;
    }

    public long recordsRemoved() {
        return recordsRemoved;
    }

    /** From 0 to 1. */
    public double partDone() {
        long all = bytesToRead;
        return all == 0 ? 0 : Math.min(1, (double) bytesRead / all);
    }

    @Override
    public String toString() {
        return "mapped=" + bytesMapped + " bytes, read=" + bytesRead + " of " + bytesToRead + " bytes, written="
                + bytesWritten
                + " bytes, recordsKept=" + recordsKept + ", recordsRemoved=" + recordsRemoved;
    }
}
