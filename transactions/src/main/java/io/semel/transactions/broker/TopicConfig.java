package io.semel.transactions.broker;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.semel.log.CleanupPolicy;
import io.semel.log.CompactionConfig;
import io.semel.log.Durability;
import io.semel.log.LogConfig;
import io.semel.log.Preallocation;
import io.semel.log.RetentionConfig;

/**
 * A topic's configuration by Kafka's names, and one of our own. A name that is not known, or not served, is refused and
 * never ignored; {@link InertConfig} has those that Kafka's clients may set all the same.
 */
public final class TopicConfig {
    public static final String SEGMENT_BYTES = "segment.bytes";
    public static final String SEGMENT_MS = "segment.ms";
    public static final String MAX_MESSAGE_BYTES = "max.message.bytes";
    public static final String INDEX_INTERVAL_BYTES = "index.interval.bytes";
    public static final String RETENTION_MS = "retention.ms";
    public static final String RETENTION_BYTES = "retention.bytes";
    public static final String CLEANUP_POLICY = "cleanup.policy";
    public static final String DELETE_RETENTION_MS = "delete.retention.ms";
    public static final String MIN_COMPACTION_LAG_MS = "min.compaction.lag.ms";
    public static final String MAX_COMPACTION_LAG_MS = "max.compaction.lag.ms";
    public static final String MIN_CLEANABLE_DIRTY_RATIO = "min.cleanable.dirty.ratio";
    public static final String PREALLOCATE = "preallocate";
    /** Kafka has no such name: what an acknowledged append survives, {@code process} or {@code power}. */
    public static final String DURABILITY = "semel.durability";

    private static final Set<String> KNOWN = Set.of(SEGMENT_BYTES, SEGMENT_MS, MAX_MESSAGE_BYTES, INDEX_INTERVAL_BYTES,
            RETENTION_MS, RETENTION_BYTES, CLEANUP_POLICY, DELETE_RETENTION_MS, MIN_COMPACTION_LAG_MS,
            MAX_COMPACTION_LAG_MS, MIN_CLEANABLE_DIRTY_RATIO, PREALLOCATE, DURABILITY);

    /** Internal topics are read whole when a directory is opened: small segments are soon full, and compacted then. */
    static final int INTERNAL_SEGMENT_BYTES = 16 << 20;

    private final String topic;
    private final Map<String, String> configs;
    private final Durability defaultDurability;

    private TopicConfig(String topic, Map<String, String> configs, Durability defaultDurability) {
        this.topic = topic;
        this.configs = configs;
        this.defaultDurability = defaultDurability;
    }

    /**
     * How a topic's logs are kept under {@code configs}; what is not given has its default.
     *
     * @throws InvalidTopicException when a name is not served or a value is out of range
     */
    static LogConfig logConfig(String topic, Map<String, String> configs, Durability defaultDurability) {
        try {
            for (Map.Entry<String, String> each : new TreeMap<>(configs).entrySet()) {
                if (!KNOWN.contains(each.getKey())) {
                    InertConfig.find(each.getKey()).orElseThrow(() -> notServed(topic, each.getKey()))
                            .check(each.getValue());
                }
            }
            return new TopicConfig(topic, configs, defaultDurability).logConfig();
        } catch (InvalidTopicException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidTopicException(InvalidTopicException.What.CONFIG, "topic=" + topic + ": " + e
                    .getMessage());
        }
    }

    private static InvalidTopicException notServed(String topic, String name) {
        return new InvalidTopicException(InvalidTopicException.What.CONFIG, "configuration not served: topic=" + topic
                + " name=" + name + "; served are " + new TreeSet<>(KNOWN));
    }

    /**
     * @param kept names that the topic has already: they may stay
     * @throws InvalidTopicException when there is a name that these callers may not use
     */
    static void requireAllowed(ConfigNames allowed, String topic, Map<String, String> configs, Set<String> kept) {
        if (allowed == ConfigNames.SERVED) {
            new TreeSet<>(configs.keySet()).stream().filter(name -> !KNOWN.contains(name) && !kept.contains(name))
                    .findFirst().ifPresent(name -> {
                        throw notServed(topic, name);
                    });
        }
    }

