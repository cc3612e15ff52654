package io.semel.verify.realdisk;

import java.util.EnumMap;
import java.util.Map;

/** What happened in a run. Thread rule: one thread. */
public final class DiskCounts {
    /** What is counted, in the order of a report. */
    public enum Count {
        KILLS("kills on a disk with room"),
        EARLY_KILLS("  within recovery or the check behind it"),
        DISKS("disks filled"),
        TIMES_FULL("times full, and all read while it was"),
        KILLS_WHEN_FULL("kills on a full disk"),
        REOPENED_FULL("openings on a full disk"),
        REFUSED("  that were refused for want of room"),
        CLOSED_FULL("closes on a full disk"),
        UNCLOSED("  logs that could not be"),
        WENT_ON("times that appending went on when there was room"),
        FAILED_DISKS("disks whose medium gave no more"),
        REMOUNTED("  repaired, mounted anew and checked"),
        OFFLINE("partitions offline after a failed force"),
        LIVES("processes that opened and checked"),
        RECORDS("records in the logs at the end"),
        ACKNOWLEDGED("records acknowledged");

        private final String words;

        Count(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private final long[] counts = new long[Count.values().length];
    private final Map<FileSystem, Long> filled = new EnumMap<>(FileSystem.class);

    void add(Count what, long count) {
        counts[what.ordinal()] += count;
    }

    void addFilled(FileSystem kind) {
        add(Count.DISKS, 1);
        filled.merge(kind, 1L, Long::sum);
    }

    public long of(Count what) {
        return counts[what.ordinal()];
    }

    public long filled(FileSystem kind) {
        return filled.getOrDefault(kind, 0L);
    }
}
