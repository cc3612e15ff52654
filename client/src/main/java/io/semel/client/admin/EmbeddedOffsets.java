package io.semel.client.admin;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import io.semel.client.runtime.ClientRuntime;
import io.semel.log.TimestampedOffset;
import io.semel.transactions.partition.Partition;

/** Offsets of an open directory, directly. */
public final class EmbeddedOffsets implements OffsetAdmin {
    private final ClientRuntime runtime;

    public EmbeddedOffsets(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public Map<TopicPartition, OffsetFound> listOffsets(Map<TopicPartition, OffsetQuery> queries) {
        Map<TopicPartition, OffsetFound> found = new LinkedHashMap<>();
        queries.forEach((id, query) -> found.put(id, find(runtime.partition(id.topic(), id.partition()), query)));
        return found;
    }

    private static OffsetFound find(Partition partition, OffsetQuery query) {
        return switch (query.kind()) {
            case EARLIEST -> at(partition.startOffset());
            case LATEST -> at(partition.readableOffset());
            case STABLE -> at(partition.stableOffset());
            case MAX_TIMESTAMP -> of(partition.log().offsetOfMaxTimestamp());
            case SINCE -> of(partition.log().offsetForTimestamp(query.timestampMs()));
        };
    }

    private static OffsetFound at(long offset) {
        return new OffsetFound(offset, OffsetFound.NONE);
    }

    private static OffsetFound of(TimestampedOffset searched) {
        return new OffsetFound(searched.offset(), searched.timestampMs());
    }
}
