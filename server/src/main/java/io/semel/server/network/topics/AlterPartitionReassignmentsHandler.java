package io.semel.server.network.topics;

import java.util.ArrayList;
import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.AlterPartitionReassignmentsRequestData;
import io.semel.wire.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import io.semel.wire.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import io.semel.wire.message.AlterPartitionReassignmentsResponseData;
import io.semel.wire.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import io.semel.wire.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import io.semel.wire.protocol.Errors;

/** Partitions are on all nodes, and stay there: whoever asks for that has it, everything else is refused. */
public final class AlterPartitionReassignmentsHandler implements Handler<AlterPartitionReassignmentsRequestData> {
    private final Served served;

    public AlterPartitionReassignmentsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(AlterPartitionReassignmentsRequestData request, Exchange exchange) {
        AlterPartitionReassignmentsResponseData response = new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(request.allowReplicationFactorChange());
        if (!new Rights(served, exchange).onCluster(Operation.ALTER)) {
            Errors refusal = Errors.CLUSTER_AUTHORIZATION_FAILED;
            exchange.answer(response.setErrorCode(refusal.code()).setErrorMessage(refusal.message()));
            return;
        }
        for (ReassignableTopic topic : request.topics()) {
            List<ReassignablePartitionResponse> partitions = new ArrayList<>();
            for (ReassignablePartition partition : topic.partitions()) {
                Outcome outcome = judge(topic.name(), partition);
                partitions.add(new ReassignablePartitionResponse().setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(outcome.code()).setErrorMessage(outcome.message()));
            }
            response.responses().add(new ReassignableTopicResponse().setName(topic.name()).setPartitions(partitions));
        }
        exchange.answer(response.setErrorMessage(null));
    }

    private Outcome judge(String topic, ReassignablePartition wanted) {
        int index = wanted.partitionIndex();
        int count = served.broker().findTopic(topic).map(Topic::partitionCount).orElse(0);
        if (index < 0 || index >= count) {
            return Outcome.refused(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (wanted.replicas() == null) {
            return Outcome.refused(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
        List<Integer> now = served.nodes().replicasOf(index);
        return wanted.replicas().equals(now)
                ? Outcome.DONE
                : Outcome.refused(Errors.INVALID_REPLICA_ASSIGNMENT, "partition not moved: " + topic + '-' + index
                        + " given=" + wanted.replicas() + " now=" + now
                        + "; there is one copy of the data, and all nodes are this process");
    }
}
