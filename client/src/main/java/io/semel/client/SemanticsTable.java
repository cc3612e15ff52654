package io.semel.client;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;

import io.semel.client.consumer.CommitStyle;

/** What each {@link DeliverySemantics} sets in Kafka's configurations. A setting that contradicts it is refused. */
final class SemanticsTable {
    private SemanticsTable() {
    }

    static Map<String, Object> producer(DeliverySemantics semantics, Map<String, Object> given) {
        Map<String, Object> configs = new HashMap<>(given);
        switch (semantics) {
            case AT_MOST_ONCE -> {
                set(configs, semantics, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
                set(configs, semantics, ProducerConfig.RETRIES_CONFIG, "0");
                refuseTransactionalId(configs, semantics);
            }
            case AT_LEAST_ONCE -> {
                set(configs, semantics, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
                set(configs, semantics, ProducerConfig.ACKS_CONFIG, "all");
                refuseTransactionalId(configs, semantics);
            }
            case EXACTLY_ONCE -> {
                set(configs, semantics, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
                set(configs, semantics, ProducerConfig.ACKS_CONFIG, "all");
                if (configs.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG) == null) {
                    throw new ConfigException(ProducerConfig.TRANSACTIONAL_ID_CONFIG + " is missing: " + semantics
                            + " writes in transactions, and the id names this producer across restarts");
                }
            }
        }
        return configs;
    }

    static Map<String, Object> consumer(DeliverySemantics semantics, Map<String, Object> given) {
        Map<String, Object> configs = new HashMap<>(given);
        switch (semantics) {
            // The commit style says when at most once commits; no setting of Kafka's does.
            case AT_MOST_ONCE, AT_LEAST_ONCE -> set(configs, semantics, ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_uncommitted");
            case EXACTLY_ONCE -> {
                set(configs, semantics, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
                set(configs, semantics, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            }
        }
        return configs;
    }

    /** When a consumer commits. With at least once the user may commit himself, by {@code enable.auto.commit=false}. */
    static CommitStyle commitStyle(DeliverySemantics semantics, Map<String, Object> given) {
        return switch (semantics) {
            case AT_MOST_ONCE -> CommitStyle.BEFORE_HANDOVER;
            case AT_LEAST_ONCE -> "false".equals(String.valueOf(given.get(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG)))
                    ? CommitStyle.MANUAL
                    : CommitStyle.AFTER_PROCESSING;
            case EXACTLY_ONCE -> CommitStyle.MANUAL;
        };
    }

    private static void set(Map<String, Object> configs, DeliverySemantics semantics, String name, String value) {
        Object given = configs.put(name, value);
        boolean same = given == null || String.valueOf(given).equals(value)
                || name.equals(ProducerConfig.ACKS_CONFIG) && String.valueOf(given).equals("-1");
        if (!same) {
            throw new ConfigException(name + '=' + given + " contradicts " + semantics + ", which needs " + name + '='
                    + value + "; leave it out, or choose other semantics");
        }
    }

    private static void refuseTransactionalId(Map<String, Object> configs, DeliverySemantics semantics) {
        if (configs.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null) {
            throw new ConfigException(ProducerConfig.TRANSACTIONAL_ID_CONFIG + " contradicts " + semantics
                    + "; transactions are EXACTLY_ONCE");
        }
    }
}
