package io.semel.server.network.topics;

import java.util.ArrayList;
import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.AlterReplicaLogDirsRequestData;
import io.semel.wire.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import io.semel.wire.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import io.semel.wire.message.AlterReplicaLogDirsResponseData;
import io.semel.wire.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import io.semel.wire.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import io.semel.wire.protocol.Errors;

/** There is one directory: whoever wants a partition there has it there already. */
public final class AlterReplicaLogDirsHandler implements Handler<AlterReplicaLogDirsRequestData> {
    private final Served served;

    public AlterReplicaLogDirsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(AlterReplicaLogDirsRequestData request, Exchange exchange) {
        boolean isAllowed = new Rights(served, exchange).onCluster(Operation.ALTER);
        List<AlterReplicaLogDirTopicResult> results = new ArrayList<>();
        for (AlterReplicaLogDir directory : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : directory.topics()) {
                results.add(new AlterReplicaLogDirTopicResult().setTopicName(topic.name()).setPartitions(topic
                        .partitions().stream().map(partition -> new AlterReplicaLogDirPartitionResult()
                                .setPartitionIndex(partition).setErrorCode((isAllowed
                                        ? judge(directory.path(), topic.name(), partition)
                                        : Errors.CLUSTER_AUTHORIZATION_FAILED).code())).toList()));
            }
        }
        exchange.answer(new AlterReplicaLogDirsResponseData().setResults(results));
    }

    private Errors judge(String path, String topic, int partition) {
        if (!path.equals(served.broker().path().toAbsolutePath().toString())) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        int count = served.broker().findTopic(topic).map(Topic::partitionCount).orElse(0);
        return partition >= 0 && partition < count ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
}
