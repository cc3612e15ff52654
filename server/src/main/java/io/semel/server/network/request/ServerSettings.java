package io.semel.server.network.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * How the server answers, by Kafka's names; {@link SettingTable} has them all. What many requests ask for is read once.
 * Immutable.
 */
public final class ServerSettings {
    /** Larger, and a burst of requests leaves no room for what answers them. */
    private static final long MAX_QUEUED_BYTES = 512L << 20;

    /** What a topic is created with where it does not say so itself: the server's name, and the topic's. */
    private static final Map<String, String> TOPIC_DEFAULTS = new TreeMap<>(Map.of(
            "log.segment.bytes", "segment.bytes",
            "message.max.bytes", "max.message.bytes",
            "log.retention.bytes", "retention.bytes",
            "log.index.interval.bytes", "index.interval.bytes",
            "log.preallocate", "preallocate",
            "log.cleanup.policy", "cleanup.policy",
            "log.cleaner.delete.retention.ms", "delete.retention.ms",
            "log.cleaner.min.compaction.lag.ms", "min.compaction.lag.ms",
            "log.cleaner.max.compaction.lag.ms", "max.compaction.lag.ms",
            "log.cleaner.min.cleanable.ratio", "min.cleanable.dirty.ratio"));

    /** What the directory is opened with, under the same names. */
    private static final List<String> OF_THE_DIRECTORY = List.of("offsets.retention.minutes",
            "offsets.retention.check.interval.ms", "producer.id.expiration.ms", "transactional.id.expiration.ms");

    /** What is settled once the directory and the ports are open. */
    public static final List<String> DECIDED_BEFORE = List.of("listeners", "advertised.listeners",
            "listener.security.protocol.map", "log.dirs", "log.dir", "offsets.retention.minutes",
            "offsets.retention.check.interval.ms", "producer.id.expiration.ms", "transactional.id.expiration.ms",
            "log.cleaner.io.max.bytes.per.second", "semel.durability", "semel.brokers", "semel.admin.listener");

    /** What holds where nobody says otherwise. */
    public static final ServerSettings DEFAULT = of(Map.of());

    private final Map<String, String> given;
    private final Set<String> meaningless;
    private final boolean autoCreateTopics;
    private final int defaultPartitions;
    private final Map<String, String> topicDefaults;

    private ServerSettings(Map<String, String> given, Set<String> meaningless) {
        this.given = given;
        this.meaningless = meaningless;
        this.autoCreateTopics = flag("auto.create.topics.enable");
        this.defaultPartitions = count("num.partitions");
        this.topicDefaults = defaultsOfTopics();
    }

    /**
     * From a configuration by Kafka's names; what is not given has its default. Names of Kafka's broker that mean
     * nothing here are read over, see {@link #meaningless()}.
     *
     * @throws IllegalArgumentException when a name is known to nobody, or not served, or a value is not allowed
     */
    public static ServerSettings of(Map<String, String> configs) {
        Map<String, String> given = new TreeMap<>();
        Set<String> meaningless = new TreeSet<>();
        new TreeMap<>(configs).forEach((name, value) -> {
            Setting setting = SettingTable.find(name);
            if (setting != null) {
                setting.check(value.trim());
                given.put(name, value.trim());
            } else if (KafkaNames.withoutMeaning().contains(name)) {
                meaningless.add(name);
            } else {
                throw new IllegalArgumentException(objection(name));
            }
        });
        return new ServerSettings(given, meaningless);
    }

    private static String objection(String name) {
        if (KafkaNames.isNotServed(name)) {
            return "setting not served: " + name + " is Kafka's, and this server does not do what it asks for; leave it"
                    + " away";
        }
        List<String> known = new ArrayList<>(SettingTable.all().stream().map(Setting::name).toList());
        known.addAll(KafkaNames.withoutMeaning());
        known.addAll(KafkaNames.notServed());
        return "unknown setting: " + name + Spelling.nearest(name, known).map(near -> "; did you mean " + near + '?')
                .orElse("; see './semel server --list-settings'");
    }

    /** Names of Kafka's broker that were given and have no meaning here, in order. */
    public Set<String> meaningless() {
        return Collections.unmodifiableSet(meaningless);
    }

