package io.semel.server.network.groups;

import java.util.List;

import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.transactions.groups.Stability;
import io.semel.wire.message.OffsetFetchRequestData;
import io.semel.wire.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import io.semel.wire.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import io.semel.wire.message.OffsetFetchResponseData;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import io.semel.wire.protocol.Errors;

/** Offsets that groups have committed. Every version is answered as the newest would be, then put into its own form. */
public final class OffsetFetchHandler implements Handler<OffsetFetchRequestData> {
    /** The first version in which what concerns the whole group has a code of its own. */
    private static final int GROUP_CODE = 2;
    /** The first version that asks for many groups at once. */
    private static final int MANY_GROUPS = 8;

    private final GroupOffsetsFetch offsets;

    public OffsetFetchHandler(Served served) {
        this.offsets = new GroupOffsetsFetch(served);
    }

    @Override
    public void handle(OffsetFetchRequestData request, Exchange exchange) {
        boolean isMany = exchange.version() >= MANY_GROUPS;
        List<OffsetFetchRequestGroup> groups = isMany ? request.groups() : List.of(onlyGroup(request));
        Gathering<OffsetFetchResponseGroup> gathering = new Gathering<>(groups.size(), found -> exchange.answer(isMany
                ? new OffsetFetchResponseData().setGroups(found)
                : oldResponse(found.get(0), groups.get(0), exchange.version())));
        Stability stability = request.requireStable() ? Stability.REQUIRED : Stability.ANY;
        for (int index = 0; index < groups.size(); index++) {
            offsets.fetch(groups.get(index), stability, exchange, gathering.slot(index));
        }
    }

    private static OffsetFetchRequestGroup onlyGroup(OffsetFetchRequestData request) {
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(request.groupId());
        return group.setTopics(request.topics() == null
                ? null
                : request.topics().stream().map(topic -> new OffsetFetchRequestTopics().setName(topic.name())
                        .setPartitionIndexes(topic.partitionIndexes())).toList());
    }

    private static OffsetFetchResponseData oldResponse(OffsetFetchResponseGroup found, OffsetFetchRequestGroup wanted,
            short version) {
        OffsetFetchResponseData response = new OffsetFetchResponseData();
        if (found.errorCode() != Errors.NONE.code()) {
            if (version >= GROUP_CODE) {
                return response.setErrorCode(found.errorCode());
            }
            return response.setTopics(wanted.topics().stream().map(topic -> new OffsetFetchResponseTopic().setName(topic
                    .name()).setPartitions(topic.partitionIndexes().stream().map(index -> oldPartition(GroupOffsetsFetch
                            .nothing(index).setErrorCode(found.errorCode()))).toList())).toList());
        }
        for (OffsetFetchResponseTopics topic : found.topics()) {
            response.topics().add(new OffsetFetchResponseTopic().setName(topic.name()).setPartitions(topic.partitions()
                    .stream().map(OffsetFetchHandler::oldPartition).toList()));
        }
        return response;
    }

    private static OffsetFetchResponsePartition oldPartition(OffsetFetchResponsePartitions partition) {
        return new OffsetFetchResponsePartition().setPartitionIndex(partition.partitionIndex()).setCommittedOffset(
                partition.committedOffset()).setCommittedLeaderEpoch(partition.committedLeaderEpoch()).setMetadata(
                        partition.metadata()).setErrorCode(partition.errorCode());
    }
}
