package io.semel.transactions.groups.consumer;

/**
 * Limits and delays of the consumer protocol, by Kafka's configuration names.
 *
 * @param sessionTimeoutMs    {@code group.consumer.session.timeout.ms}
 * @param heartbeatIntervalMs {@code group.consumer.heartbeat.interval.ms}
 * @param maxSize             {@code group.consumer.max.size}
 */
public record ConsumerLimits(int sessionTimeoutMs, int heartbeatIntervalMs, int maxSize) {

    /** Kafka's, but for the size, which it does not limit. */
    public static final ConsumerLimits DEFAULT = new ConsumerLimits(45_000, 5_000, 10_000);

    /** How often the coordinator looks whether subscribed topics have changed. */
    static final int CATALOGUE_LOOK_MS = 1_000;
    /** The same for patterns, which are held against every topic there is. */
    static final int PATTERN_LOOK_MS = 5_000;
    /** As many as partitions of a directory: names that a member lists, and partitions that it says it owns. */
    static final int MAX_LISTED = 10_000;

    public ConsumerLimits {
        if (heartbeatIntervalMs <= 0 || sessionTimeoutMs <= heartbeatIntervalMs || maxSize <= 0) {
            throw new IllegalArgumentException("limits of consumer groups contradict each other: sessionTimeoutMs="
                    + sessionTimeoutMs + " heartbeatIntervalMs=" + heartbeatIntervalMs + " maxSize=" + maxSize);
        }
    }
}
