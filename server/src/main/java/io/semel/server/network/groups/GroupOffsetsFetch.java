package io.semel.server.network.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.groups.CommittedOffset;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Reply;
import io.semel.transactions.groups.Stability;
import io.semel.wire.Uuid;
import io.semel.wire.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import io.semel.wire.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import io.semel.wire.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import io.semel.wire.protocol.Errors;

/**
 * Offsets of one group. Only those of topics that exist, and exist still: what was committed for a topic that is
 * deleted is never its successor's.
 */
final class GroupOffsetsFetch {
    private final Served served;

    GroupOffsetsFetch(Served served) {
        this.served = served;
    }

    void fetch(OffsetFetchRequestGroup wanted, Stability stability, Exchange exchange,
            Reply<OffsetFetchResponseGroup> reply) {
        Errors refusal = GroupAccess.check(served, exchange, Operation.DESCRIBE, wanted.groupId());
        if (refusal == Errors.NONE) {
            refusal = GroupCodes.errorOf(served.broker().groups().checkFetch(wanted.groupId(), wanted.memberId() == null
                    ? ""
                    : wanted.memberId(), wanted.memberEpoch()));
        }
        if (refusal != Errors.NONE) {
            reply.complete(new OffsetFetchResponseGroup().setGroupId(wanted.groupId()).setErrorCode(refusal.code()));
        } else if (wanted.topics() == null) {
            served.broker().groups().fetchAll(wanted.groupId(), stability, result -> reply.complete(answer(wanted,
                    result, exists(result, exchange))));
        } else {
            fetchNamed(wanted, stability, exchange, reply);
        }
    }

    private static OffsetFetchResponseGroup answer(OffsetFetchRequestGroup wanted, FetchResult result,
            List<OffsetFetchResponseTopics> topics) {
        OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().setGroupId(wanted.groupId()).setErrorCode(
                GroupCodes.of(result.error()));
        return result.error() == GroupError.NONE ? answer.setTopics(topics) : answer;
    }

    private List<OffsetFetchResponseTopics> exists(FetchResult result, Exchange exchange) {
        Map<String, OffsetFetchResponseTopics> topics = new LinkedHashMap<>();
        for (FetchedOffset each : result.offsets()) {
            String name = each.partition().topic();
            Optional<Topic> topic = served.broker().findTopic(name);
            boolean isShown = topic.isPresent() && (each.error() != GroupError.NONE || isOf(each.committed(), topic
                    .get())) && GroupAccess.allowsTopic(served, exchange, Operation.DESCRIBE, name);
            if (isShown) {
                topics.computeIfAbsent(name, unused -> new OffsetFetchResponseTopics().setName(name).setTopicId(TopicIds
                        .kafkas(topic.get().id()))).partitions().add(line(each, topic));
            }
        }
        return List.copyOf(topics.values());
    }

    private static boolean isOf(CommittedOffset committed, Topic topic) {
        return committed.isPresent() && committed.isOf(topic.id());
    }

    private void fetchNamed(OffsetFetchRequestGroup wanted, Stability stability, Exchange exchange,
            Reply<OffsetFetchResponseGroup> reply) {
        List<PartitionName> partitions = new ArrayList<>();
        for (OffsetFetchRequestTopics each : wanted.topics()) {
            String name = nameOf(each);
            if (name != null && GroupAccess.allowsTopic(served, exchange, Operation.DESCRIBE, name)) {
                each.partitionIndexes().forEach(index -> partitions.add(new PartitionName(name, index)));
            }
        }
        served.broker().groups().fetch(wanted.groupId(), partitions, stability, result -> {
            Map<PartitionName, FetchedOffset> found = new HashMap<>();
            result.offsets().forEach(each -> found.put(each.partition(), each));
            reply.complete(answer(wanted, result, wanted.topics().stream().map(each -> topic(each, found)).toList()));
        });
    }

    /** Null for an id that no topic has. */
    private String nameOf(OffsetFetchRequestTopics topic) {
        if (topic.topicId().equals(Uuid.ZERO_UUID)) {
            return topic.name();
        }
        return served.broker().findTopic(TopicIds.ours(topic.topicId())).map(Topic::name).orElse(null);
    }

    private OffsetFetchResponseTopics topic(OffsetFetchRequestTopics wanted, Map<PartitionName, FetchedOffset> found) {
        String name = nameOf(wanted);
        Optional<Topic> topic = name == null ? Optional.empty() : served.broker().findTopic(name);
        Errors missing = name == null ? Errors.UNKNOWN_TOPIC_ID : Errors.TOPIC_AUTHORIZATION_FAILED;
        OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics().setName(wanted.name()).setTopicId(wanted
                .topicId());
        for (int index : wanted.partitionIndexes()) {
            FetchedOffset each = name == null ? null : found.get(new PartitionName(name, index));
            answer.partitions().add(each == null ? nothing(index).setErrorCode(missing.code()) : line(each, topic));
        }
        return answer;
    }

    private static OffsetFetchResponsePartitions line(FetchedOffset fetched, Optional<Topic> topic) {
        OffsetFetchResponsePartitions line = nothing(fetched.partition().partition()).setErrorCode(GroupCodes.of(fetched
                .error()));
        CommittedOffset committed = fetched.committed();
        if (topic.isEmpty() || !isOf(committed, topic.get())) {
            return line;
        }
        return line.setCommittedOffset(committed.offset()).setCommittedLeaderEpoch(committed.leaderEpoch()).setMetadata(
                committed.metadata());
    }

    /** The line of a partition for which nothing was committed. */
    static OffsetFetchResponsePartitions nothing(int index) {
        return new OffsetFetchResponsePartitions().setPartitionIndex(index).setCommittedOffset(
                CommittedOffset.NO_OFFSET);
    }
}
