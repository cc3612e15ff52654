package io.semel.transactions.groups;

import java.util.Optional;
import java.util.Set;

import io.semel.transactions.groups.consumer.HeartbeatAnswer;
import io.semel.transactions.groups.consumer.TopicIdPartition;

/**
 * Answer to a heartbeat of the consumer protocol.
 *
 * @param assignment all that the member may read from now on; absent if that has not changed
 */
public record ConsumerHeartbeatResult(GroupError error, String memberId, int memberEpoch, int heartbeatIntervalMs,
        Optional<Set<TopicIdPartition>> assignment) {

    static ConsumerHeartbeatResult of(HeartbeatAnswer answer) {
        return new ConsumerHeartbeatResult(GroupError.NONE, answer.memberId(), answer.memberEpoch(), answer
                .heartbeatIntervalMs(), answer.assignment());
    }

    static ConsumerHeartbeatResult refused(GroupError error, String memberId) {
        return new ConsumerHeartbeatResult(error, memberId, 0, 0, Optional.empty());
    }
}
