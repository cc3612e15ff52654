package io.semel.server.network.fetch;

import java.util.Optional;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Authorizer.Resource;
import io.semel.server.network.request.Peer;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.partition.Partition;
import io.semel.wire.protocol.Errors;

/**
 * A partition that a request names, or why it is kept from it.
 *
 * @param partition null when there is an error
 */
record FoundPartition(Partition partition, Errors error) {
    /** Of requests that do not say which leader epoch their sender knows. */
    private static final int ANY_EPOCH = -1;

    /** By name: who may not see a topic does not learn whether there is one. */
    static FoundPartition named(Served served, Peer peer, Operation operation, String topic, int partition) {
        if (!served.authorizer().allows(peer, operation, Resource.TOPIC, topic)) {
            return refused(Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        Optional<Topic> found = served.broker().findTopic(topic);
        return found.isEmpty() ? refused(Errors.UNKNOWN_TOPIC_OR_PARTITION) : in(found.get(), partition);
    }

    static FoundPartition in(Topic topic, int partition) {
        if (partition < 0 || partition >= topic.partitionCount()) {
            return refused(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (topic.isOffline(partition)) {
            return refused(Errors.KAFKA_STORAGE_ERROR);
        }
        Partition found = topic.partition(partition);
        return found.log().failure() == null ? new FoundPartition(found, Errors.NONE)
                : refused(Errors.KAFKA_STORAGE_ERROR);
    }

    static FoundPartition refused(Errors error) {
        return new FoundPartition(null, error);
    }

    boolean isSound() {
        return error == Errors.NONE;
    }

    /** The same, refused to whoever knows another leader epoch (KIP-320). */
    FoundPartition knownAt(int leaderEpoch) {
        if (!isSound() || leaderEpoch == ANY_EPOCH) {
            return this;
        }
        int current = partition.log().leaderEpoch();
        if (leaderEpoch == current) {
            return this;
        }
        return refused(leaderEpoch < current ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH);
    }
}
