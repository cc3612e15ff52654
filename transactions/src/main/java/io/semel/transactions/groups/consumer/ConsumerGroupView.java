package io.semel.transactions.groups.consumer;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A group at one moment; immutable. */
public record ConsumerGroupView(String groupId, State state, int epoch, String assignor, List<Member> members) {

    /** Where a group stands. A new target is there in the moment in which it is needed, so nothing is ever assigning. */
    public enum State {
        EMPTY, RECONCILING, STABLE
    }

    /** @param topicPattern empty for none */
    public record Member(String memberId, Optional<String> instanceId, Optional<String> rackId, int epoch,
            String clientId, String clientHost, Set<String> topicNames, String topicPattern,
            Set<TopicIdPartition> assigned, Set<TopicIdPartition> target) {
    }
}
