package io.semel.client.consumer;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

import io.semel.log.batch.RecordCursor;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;

/**
 * Offsets by timestamp: the time indexes lead to the first batch that may fit, its records and the next ones decide.
 * Stateless.
 */
final class OffsetTimes {
    private OffsetTimes() {
    }

    /**
     * As {@link #firstSince} for each partition; null, as Kafka has it, when every record is older.
     *
     * @throws IllegalArgumentException when a timestamp is negative
     */
    static Map<TopicPartition, OffsetAndTimestamp> firstSince(TopicCatalog catalog, Isolation isolation,
            Map<TopicPartition, Long> timestamps) {
        Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
        timestamps.forEach((id, timestampMs) -> {
            if (timestampMs < 0) {
                throw new IllegalArgumentException("a timestamp can't be negative: " + id + " " + timestampMs);
            }
            found.put(id, firstSince(catalog.partition(id), isolation, timestampMs).orElse(null));
        });
        return found;
    }

    /** The first record, by offset, that is not older than {@code timestampMs} and that this isolation may see. */
    static Optional<OffsetAndTimestamp> firstSince(Partition partition, Isolation isolation, long timestampMs) {
        RecordCursor cursor = new RecordCursor();
        try (PartitionReader reader = partition.openReader(partition.startOffset(), isolation)) {
            reader.seekToTimestamp(timestampMs);
            while (reader.next()) {
                if (reader.batch().maxTimestamp() < timestampMs) {
                    continue;
                }
                cursor.wrap(reader.batch());
                while (cursor.next()) {
                    if (cursor.timestamp() >= timestampMs) {
                        return Optional.of(new OffsetAndTimestamp(cursor.offset(), cursor.timestamp(),
                                RecordDecoder.leaderEpoch(reader.batch())));
                    }
                }
            }
            return Optional.empty();
        }
    }

    /** As {@link #firstSince}; the end when there is none. */
    static long firstOffsetSince(Partition partition, Isolation isolation, long timestampMs) {
        // The end first: what is appended during the walk is then not jumped over.
        long end = partition.endOffset(isolation);
        return firstSince(partition, isolation, timestampMs).map(OffsetAndTimestamp::offset).orElse(end);
    }
}
