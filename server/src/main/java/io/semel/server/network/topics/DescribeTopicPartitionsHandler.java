package io.semel.server.network.topics;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.Topic;
import io.semel.wire.message.DescribeTopicPartitionsRequestData;
import io.semel.wire.message.DescribeTopicPartitionsRequestData.TopicRequest;
import io.semel.wire.message.DescribeTopicPartitionsResponseData;
import io.semel.wire.message.DescribeTopicPartitionsResponseData.Cursor;
import io.semel.wire.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import io.semel.wire.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import io.semel.wire.protocol.Errors;

/** Describes topics page by page, by name (KIP-966); asked for none, all of them. */
public final class DescribeTopicPartitionsHandler implements Handler<DescribeTopicPartitionsRequestData> {
    /** As Kafka's {@code max.request.partition.size.limit}. */
    private static final int MAX_PARTITIONS_A_PAGE = 2_000;

    private static final int NO_LEADER_EPOCH = -1;

    private final Served served;

    public DescribeTopicPartitionsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DescribeTopicPartitionsRequestData request, Exchange exchange) {
        Rights rights = new Rights(served, exchange);
        String first = request.cursor() == null ? "" : request.cursor().topicName();
        int room = Math.max(1, Math.min(request.responsePartitionLimit(), MAX_PARTITIONS_A_PAGE));
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        for (String name : wanted(request, rights).tailSet(first)) {
            if (room == 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
                break;
            }
            int from = name.equals(first) ? Math.max(0, request.cursor().partitionIndex()) : 0;
            DescribeTopicPartitionsResponseTopic described = describe(name, from, room, rights);
            response.topics().add(described);
            room -= described.partitions().size();
            int next = from + described.partitions().size();
            if (room == 0 && next < countOf(name)) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(next));
                break;
            }
        }
        exchange.answer(response);
    }

    private TreeSet<String> wanted(DescribeTopicPartitionsRequestData request, Rights rights) {
        TreeSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            served.broker().topics().stream().map(Topic::name).filter(name -> rights.onTopic(Operation.DESCRIBE, name))
                    .forEach(names::add);
        } else {
            request.topics().stream().map(TopicRequest::name).forEach(names::add);
        }
        return names;
    }

    private int countOf(String name) {
        return served.broker().findTopic(name).map(Topic::partitionCount).orElse(0);
    }

    private DescribeTopicPartitionsResponseTopic describe(String name, int from, int room, Rights rights) {
        DescribeTopicPartitionsResponseTopic described = new DescribeTopicPartitionsResponseTopic().setName(name);
        if (!rights.onTopic(Operation.DESCRIBE, name)) {
            return described.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        }
        Optional<Topic> found = served.broker().findTopic(name);
        if (found.isEmpty()) {
            return described.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        Topic topic = found.get();
        described.setTopicId(TopicIds.kafkas(topic.id())).setIsInternal(topic.isInternal())
                .setTopicAuthorizedOperations(rights.bitsOnTopic(name));
        for (int partition = from; partition < Math.min(topic.partitionCount(), from + room); partition++) {
            described.partitions().add(describe(topic, partition));
        }
        return described;
    }

    private DescribeTopicPartitionsResponsePartition describe(Topic topic, int partition) {
        List<Integer> replicas = served.nodes().replicasOf(partition);
        boolean isOffline = topic.isOffline(partition);
        return new DescribeTopicPartitionsResponsePartition().setPartitionIndex(partition).setErrorCode(isOffline
                ? Errors.KAFKA_STORAGE_ERROR.code()
                : Errors.NONE.code()).setLeaderId(served.nodes().leaderOf(partition).id()).setLeaderEpoch(isOffline
                        ? NO_LEADER_EPOCH
                        : topic.partition(partition).log().leaderEpoch()).setReplicaNodes(replicas).setIsrNodes(
                                replicas).setEligibleLeaderReplicas(List.of()).setLastKnownElr(List.of())
                .setOfflineReplicas(List.of());
    }
}
