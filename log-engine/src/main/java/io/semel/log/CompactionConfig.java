package io.semel.log;

import java.util.concurrent.TimeUnit;

/**
 * Whether and when a log is compacted.
 *
 * @param policy                 Kafka: {@code cleanup.policy}
 * @param deleteRetentionMs      how long tombstones and transaction markers stay once they are clean (Kafka:
 *                               {@code delete.retention.ms})
 * @param minCompactionLagMs     how long a record stays as it is (Kafka: {@code min.compaction.lag.ms})
 * @param maxCompactionLagMs     after how long a log is compacted however little is dirty (Kafka:
 *                               {@code max.compaction.lag.ms})
 * @param minCleanableDirtyRatio the part of a log that must be dirty, 0 to 1 (Kafka: {@code min.cleanable.dirty.ratio})
 */
public record CompactionConfig(CleanupPolicy policy, long deleteRetentionMs, long minCompactionLagMs,
        long maxCompactionLagMs, double minCleanableDirtyRatio) {
    /** Kafka's defaults. */
    public static final CompactionConfig DEFAULT =
            new CompactionConfig(CleanupPolicy.DELETE, TimeUnit.DAYS.toMillis(1), 0, Long.MAX_VALUE, 0.5);

    public CompactionConfig {
        if (deleteRetentionMs < 0 || minCompactionLagMs < 0 || maxCompactionLagMs < Math.max(1, minCompactionLagMs)
                || !(minCleanableDirtyRatio >= 0 && minCleanableDirtyRatio <= 1)) {
            throw new IllegalArgumentException("compaction out of range: delete.retention.ms=" + deleteRetentionMs
                    + " min.compaction.lag.ms=" + minCompactionLagMs + " (each 0 or more) max.compaction.lag.ms="
                    + maxCompactionLagMs + " (1 or more, and not below min.compaction.lag.ms)"
                    + " min.cleanable.dirty.ratio=" + minCleanableDirtyRatio + " (0 to 1)");
        }
    }

    public CompactionConfig withPolicy(CleanupPolicy cleanup) {
        return new CompactionConfig(cleanup, deleteRetentionMs, minCompactionLagMs, maxCompactionLagMs,
                minCleanableDirtyRatio);
    }
}