    /** Every name that is served with its value in {@code config}, by name. */
    static Map<String, String> values(LogConfig config) {
        Map<String, String> values = new TreeMap<>();
        values.put(SEGMENT_BYTES, Integer.toString(config.segmentBytes()));
        values.put(MAX_MESSAGE_BYTES, Integer.toString(config.maxBatchBytes()));
        values.put(INDEX_INTERVAL_BYTES, Integer.toString(config.indexIntervalBytes()));
        values.put(DURABILITY, config.durability().name().toLowerCase(Locale.ROOT));
        values.put(RETENTION_MS, Long.toString(config.retention().retentionMs()));
        values.put(RETENTION_BYTES, Long.toString(config.retention().retentionBytes()));
        values.put(SEGMENT_MS, Long.toString(config.retention().segmentMs()));
        CompactionConfig compaction = config.compaction();
        values.put(CLEANUP_POLICY, switch (compaction.policy()) {
            case DELETE -> "delete";
            case COMPACT -> "compact";
            case COMPACT_AND_DELETE -> "compact,delete";
        });
        values.put(DELETE_RETENTION_MS, Long.toString(compaction.deleteRetentionMs()));
        values.put(MIN_COMPACTION_LAG_MS, Long.toString(compaction.minCompactionLagMs()));
        values.put(MAX_COMPACTION_LAG_MS, Long.toString(compaction.maxCompactionLagMs()));
        values.put(MIN_CLEANABLE_DIRTY_RATIO, Double.toString(compaction.minCleanableDirtyRatio()));
        values.put(PREALLOCATE, Boolean.toString(config.preallocation() == Preallocation.WHOLE_SEGMENT));
        return values;
    }

    private LogConfig logConfig() {
        int defaultBytes = Topic.isInternal(topic) ? INTERNAL_SEGMENT_BYTES : LogConfig.DEFAULT_SEGMENT_BYTES;
        int segmentBytes = number(SEGMENT_BYTES, defaultBytes, Integer::valueOf);
        int maxMessageBytes = number(MAX_MESSAGE_BYTES, Math.min(segmentBytes, LogConfig.DEFAULT_MAX_BATCH_BYTES),
                Integer::valueOf);
        int interval = number(INDEX_INTERVAL_BYTES, LogConfig.DEFAULT_INDEX_INTERVAL_BYTES, Integer::valueOf);
        return new LogConfig(segmentBytes, maxMessageBytes, interval, durability(), retention(), compaction(),
                preallocation());
    }

    /** Internal topics hold Semel's own state: nothing of it goes because it is old. */
    private RetentionConfig retention() {
        RetentionConfig defaults = Topic.isInternal(topic) ? RetentionConfig.FOR_EVER : RetentionConfig.DEFAULT;
        return new RetentionConfig(number(RETENTION_MS, defaults.retentionMs(), Long::valueOf),
                number(RETENTION_BYTES, defaults.retentionBytes(), Long::valueOf),
                number(SEGMENT_MS, defaults.segmentMs(), Long::valueOf));
    }

    private CompactionConfig compaction() {
        CompactionConfig defaults = CompactionConfig.DEFAULT;
        return new CompactionConfig(policy(), number(DELETE_RETENTION_MS, defaults.deleteRetentionMs(), Long::valueOf),
                number(MIN_COMPACTION_LAG_MS, defaults.minCompactionLagMs(), Long::valueOf),
                number(MAX_COMPACTION_LAG_MS, defaults.maxCompactionLagMs(), Long::valueOf),
                number(MIN_CLEANABLE_DIRTY_RATIO, defaults.minCleanableDirtyRatio(), Double::valueOf));
    }

    private CleanupPolicy policy() {
        String given = configs.get(CLEANUP_POLICY);
        if (given == null) {
            return Topic.isInternal(topic) ? CleanupPolicy.COMPACT : CleanupPolicy.DELETE;
        }
        Set<String> parts = Arrays.stream(given.split(",")).map(String::trim).collect(Collectors.toSet());
        if (parts.equals(Set.of("delete"))) {
            return CleanupPolicy.DELETE;
        }
        if (parts.equals(Set.of("compact"))) {
            return CleanupPolicy.COMPACT;
        }
        if (parts.equals(Set.of("compact", "delete"))) {
            return CleanupPolicy.COMPACT_AND_DELETE;
        }
        throw notAllowed(CLEANUP_POLICY, given, "delete, compact or \"compact,delete\"");
    }

    private Durability durability() {
        String given = configs.get(DURABILITY);
        if (given == null) {
            return defaultDurability;
        }
        return switch (given.trim().toLowerCase(Locale.ROOT)) {
            case "process" -> Durability.PROCESS;
            case "power" -> Durability.POWER;
            default -> throw notAllowed(DURABILITY, given,
                    "process (survives kill -9) or power (survives the loss of power)");
        };
    }

    private Preallocation preallocation() {
        String given = configs.getOrDefault(PREALLOCATE, "false");
        return switch (given.trim().toLowerCase(Locale.ROOT)) {
            case "false" -> Preallocation.AS_CLAIMED;
            case "true" -> Preallocation.WHOLE_SEGMENT;
            default -> throw notAllowed(PREALLOCATE, given,
                    "true (two whole segments, at once) or false (as it is needed)");
        };
    }

    private IllegalArgumentException notAllowed(String name, String given, String allowed) {
        return new IllegalArgumentException("value not allowed: " + name + " given=" + given + " allowed=" + allowed);
    }

    private <N> N number(String name, N defaultValue, Function<String, N> parse) {
        String given = configs.get(name);
        if (given == null) {
            return defaultValue;
        }
        try {
            return parse.apply(given.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + name + " given=" + given);
        }
    }
}