    /** Whether somebody gave it a value. */
    public boolean isGiven(String name) {
        return given.containsKey(name);
    }

    /** As it was given, else its default. */
    public String text(String name) {
        return given.getOrDefault(name, SettingTable.find(name).defaultValue());
    }

    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
    }

    public long number(String name) {
        return Long.parseLong(text(name));
    }

    public double decimal(String name) {
        return Double.parseDouble(text(name));
    }

    /** A number that the table keeps within an int. */
    public int count(String name) {
        return Math.toIntExact(number(name));
    }

    /** {@code auto.create.topics.enable}: whether asking for a topic's metadata creates it. */
    public boolean autoCreateTopics() {
        return autoCreateTopics;
    }

    /** {@code num.partitions}: of a topic that is created without a count. */
    public int defaultPartitions() {
        return defaultPartitions;
    }

    /** {@code delete.topic.enable}. */
    public boolean deleteTopics() {
        return flag("delete.topic.enable");
    }

    /** {@code socket.request.max.bytes}: a larger request ends its connection. */
    public int maxFrameBytes() {
        return count("socket.request.max.bytes");
    }

    /** {@code max.connections}: more are closed at once. */
    public int maxConnections() {
        return count("max.connections");
    }

    /** {@code max.connections.per.ip}: the same, of one address. */
    public int maxConnectionsOfAddress() {
        return count("max.connections.per.ip");
    }

    /** {@code connections.max.idle.ms}: a connection on which nothing happened for so long is closed. */
    public Duration maxIdle() {
        return endless("connections.max.idle.ms");
    }

    /** Who takes none of his answer for so long, or sends a part of a request and no more, is cut off. */
    public Duration stalledPeer() {
        return Duration.ofMillis(number("semel.stalled.peer.ms"));
    }

    /** How long requests under way have when the server stops. */
    public Duration drain() {
        return Duration.ofMillis(number("semel.drain.ms"));
    }

    private Duration endless(String name) {
        long ms = number(name);
        return Duration.ofMillis(ms < 0 ? Long.MAX_VALUE : ms);
    }

    /**
     * {@code queued.max.request.bytes}: of requests that are read and not answered, all connections together; past it
     * nothing is read.
     */
    public long queuedBytes() {
        long bytes = number("queued.max.request.bytes");
        return bytes > 0 ? bytes : Math.min(MAX_QUEUED_BYTES, Runtime.getRuntime().maxMemory() / 4);
    }

    /** {@code num.network.threads}, or the processors that there are. */
    public int networkThreads() {
        int threads = count("num.network.threads");
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    /** Configuration of a topic that is created without one: what was given of it. */
    public Map<String, String> topicDefaults() {
        return topicDefaults;
    }

    private Map<String, String> defaultsOfTopics() {
        Map<String, String> defaults = new TreeMap<>();
        TOPIC_DEFAULTS.forEach((name, ofTopic) -> {
            if (isGiven(name)) {
                defaults.put(ofTopic, text(name));
            }
        });
        putFirst(defaults, "retention.ms", "log.retention.ms", "log.retention.minutes", "log.retention.hours");
        putFirst(defaults, "segment.ms", "log.roll.ms", "log.roll.hours");
        return Map.copyOf(defaults);
    }

    /** Kafka's order: what counts finer goes before. */
    private void putFirst(Map<String, String> defaults, String ofTopic, String... names) {
        for (String name : names) {
            if (isGiven(name)) {
                long number = number(name);
                defaults.put(ofTopic, Long.toString(number < 0 ? -1 : unitOf(name).toMillis(number)));
                return;
            }
        }
    }

    private static TimeUnit unitOf(String name) {
        if (name.endsWith(".hours")) {
            return TimeUnit.HOURS;
        }
        return name.endsWith(".minutes") ? TimeUnit.MINUTES : TimeUnit.MILLISECONDS;
    }

    /** What the directory is opened with: see {@code Semel.open}. */
    public Map<String, String> ofDirectory() {
        Map<String, String> configs = new TreeMap<>(given);
        configs.keySet().retainAll(OF_THE_DIRECTORY);
        return configs;
    }
}
