package io.semel.log;

import io.semel.log.compaction.OffsetMap;

/**
 * The memory that compaction takes: one map of keys for all logs of an owner, so that one of them is compacted at a time.
 *
 * <p>Thread rule: any thread.
 */
public final class CompactionMemory {
    private final OffsetMap newest;
    private Compactor user;

    public CompactionMemory() {
        this(new OffsetMap());
    }

    CompactionMemory(OffsetMap newest) {
        this.newest = newest;
    }

    /** The map, empty, for whoever asks while nobody has it; null while somebody has. */
    synchronized OffsetMap tryTake(Compactor wanting) {
        if (user != null) {
            return null;
        }
        user = wanting;
        return newest;
    }

    synchronized void giveBack(Compactor owner) {
        if (user == owner) {
            user = null;
            newest.clear();
        }
    }
}
