package io.semel.server.network.topics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.semel.transactions.broker.InertConfig.Kind;
import io.semel.transactions.broker.TopicConfig;

/**
 * What Kafka's tools are told of a name by which a topic's logs go. Immutable.
 *
 * @param ofBroker the name under which a broker has the default, as Kafka has it
 */
record ServedConfig(String name, Kind kind, String ofBroker, String documentation) {
    private static final Map<String, ServedConfig> ALL = new LinkedHashMap<>();

    static {
        add(TopicConfig.CLEANUP_POLICY, Kind.LIST, "log.cleanup.policy",
                "What becomes of old segments: delete, compact, or both.");
        add(TopicConfig.DELETE_RETENTION_MS, Kind.LONG, "log.cleaner.delete.retention.ms",
                "How long compaction leaves the mark of a deleted key.");
        add(TopicConfig.INDEX_INTERVAL_BYTES, Kind.INT, "log.index.interval.bytes",
                "An entry of the offset index for each so many bytes.");
        add(TopicConfig.MAX_COMPACTION_LAG_MS, Kind.LONG, "log.cleaner.max.compaction.lag.ms",
                "A record is compacted at the latest when it is this old.");
        add(TopicConfig.MAX_MESSAGE_BYTES, Kind.INT, "message.max.bytes",
                "Largest batch that is taken, as it is stored. Holds for logs that are opened from then on.");
        add(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO, Kind.DOUBLE, "log.cleaner.min.cleanable.ratio",
                "Share of a log that was not compacted yet, from which on it is worth while.");
        add(TopicConfig.MIN_COMPACTION_LAG_MS, Kind.LONG, "log.cleaner.min.compaction.lag.ms",
                "A record is compacted at the earliest when it is this old.");
        add(TopicConfig.PREALLOCATE, Kind.BOOLEAN, "log.preallocate",
                "Whether the blocks of a whole segment, and of the next one, are taken at once.");
        add(TopicConfig.RETENTION_BYTES, Kind.LONG, "log.retention.bytes",
                "Segments go while a partition has more bytes than this; -1 for no limit.");
        add(TopicConfig.RETENTION_MS, Kind.LONG, "log.retention.ms",
                "Segments go when their newest record is older than this; -1 for no limit.");
        add(TopicConfig.SEGMENT_BYTES, Kind.INT, "log.segment.bytes",
                "Size of a segment. Holds for logs that are opened from then on.");
        add(TopicConfig.SEGMENT_MS, Kind.LONG, "log.roll.ms",
                "A segment is full at the latest when it is this old.");
        add(TopicConfig.DURABILITY, Kind.STRING, TopicConfig.DURABILITY,
                "What an acknowledged record survives: process (kill -9) or power (the loss of it).");
    }

    private static void add(String name, Kind kind, String ofBroker, String documentation) {
        ALL.put(name, new ServedConfig(name, kind, ofBroker, documentation));
    }

    static Optional<ServedConfig> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }
}
