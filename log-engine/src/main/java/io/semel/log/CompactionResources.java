package io.semel.log;

import io.semel.log.compaction.OffsetMap;
import io.semel.log.memory.Limits;

/**
 * What all compactions of one owner share: one map of keys, so that one log is compacted at a time, and so many bytes of the
 * disk a second, read and written.
 *
 * <p>Thread rule: any thread.
 */
public final class CompactionResources {
    private final OffsetMap newest;
    private final DiskPace pace;
    private Compactor user;

    /** Those of an owner who does not mind how fast the disk is used. */
    public CompactionResources() {
        this(new OffsetMap());
    }

    /** Those of an owner whose compactions read and write {@link Limits#compactionBytesPerSecond()} together, at most. */
    public CompactionResources(Limits limits) {
        this(new OffsetMap(), new DiskPace(limits.compactionBytesPerSecond()));
    }

    CompactionResources(OffsetMap newest) {
        this(newest, new DiskPace(DiskPace.UNLIMITED));
    }

    private CompactionResources(OffsetMap newest, DiskPace pace) {
        this.newest = newest;
        this.pace = pace;
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

    /** Whether the disk may be used again; when not, come back later. */
    synchronized boolean admitsDisk(long nowMs) {
        return pace.admits(nowMs);
    }

    synchronized void tookOfDisk(long bytes, long nowMs) {
        pace.took(bytes, nowMs);
    }
}
