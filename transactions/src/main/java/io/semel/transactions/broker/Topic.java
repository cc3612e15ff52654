package io.semel.transactions.broker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.semel.transactions.partition.Partition;

/**
 * A topic that exists.
 *
 * @param partitions those that are in service, in order
 * @param offline    the others, in order; of internal topics none
 */
public record Topic(UUID id, String name, Map<String, String> configs, List<Partition> partitions,
        List<OfflinePartition> offline) {
    private static final Set<String> INTERNAL = Set.of(TopicName.METADATA, Broker.OFFSETS_TOPIC,
            Broker.TRANSACTIONS_TOPIC);

    public Topic {
        partitions = List.copyOf(partitions);
        offline = List.copyOf(offline);
    }

    /** All of them, whatever becomes of them: a key keeps its partition. */
    public int partitionCount() {
        return partitions.size() + offline.size();
    }

    public boolean isOffline(int index) {
        return !offline.isEmpty() && offline.stream().anyMatch(each -> each.id().partition() == index);
    }

    /**
     * @param index 0 to {@link #partitionCount()} - 1
     * @throws PartitionOfflineException when it is out of service
     */
    public Partition partition(int index) {
        if (offline.isEmpty()) {
            return partitions.get(index);
        }
        for (OfflinePartition each : offline) {
            if (each.id().partition() == index) {
                throw each.refusal();
            }
        }
        return partitions.stream().filter(each -> each.id().partition() == index).findFirst().orElseThrow();
    }

    /** Internal topics hold Semel's own state (Kafka: {@code is_internal}); nobody else may write to them. */
    public boolean isInternal() {
        return isInternal(name);
    }

    static boolean isInternal(String name) {
        return INTERNAL.contains(name);
    }
}
