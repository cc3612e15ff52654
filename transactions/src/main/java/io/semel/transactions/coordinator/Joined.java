package io.semel.transactions.coordinator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.semel.idempotence.ProducerState;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.transactions.partition.VerificationGuard;
import io.semel.transactions.records.TransactionTopic;

/**
 * What the remote transaction under way has joined, and the word that it is under way; an embedded session knows its
 * own.
 *
 * <p>Thread rule: under the pen of its transactional id.
 */
final class Joined {
    private final Set<Partition> partitions = Collections.newSetFromMap(new IdentityHashMap<>(0));
    private VerificationGuard guard = VerificationGuard.withdrawn();

    void add(Partition partition) {
        if (partitions.isEmpty()) {
            guard = new VerificationGuard();
        }
        partitions.add(partition);
    }

    int count() {
        return partitions.size();
    }

    /** After a restart: what a record names, as far as it exists still. */
    void recover(List<TransactionTopic> topics, PartitionLookup lookup) {
        for (TransactionTopic topic : topics) {
            for (int number : topic.partitions()) {
                Partition partition = lookup.find(new PartitionId(topic.topic(), number));
                if (partition != null && partition.topicId().equals(topic.id())) {
                    add(partition);
                }
            }
        }
    }

    /** As the journal writes them: grouped by topic. */
    List<TransactionTopic> topics() {
        Map<UUID, List<Partition>> byTopic = partitions.stream().collect(Collectors.groupingBy(Partition::topicId,
                LinkedHashMap::new, Collectors.toList()));
        return byTopic.values().stream().map(each -> new TransactionTopic(each.get(0).id().topic(), each.stream()
                .mapToInt(partition -> partition.id().partition()).sorted().toArray(), each.get(0).topicId()))
                .toList();
    }

    /** Good as long as the transaction is under way in this partition; withdrawn when none is. */
    VerificationGuard guardOf(Partition partition) {
        return partitions.contains(partition) ? guard : VerificationGuard.withdrawn();
    }

    /** The transaction is ending; to be called before anybody looks for what it wrote. */
    void withdraw() {
        guard.withdraw();
    }

    void clear() {
        partitions.clear();
    }

    /** Writers to where the producer ever wrote, for its markers. */
    List<PartitionWriter> writers(long producerId) {
        List<PartitionWriter> writers = new ArrayList<>(partitions.size());
        for (Partition partition : partitions) {
            ProducerState state = partition.producer(producerId);
            if (state != null) {
                writers.add(partition.openWriter(state));
            }
        }
        return writers;
    }
}
