package io.semel.client.admin;

import java.util.Map;

import org.apache.kafka.common.TopicPartition;

/**
 * Where partitions stand, in offsets.
 *
 * <p>Thread rule: any thread.
 */
public interface OffsetAdmin {
    /**
     * A question for an offset.
     *
     * @param timestampMs of {@link Kind#SINCE} alone, in milliseconds since the epoch
     */
    record OffsetQuery(Kind kind, long timestampMs) {
        /** What can be asked for. */
        public enum Kind {
            /** The first record that is served. */
            EARLIEST,
            /** The offset that the next record to become readable will have. */
            LATEST,
            /** The last stable offset: how far committed readers get. */
            STABLE,
            /** The youngest record, of several the first. */
            MAX_TIMESTAMP,
            /** The first record, by offset, that is not older than a time. */
            SINCE
        }

        public static final OffsetQuery EARLIEST = new OffsetQuery(Kind.EARLIEST, OffsetFound.NONE);
        public static final OffsetQuery LATEST = new OffsetQuery(Kind.LATEST, OffsetFound.NONE);
        public static final OffsetQuery STABLE = new OffsetQuery(Kind.STABLE, OffsetFound.NONE);
        public static final OffsetQuery MAX_TIMESTAMP = new OffsetQuery(Kind.MAX_TIMESTAMP, OffsetFound.NONE);

        public static OffsetQuery since(long timestampMs) {
            return new OffsetQuery(Kind.SINCE, timestampMs);
        }
    }

    /**
     * The answer, as Kafka gives it.
     *
     * @param offset      {@link #NONE} when no record is that young, or there is none at all
     * @param timestampMs of the record, where one was searched for; else {@link #NONE}
     */
    record OffsetFound(long offset, long timestampMs) {
        public static final long NONE = -1;

        public boolean isFound() {
            return offset != NONE;
        }
    }

    /**
     * Offsets of partitions, each as asked for.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when there is no such partition
     * @throws org.apache.kafka.common.errors.KafkaStorageException            when one is offline
     */
    Map<TopicPartition, OffsetFound> listOffsets(Map<TopicPartition, OffsetQuery> queries);
}
