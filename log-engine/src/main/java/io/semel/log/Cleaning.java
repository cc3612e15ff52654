package io.semel.log;

import java.io.IOException;
import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.log.compaction.CompactionGuide;

/**
 * The cleaner's rounds over one log. Whatever drops or replaces segments goes through here, one thread at a time.
 *
 * <p>Invariant: segments are dropped only below what both checkpoints sum up, whose snapshots are what is left of them (L4,
 * I3).
 *
 * <p>Thread rule: any thread; who finds it held comes back later.
 */
final class Cleaning {
    private static final Logger LOGGER = LoggerFactory.getLogger(Cleaning.class);

    private static final long FREE = 0;
    private static final long HELD = 1;

    private final Path directory;
    private final SegmentChain chain;
    private final Retention retention;
    private final Compactor compactor;
    private final Checkpointing checkpointing;
    /** Held by the one thread that drops segments; for ever once closed. */
    private final PaddedLong cleaning = new PaddedLong(FREE);
    /** Says a failing disk once and not at every round. */
    private boolean failing;

    Cleaning(Path directory, SegmentChain chain, Retention retention, Compactor compactor,
            Checkpointing checkpointing) {
        this.directory = directory;
        this.chain = chain;
        this.retention = retention;
        this.compactor = compactor;
        this.checkpointing = checkpointing;
    }

    Retention retention() {
        return retention;
    }

    Compactor compactor() {
        return compactor;
    }

    /** One bounded round; returns the number of things done. */
    int clean(long nowMs, long boundOffset) throws ForceFailedException {
        if (!cleaning.compareAndSet(FREE, HELD)) {
            return 0;
        }
        try {
            int done = retention.clean(nowMs, boundOffset, checkpointing.coveredOffset());
            wantCheckpoints();
            failing = false;
            return done;
        } catch (ForceFailedException e) {
            throw e;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                LOGGER.warn("{}: old segments can't be deleted: {}; tried again", directory, e.toString());
            }
            return 0;
        } finally {
            cleaning.setRelease(FREE);
        }
    }

    /** Moves the start to {@code offset}, durably; false when another thread cleans. */
    boolean tryDeleteBefore(long offset) throws IOException {
        if (!cleaning.compareAndSet(FREE, HELD)) {
            return false;
        }
        try {
            retention.deleteBefore(offset, checkpointing.coveredOffset());
            wantCheckpoints();
            return true;
        } finally {
            cleaning.setRelease(FREE);
        }
    }

    private void wantCheckpoints() {
        checkpointing.cover(Math.max(retention.wantedStart(), compactor.wantedOffset()));
    }

    /** A slice of compaction; returns the number of things done. */
    int compact(long nowMs, CompactionGuide guide, CompactionResources resources, Log log) {
        if (!cleaning.compareAndSet(FREE, HELD)) {
            return 0;
        }
        try {
            int done = compactor.slice(nowMs, guide, resources, log, checkpointing.coveredOffset());
            wantCheckpoints();
            return done;
        } finally {
            cleaning.setRelease(FREE);
        }
    }

    /** For a log that is offline: lets go of what a compaction has in its hands. Returns 0: nothing was done. */
    int abandonCompaction() {
        if (cleaning.compareAndSet(FREE, HELD)) {
            compactor.close();
            cleaning.setRelease(FREE);
        }
        return 0;
    }

    /** Waits for the round under way; from then on nobody cleans. */
    void shut() {
        cleaning.awaitAndSet(FREE, HELD);
        compactor.close();
    }

    /** For a log that is being closed: lets the files go that nobody reads, and notes where the log begins. */
    void finish() throws IOException {
        retention.saveStart();
        chain.deleteRetired();
    }
}
