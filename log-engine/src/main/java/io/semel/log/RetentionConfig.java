package io.semel.log;

import java.util.concurrent.TimeUnit;

/**
 * How long records are kept, where {@link CleanupPolicy#deletes()}, and how often a segment is rolled for it.
 *
 * @param retentionMs    age of a segment's newest record in milliseconds after which it may go; -1 for no limit (Kafka:
 *                       {@code retention.ms})
 * @param retentionBytes bytes of a log above which its oldest segments go; -1 for no limit (Kafka:
 *                       {@code retention.bytes})
 * @param segmentMs      milliseconds after which a segment that is not full is rolled nevertheless, so that old records
 *                       can go, at least 1 (Kafka: {@code segment.ms})
 */
public record RetentionConfig(long retentionMs, long retentionBytes, long segmentMs) {
    public static final long UNLIMITED = -1;

    /** Kafka's defaults: seven days, any size. */
    public static final RetentionConfig DEFAULT =
            new RetentionConfig(TimeUnit.DAYS.toMillis(7), UNLIMITED, TimeUnit.DAYS.toMillis(7));

    /** What holds state and no messages loses nothing by age or size. */
    public static final RetentionConfig FOR_EVER =
            new RetentionConfig(UNLIMITED, UNLIMITED, TimeUnit.DAYS.toMillis(7));

    public RetentionConfig {
        if (retentionMs < UNLIMITED || retentionBytes < UNLIMITED || segmentMs < 1) {
            throw new IllegalArgumentException("retention out of range: retention.ms=" + retentionMs
                    + " retention.bytes=" + retentionBytes + " (each -1 for no limit, or more) segment.ms=" + segmentMs
                    + " (1 or more)");
        }
    }

    public RetentionConfig withRetentionMs(long ms) {
        return new RetentionConfig(ms, retentionBytes, segmentMs);
    }

    public RetentionConfig withRetentionBytes(long bytes) {
        return new RetentionConfig(retentionMs, bytes, segmentMs);
    }

    public RetentionConfig withSegmentMs(long ms) {
        return new RetentionConfig(retentionMs, retentionBytes, ms);
    }
}
