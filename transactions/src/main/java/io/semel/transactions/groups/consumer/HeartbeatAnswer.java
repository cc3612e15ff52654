package io.semel.transactions.groups.consumer;

import java.util.Optional;
import java.util.Set;

/**
 * What a member is told.
 *
 * @param assignment all that it may read from now on; absent if that has not changed
 */
public record HeartbeatAnswer(String memberId, int memberEpoch, int heartbeatIntervalMs,
        Optional<Set<TopicIdPartition>> assignment) {
}
