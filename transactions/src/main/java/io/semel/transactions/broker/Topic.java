package io.semel.transactions.broker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.semel.transactions.partition.Partition;

/** A topic that exists, with its open partitions. */
public record Topic(UUID id, String name, Map<String, String> configs, List<Partition> partitions) {
    private static final Set<String> INTERNAL = Set.of(TopicName.METADATA, Broker.OFFSETS_TOPIC,
            Broker.TRANSACTIONS_TOPIC);

    public Topic {
        partitions = List.copyOf(partitions);
    }

    /** Internal topics hold Semel's own state (Kafka: {@code is_internal}); nobody else may write to them. */
    public boolean isInternal() {
        return isInternal(name);
    }

    static boolean isInternal(String name) {
        return INTERNAL.contains(name);
    }
}
