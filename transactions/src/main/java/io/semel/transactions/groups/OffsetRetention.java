package io.semel.transactions.groups;

/**
 * For how long committed offsets are kept that nobody uses, by Kafka's configuration names.
 *
 * @param ms              {@code offsets.retention.minutes}
 * @param checkIntervalMs {@code offsets.retention.check.interval.ms}: how much longer than that they may be there, and
 *                        after an opening how long members have to come back before anybody looks
 */
public record OffsetRetention(long ms, long checkIntervalMs) {

    /** Kafka's: a week, and ten minutes. */
    public static final OffsetRetention DEFAULT = new OffsetRetention(604_800_000, 600_000);

    public OffsetRetention {
        if (ms < 1 || checkIntervalMs < 1) {
            throw new IllegalArgumentException("committed offsets must be kept, and looked at, for at least 1 ms: ms="
                    + ms + " checkIntervalMs=" + checkIntervalMs);
        }
    }

    /** Whether that much has passed since; what bears no time is of long ago. */
    boolean isOver(long sinceMs, long nowMs) {
        return sinceMs < 0 || nowMs - sinceMs >= ms;
    }
}
