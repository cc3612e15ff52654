package io.semel.server.network.groups;

import java.util.ArrayList;
import java.util.List;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.OffsetDeletion;
import io.semel.transactions.groups.PartitionName;
import io.semel.wire.message.OffsetDeleteRequestData;
import io.semel.wire.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import io.semel.wire.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import io.semel.wire.message.OffsetDeleteResponseData;
import io.semel.wire.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import io.semel.wire.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import io.semel.wire.protocol.Errors;

/** Deletes a group's offsets of topics that none of its members is subscribed to (KIP-496). */
public final class OffsetDeleteHandler implements Handler<OffsetDeleteRequestData> {
    private final Served served;

    public OffsetDeleteHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(OffsetDeleteRequestData request, Exchange exchange) {
        Errors refusal = GroupAccess.checkNamed(served, exchange, Operation.DELETE, request.groupId());
        if (refusal != Errors.NONE) {
            exchange.answer(new OffsetDeleteResponseData().setErrorCode(refusal.code()));
            return;
        }
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        List<PartitionName> partitions = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            response.topics().add(sort(topic, exchange, partitions));
        }
        served.broker().groups().deleteUnusedOffsets(request.groupId(), partitions, served.clock().time(),
                deletion -> exchange.answer(decided(response, deletion)));
    }

    private OffsetDeleteResponseTopic sort(OffsetDeleteRequestTopic topic, Exchange exchange,
            List<PartitionName> partitions) {
        OffsetDeleteResponseTopic answered = new OffsetDeleteResponseTopic().setName(topic.name());
        int count = served.broker().findTopic(topic.name()).map(Topic::partitionCount).orElse(0);
        boolean isAllowed = GroupAccess.allowsTopic(served, exchange, Operation.READ, topic.name());
        for (OffsetDeleteRequestPartition each : topic.partitions()) {
            int index = each.partitionIndex();
            Errors error = index >= 0 && index < count ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            error = isAllowed ? error : Errors.TOPIC_AUTHORIZATION_FAILED;
            answered.partitions().add(new OffsetDeleteResponsePartition().setPartitionIndex(index).setErrorCode(error
                    .code()));
            if (error == Errors.NONE) {
                partitions.add(new PartitionName(topic.name(), index));
            }
        }
        return answered;
    }

    private static OffsetDeleteResponseData decided(OffsetDeleteResponseData response, OffsetDeletion deletion) {
        if (deletion.error() != GroupError.NONE) {
            return new OffsetDeleteResponseData().setErrorCode(GroupCodes.of(deletion.error()));
        }
        for (OffsetDeleteResponseTopic topic : response.topics()) {
            if (deletion.topicsInUse().contains(topic.name())) {
                topic.partitions().stream().filter(each -> each.errorCode() == Errors.NONE.code()).forEach(
                        each -> each.setErrorCode(Errors.GROUP_SUBSCRIBED_TO_TOPIC.code()));
            }
        }
        return response;
    }
}
