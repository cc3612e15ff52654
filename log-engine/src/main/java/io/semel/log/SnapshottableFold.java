package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A fold whose state can be written down, so that opening a log need not fold all of it:
 * {@code state = fold(snapshot, what the log holds past it)} (L4).
 *
 * <p>A fold that is none of these is fed its whole log at every opening.
 */
public interface SnapshottableFold extends LogFold {
    /** Where batches stand in this opening of the log: positions change from one opening to the next, offsets never. */
    @FunctionalInterface
    interface Positions {
        /** The log-absolute position of the batch that holds {@code offset}, or of the log's start when that is later. */
        long of(long offset) throws IOException;
    }

    /**
     * Writes down the state as it stands exactly at the frontier. Called like {@link #apply}, never beside it.
     *
     * @param startOffset where the log begins: what concerns only older offsets may be left out and forgotten
     */
    void encodeSnapshot(SnapshotWriter sink, long startOffset);

    /**
     * Takes over a state that {@link #encodeSnapshot} wrote. Called once, before the first {@link #apply}.
     *
     * @throws CorruptLogException when it is of a version that is not known here; nothing was taken over then
     */
    void restoreSnapshot(ByteBuffer source, Positions positions) throws IOException;
}
