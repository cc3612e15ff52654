package io.semel.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.runtime.Opening;
import io.semel.transactions.partition.Isolation;

/**
 * A consumer's configuration, read by kafka-clients' own {@link ConsumerConfig}: names, defaults and checks are
 * Kafka's. What only a network has (servers, security, fetch waits) is accepted and without effect.
 */
final class ConsumerSettings {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerSettings.class);

    private final Parsed config;
    private final CommitStyle commitStyle;
    private final List<ConsumerPartitionAssignor> assignors;
    private final RebalanceProtocol rebalanceProtocol;
    private final StartPolicy startPolicy;

    private ConsumerSettings(Parsed config, CommitStyle commitStyle, List<ConsumerPartitionAssignor> assignors) {
        this.config = config;
        this.commitStyle = commitStyle;
        this.assignors = assignors;
        this.rebalanceProtocol = highestCommonProtocol(assignors);
        this.startPolicy = StartPolicy.parse(config.getString(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG));
    }

    /** Kafka's configuration without a hundred lines in the log for each consumer. */
    private static final class Parsed extends ConsumerConfig {
        Parsed(Map<String, Object> configs) {
            super(configs, false);
        }
    }

    /**
     * @throws ConfigException when a value is not allowed, not served yet, or contradicts {@code commitStyle}
     * @throws org.apache.kafka.common.errors.InvalidConfigurationException when auto commit is asked for without a
     *                                                                      group
     */
    static ConsumerSettings parse(Map<String, Object> configs, CommitStyle commitStyle, Deserializer<?> key,
            Deserializer<?> value) {
        Map<String, Object> given = new HashMap<>(configs);
        given.putIfAbsent(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:0");
        Parsed config = new Parsed(ConsumerConfig.appendDeserializerToConfig(given, key, value));
        requireClassicProtocol(config);
        requireSound(config);
        return new ConsumerSettings(config, effectiveStyle(config, commitStyle), assignors(config));
    }

    private static void requireClassicProtocol(Parsed config) {
        String protocol = config.getString(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        if (!protocol.toLowerCase(Locale.ROOT).equals("classic")) {
            throw new ConfigException(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol,
                    "not served yet by embedded consumers; use classic");
        }
    }

    /** What Kafka's consumer checks besides its configuration. */
    private static void requireSound(Parsed config) {
        String groupId = config.getString(ConsumerConfig.GROUP_ID_CONFIG);
        if (groupId != null && groupId.isEmpty()) {
            throw new InvalidGroupIdException(ConsumerConfig.GROUP_ID_CONFIG + " can't be empty; leave it out");
        }
        int heartbeatMs = config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        int sessionMs = config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        if (groupId != null && heartbeatMs >= sessionMs) {
            throw new ConfigException(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, heartbeatMs,
                    "must be less than " + ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG + '=' + sessionMs);
        }
    }

    /** What the caller wrote about auto commit wins where it can, and is refused where it would break a promise. */
    private static CommitStyle effectiveStyle(Parsed config, CommitStyle asked) {
        if (config.getString(ConsumerConfig.GROUP_ID_CONFIG) == null) {
            return CommitStyle.MANUAL;
        }
        if (!config.originals().containsKey(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG)) {
            return asked;
        }
        boolean auto = config.getBoolean(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG);
        if (asked == CommitStyle.AFTER_PROCESSING) {
            return auto ? asked : CommitStyle.MANUAL;
        }
        boolean contradicts = auto == (asked == CommitStyle.MANUAL);
        if (contradicts) {
            throw new ConfigException(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, auto,
                    "contradicts the delivery semantics, which commit " + asked + "; leave it out");
        }
        return asked;
    }

    private static List<ConsumerPartitionAssignor> assignors(Parsed config) {
        return ConsumerPartitionAssignor.getAssignorInstances(
                config.getList(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG),
                config.originals(Map.of(ConsumerConfig.CLIENT_ID_CONFIG,
                        config.getString(ConsumerConfig.CLIENT_ID_CONFIG))));
    }

    /** As Kafka has it: so a list of both kinds is eager, and a group goes over to cooperative member by member. */
    private static RebalanceProtocol highestCommonProtocol(List<ConsumerPartitionAssignor> assignors) {
        EnumSet<RebalanceProtocol> common = EnumSet.allOf(RebalanceProtocol.class);
        assignors.forEach(assignor -> common.retainAll(assignor.supportedProtocols()));
        if (common.isEmpty()) {
            throw new ConfigException(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    assignors.stream().map(ConsumerPartitionAssignor::name).toList(),
                    "no rebalance protocol is spoken by all of them");
        }
        return Collections.max(common);
    }

    /** Says which names nobody knows, once everything that may take a configuration has had it. */
    void warnOfUnknownNames() {
        Set<String> unknown = new TreeSet<>(config.unused());
        unknown.removeAll(ConsumerConfig.configNames());
        if (!unknown.isEmpty()) {
            LOGGER.warn("{}: configurations that nobody knows: {}", clientId(), unknown);
        }
    }

    /** The caller's deserializer, or else the configured one. */
    @SuppressWarnings("unchecked")
    <T> Deserializer<T> deserializer(Deserializer<T> given, String name) {
        if (given != null) {
            return given;
        }
        Deserializer<T> made = config.getConfiguredInstance(name, Deserializer.class);
        return Opening.closingOnFailure(made::close, () -> {
            made.configure(config.originals(Map.of(ConsumerConfig.CLIENT_ID_CONFIG, clientId())),
                    name.equals(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG));
            return made;
        });
    }

    @SuppressWarnings("unchecked")
    <K, V> List<ConsumerInterceptor<K, V>> interceptors() {
        List<ConsumerInterceptor<K, V>> made = new ArrayList<>();
        config.getConfiguredInstances(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerInterceptor.class,
                Map.of(ConsumerConfig.CLIENT_ID_CONFIG, clientId())).forEach(made::add);
        return made;
    }

    CommitStyle commitStyle() {
        return commitStyle;
    }

    List<ConsumerPartitionAssignor> assignors() {
        return assignors;
    }

    RebalanceProtocol rebalanceProtocol() {
        return rebalanceProtocol;
    }

    StartPolicy startPolicy() {
        return startPolicy;
    }

    String clientId() {
        return config.getString(ConsumerConfig.CLIENT_ID_CONFIG);
    }

    Optional<String> groupId() {
        return Optional.ofNullable(config.getString(ConsumerConfig.GROUP_ID_CONFIG));
    }

    Optional<String> groupInstanceId() {
        return Optional.ofNullable(config.getString(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
    }

    Optional<String> rack() {
        String rack = config.getString(ConsumerConfig.CLIENT_RACK_CONFIG);
        return rack.isEmpty() ? Optional.empty() : Optional.of(rack);
    }

    Isolation isolation() {
        String level = config.getString(ConsumerConfig.ISOLATION_LEVEL_CONFIG).toUpperCase(Locale.ROOT);
        return Isolation.valueOf(level);
    }

    boolean checksCrcs() {
        return config.getBoolean(ConsumerConfig.CHECK_CRCS_CONFIG);
    }

    boolean excludesInternalTopics() {
        return config.getBoolean(ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG);
    }

    int maxPollRecords() {
        return config.getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
    }

    int maxPartitionFetchBytes() {
        return config.getInt(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG);
    }

    int maxFetchBytes() {
        return config.getInt(ConsumerConfig.FETCH_MAX_BYTES_CONFIG);
    }

    int maxPollIntervalMs() {
        return config.getInt(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
    }

    int sessionTimeoutMs() {
        return config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
    }

    int heartbeatIntervalMs() {
        return config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
    }

    long metadataMaxAgeMs() {
        return config.getLong(ConsumerConfig.METADATA_MAX_AGE_CONFIG);
    }

    int autoCommitIntervalMs() {
        return config.getInt(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG);
    }

    /** How long a call without a timeout of its own may take. */
    Duration apiTimeout() {
        return Duration.ofMillis(config.getInt(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG));
    }
}
