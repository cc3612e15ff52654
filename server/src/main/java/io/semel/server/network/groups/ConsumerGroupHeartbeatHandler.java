package io.semel.server.network.groups;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.groups.ConsumerHeartbeatResult;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.consumer.ConsumerHeartbeat;
import io.semel.transactions.groups.consumer.TopicIdPartition;
import io.semel.wire.Uuid;
import io.semel.wire.message.ConsumerGroupHeartbeatRequestData;
import io.semel.wire.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import io.semel.wire.message.ConsumerGroupHeartbeatResponseData;
import io.semel.wire.message.ConsumerGroupHeartbeatResponseData.Assignment;
import io.semel.wire.protocol.Errors;

/** A member whose partitions the coordinator assigns (KIP-848) joins, is alive, changes its mind, or leaves. */
public final class ConsumerGroupHeartbeatHandler implements Handler<ConsumerGroupHeartbeatRequestData> {
    /** The first version whose clients make their member ids themselves. */
    private static final int OWN_ID = 1;

    private final Served served;

    public ConsumerGroupHeartbeatHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ConsumerGroupHeartbeatRequestData request, Exchange exchange) {
        Errors refusal = refusal(request, exchange);
        if (refusal != Errors.NONE) {
            exchange.answer(refused(refusal));
            return;
        }
        served.broker().groups().consumerHeartbeat(request.groupId(), said(request, exchange), served.clock().time(),
                result -> exchange.answer(response(result)));
    }

    private Errors refusal(ConsumerGroupHeartbeatRequestData request, Exchange exchange) {
        boolean isNameless = request.memberId().isEmpty() && exchange.version() >= OWN_ID;
        if (request.groupId().isEmpty() || isNameless) {
            return Errors.INVALID_REQUEST;
        }
        Errors refusal = GroupAccess.check(served, exchange, Operation.READ, request.groupId());
        List<String> names = request.subscribedTopicNames();
        boolean maySee = names == null || names.stream().allMatch(name -> GroupAccess.allowsTopic(served, exchange,
                Operation.DESCRIBE, name));
        return refusal == Errors.NONE && !maySee ? Errors.TOPIC_AUTHORIZATION_FAILED : refusal;
    }

    private static ConsumerHeartbeat said(ConsumerGroupHeartbeatRequestData request, Exchange exchange) {
        return new ConsumerHeartbeat(request.memberId(), request.memberEpoch(), Optional.ofNullable(request
                .instanceId()), Optional.ofNullable(request.rackId()), exchange.clientId(), exchange.peer().shownHost(),
                request.rebalanceTimeoutMs(), Optional.ofNullable(request.subscribedTopicNames()).map(Set::copyOf),
                Optional.ofNullable(request.subscribedTopicRegex()), Optional.ofNullable(request.serverAssignor()),
                Optional.ofNullable(request.topicPartitions()).map(ConsumerGroupHeartbeatHandler::owned));
    }

    private static Set<TopicIdPartition> owned(List<TopicPartitions> topics) {
        Set<TopicIdPartition> owned = new HashSet<>();
        topics.forEach(topic -> topic.partitions().forEach(partition -> owned.add(new TopicIdPartition(TopicIds.ours(
                topic.topicId()), partition))));
        return owned;
    }

    private static ConsumerGroupHeartbeatResponseData response(ConsumerHeartbeatResult result) {
        if (result.error() != GroupError.NONE) {
            return refused(GroupCodes.errorOf(result.error())).setMemberId(result.memberId());
        }
        return new ConsumerGroupHeartbeatResponseData().setMemberId(result.memberId()).setMemberEpoch(result
                .memberEpoch()).setHeartbeatIntervalMs(result.heartbeatIntervalMs()).setAssignment(result.assignment()
                        .map(ConsumerGroupHeartbeatHandler::assignment).orElse(null));
    }

    private static ConsumerGroupHeartbeatResponseData refused(Errors error) {
        return new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code()).setErrorMessage(error.message());
    }

    private static Assignment assignment(Set<TopicIdPartition> assigned) {
        Map<Uuid, ConsumerGroupHeartbeatResponseData.TopicPartitions> topics = new TreeMap<>();
        for (TopicIdPartition each : assigned) {
            Uuid topic = TopicIds.kafkas(each.topicId());
            topics.computeIfAbsent(topic, id -> new ConsumerGroupHeartbeatResponseData.TopicPartitions().setTopicId(id))
                    .partitions().add(each.partition());
        }
        return new Assignment().setTopicPartitions(List.copyOf(topics.values()));
    }
}
