package io.semel.server.network.request;

import java.time.Duration;
import java.util.Map;

/**
 * How the server answers, by Kafka's names. Immutable.
 *
 * @param autoCreateTopics        {@code auto.create.topics.enable}: whether asking for a topic's metadata creates it
 * @param defaultPartitions       {@code num.partitions}: of a topic that is created without a count
 * @param maxFrameBytes           {@code socket.request.max.bytes}: a larger request ends its connection
 * @param maxConnections          {@code max.connections}: more are closed at once
 * @param maxIdle                 {@code connections.max.idle.ms}: a connection that says nothing for so long is closed
 * @param queuedBytes             {@code queued.max.request.bytes}: of requests that are read and not answered, all
 *                                connections together; past it nothing is read
 */
public record ServerSettings(boolean autoCreateTopics, int defaultPartitions, int maxFrameBytes, int maxConnections,
        Duration maxIdle, long queuedBytes) {

    public static final ServerSettings DEFAULT = new ServerSettings(true, 1, 100 << 20, 10_000, Duration.ofMinutes(10),
            512L << 20);

    /** Configuration of a topic that is created without one. */
    public Map<String, String> topicDefaults() {
        return Map.of();
    }
}
