package io.semel.server.network.groups;

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
import io.semel.transactions.broker.Topic;
import io.semel.transactions.groups.consumer.ConsumerGroupView;
import io.semel.transactions.groups.consumer.TopicIdPartition;
import io.semel.wire.message.ConsumerGroupDescribeRequestData;
import io.semel.wire.message.ConsumerGroupDescribeResponseData;
import io.semel.wire.message.ConsumerGroupDescribeResponseData.Assignment;
import io.semel.wire.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import io.semel.wire.message.ConsumerGroupDescribeResponseData.Member;
import io.semel.wire.message.ConsumerGroupDescribeResponseData.TopicPartitions;
import io.semel.wire.protocol.Errors;

/** Groups whose partitions the coordinator assigns (KIP-848), with their members. */
public final class ConsumerGroupDescribeHandler implements Handler<ConsumerGroupDescribeRequestData> {
    /** From version 1 on: a member of the consumer protocol, not of the classic one. */
    private static final byte CONSUMER_MEMBER = 1;
    private static final byte UNKNOWN_MEMBER = -1;

    private final Served served;

    public ConsumerGroupDescribeHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(ConsumerGroupDescribeRequestData request, Exchange exchange) {
        ConsumerGroupDescribeResponseData response = new ConsumerGroupDescribeResponseData();
        for (String groupId : request.groupIds()) {
            DescribedGroup described = describe(groupId, exchange);
            if (request.includeAuthorizedOperations() && described.errorCode() == Errors.NONE.code()) {
                described.setAuthorizedOperations(GroupAccess.allowedOperations(served, exchange, groupId));
            }
            response.groups().add(described);
        }
        exchange.answer(response);
    }

    private DescribedGroup describe(String groupId, Exchange exchange) {
        DescribedGroup described = new DescribedGroup().setGroupId(groupId);
        Errors refusal = GroupAccess.checkNamed(served, exchange, Operation.DESCRIBE, groupId);
        if (refusal != Errors.NONE) {
            return described.setErrorCode(refusal.code());
        }
        Optional<ConsumerGroupView> group = served.broker().groups().describeConsumers(groupId);
        if (group.isEmpty()) {
            return described.setErrorCode(Errors.GROUP_ID_NOT_FOUND.code()).setErrorMessage("Group " + groupId
                    + " is not a consumer group.");
        }
        described.setGroupState(nameOf(group.get().state())).setGroupEpoch(group.get().epoch()).setAssignmentEpoch(group
                .get().epoch()).setAssignorName(group.get().assignor());
        group.get().members().forEach(member -> described.members().add(member(member, exchange.version())));
        boolean maySee = described.members().stream().flatMap(member -> member.targetAssignment().topicPartitions()
                .stream()).allMatch(topic -> GroupAccess.allowsTopic(served, exchange, Operation.DESCRIBE, topic
                        .topicName()));
        return maySee
                ? described
                : new DescribedGroup().setGroupId(groupId).setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                        .setErrorMessage("The group reads topics that the client is not allowed to see.");
    }

    private static String nameOf(ConsumerGroupView.State state) {
        return switch (state) {
            case EMPTY -> "Empty";
            case RECONCILING -> "Reconciling";
            case STABLE -> "Stable";
        };
    }

    private Member member(ConsumerGroupView.Member member, short version) {
        return new Member().setMemberId(member.memberId()).setInstanceId(member.instanceId().orElse(null)).setRackId(
                member.rackId().orElse(null)).setMemberEpoch(member.epoch()).setClientId(member.clientId())
                .setClientHost(member.clientHost()).setSubscribedTopicNames(member.topicNames().stream().sorted()
                        .toList()).setSubscribedTopicRegex(member.topicPattern().isEmpty()
                                ? null
                                : member.topicPattern()).setAssignment(assignment(member.assigned()))
                .setTargetAssignment(assignment(member.target())).setMemberType(version == 0
                        ? UNKNOWN_MEMBER
                        : CONSUMER_MEMBER);
    }

    /** Without topics that are deleted by now. */
    private Assignment assignment(Set<TopicIdPartition> partitions) {
        Map<String, TopicPartitions> topics = new TreeMap<>();
        for (TopicIdPartition each : partitions) {
            served.broker().findTopic(each.topicId()).map(Topic::name).ifPresent(name -> topics.computeIfAbsent(name,
                    unused -> new TopicPartitions().setTopicId(TopicIds.kafkas(each.topicId())).setTopicName(name))
                    .partitions().add(each.partition()));
        }
        return new Assignment().setTopicPartitions(List.copyOf(topics.values()));
    }
}
