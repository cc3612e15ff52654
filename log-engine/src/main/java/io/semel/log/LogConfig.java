package io.semel.log;

import io.semel.log.batch.RecordBatchLayout;

/**
 * How one log is kept.
 *
 * @param segmentBytes       capacity of a segment in bytes, 64 KiB to 1 GiB (Kafka: {@code segment.bytes})
 * @param maxBatchBytes      largest batch in bytes, at most a segment (Kafka: {@code max.message.bytes})
 * @param indexIntervalBytes bytes between entries of the indexes (Kafka: {@code index.interval.bytes})
 * @param durability         what an acknowledged append survives
 * @param retention          when old segments go
 * @param compaction         whether and when old records of a key go
 * @param preallocation      how far ahead disk space is taken (Kafka: {@code preallocate})
 */
public record LogConfig(int segmentBytes, int maxBatchBytes, int indexIntervalBytes, Durability durability,
        RetentionConfig retention, CompactionConfig compaction, Preallocation preallocation) {
    /** Small enough that a deleted segment frees little, large enough that rolling is rare. */
    public static final int DEFAULT_SEGMENT_BYTES = 128 << 20;

    /** Kafka's default: 1 MiB and the overhead of a batch. */
    public static final int DEFAULT_MAX_BATCH_BYTES = (1 << 20) + RecordBatchLayout.LOG_OVERHEAD;

    /** Kafka's default. */
    public static final int DEFAULT_INDEX_INTERVAL_BYTES = 4096;

    /** Below this a segment would hold a handful of batches and the directory would drown in files. */
    public static final int MIN_SEGMENT_BYTES = 64 << 10;

    /** A segment is mapped whole and addressed with an int; Kafka's default size. */
    public static final int MAX_SEGMENT_BYTES = 1 << 30;

    public static final LogConfig DEFAULT = new LogConfig(DEFAULT_SEGMENT_BYTES, DEFAULT_MAX_BATCH_BYTES,
            DEFAULT_INDEX_INTERVAL_BYTES);

    /** These sizes, and the defaults of everything else. */
    public LogConfig(int segmentBytes, int maxBatchBytes, int indexIntervalBytes) {
        this(segmentBytes, maxBatchBytes, indexIntervalBytes, Durability.PROCESS, RetentionConfig.DEFAULT,
                CompactionConfig.DEFAULT);
    }

    /** With disk space {@link Preallocation#AS_CLAIMED}. */
    public LogConfig(int segmentBytes, int maxBatchBytes, int indexIntervalBytes, Durability durability,
            RetentionConfig retention, CompactionConfig compaction) {
        this(segmentBytes, maxBatchBytes, indexIntervalBytes, durability, retention, compaction,
                Preallocation.AS_CLAIMED);
    }

    public LogConfig {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException("segment.bytes out of range: given=" + segmentBytes + " allowed="
                    + MIN_SEGMENT_BYTES + ".." + MAX_SEGMENT_BYTES);
        }
        if (maxBatchBytes < RecordBatchLayout.MIN_BATCH_LENGTH || maxBatchBytes > segmentBytes) {
            throw new IllegalArgumentException("max.message.bytes out of range: given=" + maxBatchBytes + " allowed="
                    + RecordBatchLayout.MIN_BATCH_LENGTH + ".." + segmentBytes + " (segment.bytes)");
        }
        if (indexIntervalBytes < 1) {
            throw new IllegalArgumentException("index.interval.bytes must be positive: given=" + indexIntervalBytes);
        }
    }

    /** Segments of that capacity; the largest batch shrinks with it. */
    public LogConfig withSegmentBytes(int bytes) {
        return new LogConfig(bytes, Math.min(maxBatchBytes, bytes), indexIntervalBytes, durability, retention,
                compaction, preallocation);
    }

    public LogConfig withDurability(Durability level) {
        return new LogConfig(segmentBytes, maxBatchBytes, indexIntervalBytes, level, retention, compaction,
                preallocation);
    }

    public LogConfig withRetention(RetentionConfig config) {
        return new LogConfig(segmentBytes, maxBatchBytes, indexIntervalBytes, durability, config, compaction,
                preallocation);
    }

    public LogConfig withCompaction(CompactionConfig config) {
        return new LogConfig(segmentBytes, maxBatchBytes, indexIntervalBytes, durability, retention, config,
                preallocation);
    }

    public LogConfig withPreallocation(Preallocation extent) {
        return new LogConfig(segmentBytes, maxBatchBytes, indexIntervalBytes, durability, retention, compaction,
                extent);
    }
}
