package io.semel.server.network.topics;

import java.util.ArrayList;
import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.ElectLeadersRequestData;
import io.semel.wire.message.ElectLeadersRequestData.TopicPartitions;
import io.semel.wire.message.ElectLeadersResponseData;
import io.semel.wire.message.ElectLeadersResponseData.PartitionResult;
import io.semel.wire.message.ElectLeadersResponseData.ReplicaElectionResult;
import io.semel.wire.protocol.Errors;

/** Every partition is led by the node that it prefers, at all times. */
public final class ElectLeadersHandler implements Handler<ElectLeadersRequestData> {
    private final Served served;

    public ElectLeadersHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ElectLeadersRequestData request, Exchange exchange) {
        boolean isAllowed = new Rights(served, exchange).onCluster(Operation.ALTER);
        ElectLeadersResponseData response = new ElectLeadersResponseData();
        if (!isAllowed && exchange.version() > 0) {
            response.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
        }
        List<ReplicaElectionResult> results = new ArrayList<>();
        // Asked for all partitions, Kafka names those that elected somebody.
        if (request.topicPartitions() != null) {
            for (TopicPartitions wanted : request.topicPartitions()) {
                results.add(new ReplicaElectionResult().setTopic(wanted.topic()).setPartitionResult(wanted.partitions()
                        .stream().map(partition -> result(partition, isAllowed
                                ? judge(wanted.topic(), partition)
                                : Errors.CLUSTER_AUTHORIZATION_FAILED)).toList()));
            }
        }
        exchange.answer(response.setReplicaElectionResults(results));
    }

    private Errors judge(String topic, int partition) {
        int count = served.broker().findTopic(topic).map(Topic::partitionCount).orElse(0);
        return partition >= 0 && partition < count
                ? Errors.ELECTION_NOT_NEEDED
                : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static PartitionResult result(int partition, Errors error) {
        return new PartitionResult().setPartitionId(partition).setErrorCode(error.code()).setErrorMessage(error
                .message());
    }
}
