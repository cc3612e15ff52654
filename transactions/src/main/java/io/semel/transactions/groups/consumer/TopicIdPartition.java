package io.semel.transactions.groups.consumer;

import java.util.UUID;

/** A partition of one very topic, whatever its name. */
public record TopicIdPartition(UUID topicId, int partition) {
}
