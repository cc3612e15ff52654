package io.semel.transactions.broker;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.semel.log.Durability;
import io.semel.log.LogConfig;

/** A topic's configuration by Kafka's names. A name that is not known, or not served yet, is refused and never ignored. */
public final class TopicConfig {
    public static final String SEGMENT_BYTES = "segment.bytes";
    public static final String MAX_MESSAGE_BYTES = "max.message.bytes";
    public static final String INDEX_INTERVAL_BYTES = "index.interval.bytes";

    /** What an acknowledged record survives; Semel's own, for Kafka answers this by replication. */
    public static final String DURABILITY = "semel.durability";

    private static final Set<String> KNOWN =
            Set.of(SEGMENT_BYTES, MAX_MESSAGE_BYTES, INDEX_INTERVAL_BYTES, DURABILITY);

    private TopicConfig() {
    }

    /**
     * The sizes that a topic's logs have under {@code configs}; what is not given has its default.
     *
     * @throws InvalidTopicException when a name is not served or a value is out of range
     */
    static LogConfig logConfig(String topic, Map<String, String> configs, Durability defaultDurability) {
        for (String name : new TreeSet<>(configs.keySet())) {
            if (!KNOWN.contains(name)) {
                throw new InvalidTopicException("configuration not served: topic=" + topic + " name=" + name
                        + "; served are " + new TreeSet<>(KNOWN));
            }
        }
        int segmentBytes = value(topic, configs, SEGMENT_BYTES, LogConfig.DEFAULT_SEGMENT_BYTES);
        int maxMessageBytes = value(topic, configs, MAX_MESSAGE_BYTES,
                Math.min(segmentBytes, LogConfig.DEFAULT_MAX_BATCH_BYTES));
        int interval = value(topic, configs, INDEX_INTERVAL_BYTES, LogConfig.DEFAULT_INDEX_INTERVAL_BYTES);
        try {
            return new LogConfig(segmentBytes, maxMessageBytes, interval)
                    .withDurability(durability(topic, configs, defaultDurability));
        } catch (IllegalArgumentException e) {
            throw new InvalidTopicException("topic=" + topic + ": " + e.getMessage());
        }
    }

    private static Durability durability(String topic, Map<String, String> configs, Durability defaultDurability) {
        String given = configs.get(DURABILITY);
        if (given == null) {
            return defaultDurability;
        }
        return switch (given.trim().toLowerCase(Locale.ROOT)) {
            case "process" -> Durability.PROCESS;
            case "power" -> Durability.POWER;
            default -> throw new InvalidTopicException("no such durability: topic=" + topic + ' ' + DURABILITY + '='
                    + given + " allowed=process (survives kill -9), power (survives the loss of power)");
        };
    }

    private static int value(String topic, Map<String, String> configs, String name, int defaultValue) {
        String given = configs.get(name);
        if (given == null) {
            return defaultValue;
        }
        try {
            return Integer.parseInt(given.trim());
        } catch (NumberFormatException e) {
            throw new InvalidTopicException("not a number: topic=" + topic + ' ' + name + '=' + given);
        }
    }
}
