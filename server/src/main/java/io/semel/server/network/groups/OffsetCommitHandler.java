package io.semel.server.network.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Served;
import io.semel.server.network.request.TopicIds;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.GroupLimits;
import io.semel.transactions.groups.GroupState;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.wire.message.OffsetCommitRequestData;
import io.semel.wire.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import io.semel.wire.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import io.semel.wire.message.OffsetCommitResponseData;
import io.semel.wire.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import io.semel.wire.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import io.semel.wire.protocol.Errors;

/**
 * Commits a group's offsets by themselves. Partitions that can't be committed are answered each with its code; the rest
 * is committed as one batch. For how long old versions want them kept is not heeded: the directory says that for all.
 */
public final class OffsetCommitHandler implements Handler<OffsetCommitRequestData> {
    /** The first version whose clients know GROUP_ID_NOT_FOUND and epochs of members. */
    private static final int KNOWS_NOT_FOUND = 9;
    /** The first version that names topics by their ids alone. */
    private static final int BY_TOPIC_ID = 10;

    private final Served served;

    /** A request as far as it got: what is committed, and the lines of the answer that its outcome decides. */
    private record Sorted(OffsetCommitResponseData response, List<OffsetToCommit> offsets,
            List<OffsetCommitResponsePartition> undecided) {
    }

    public OffsetCommitHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(OffsetCommitRequestData request, Exchange exchange) {
        Errors refusal = GroupAccess.check(served, exchange, Operation.READ, request.groupId());
        Sorted sorted = new Sorted(new OffsetCommitResponseData(), new ArrayList<>(), new ArrayList<>());
        for (OffsetCommitRequestTopic topic : request.topics()) {
            sort(topic, refusal, exchange, sorted);
        }
        if (sorted.offsets.isEmpty()) {
            exchange.answer(sorted.response);
            return;
        }
        Membership member = new Membership(request.memberId(), request.groupInstanceId(), request
                .generationIdOrMemberEpoch());
        served.broker().groups().commit(new CommitRequest(request.groupId(), member, sorted.offsets), served.clock()
                .time(), error -> {
                    short code = codeOf(error, request.groupId(), exchange.version());
                    sorted.undecided.forEach(line -> line.setErrorCode(code));
                    exchange.answer(sorted.response);
                });
    }

    private void sort(OffsetCommitRequestTopic topic, Errors refusal, Exchange exchange, Sorted sorted) {
        OffsetCommitResponseTopic answered = new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic
                .topicId());
        sorted.response.topics().add(answered);
        boolean byId = exchange.version() >= BY_TOPIC_ID;
        Optional<Topic> found = byId
                ? served.broker().findTopic(TopicIds.ours(topic.topicId()))
                : served.broker().findTopic(topic.name());
        String name = found.map(Topic::name).orElse(topic.name());
        Errors ofTopic = refusal;
        if (ofTopic == Errors.NONE && !GroupAccess.allowsTopic(served, exchange, Operation.READ, name)) {
            ofTopic = Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        if (ofTopic == Errors.NONE && found.isEmpty()) {
            ofTopic = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            Errors error = ofTopic == Errors.NONE ? check(partition, found.orElseThrow()) : ofTopic;
            OffsetCommitResponsePartition line = new OffsetCommitResponsePartition().setPartitionIndex(partition
                    .partitionIndex()).setErrorCode(error.code());
            answered.partitions().add(line);
            if (error == Errors.NONE) {
                sorted.offsets.add(offset(partition, found.orElseThrow()));
                sorted.undecided.add(line);
            }
        }
    }

    private static Errors check(OffsetCommitRequestPartition partition, Topic topic) {
        if (partition.partitionIndex() < 0 || partition.partitionIndex() >= topic.partitionCount()) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return metadata(partition).length() > GroupLimits.MAX_OFFSET_METADATA_CHARS
                ? Errors.OFFSET_METADATA_TOO_LARGE
                : Errors.NONE;
    }

    /** Bears the topic's id whoever committed it: its successor of the same name is another topic. */
    private static OffsetToCommit offset(OffsetCommitRequestPartition partition, Topic topic) {
        return new OffsetToCommit(topic.name(), partition.partitionIndex(), partition.committedOffset(), partition
                .committedLeaderEpoch(), metadata(partition), topic.id());
    }

    private static String metadata(OffsetCommitRequestPartition partition) {
        return partition.committedMetadata() == null ? "" : partition.committedMetadata();
    }

    /** A member of a group that nobody knows is told so, in the words of its version. */
    private short codeOf(GroupError error, String groupId, short version) {
        if (error == GroupError.UNKNOWN_MEMBER_ID && served.broker().groups().describe(groupId)
                .state() == GroupState.DEAD) {
            return version >= KNOWS_NOT_FOUND ? Errors.GROUP_ID_NOT_FOUND.code() : Errors.ILLEGAL_GENERATION.code();
        }
        if (error == GroupError.STALE_MEMBER_EPOCH && version < KNOWS_NOT_FOUND) {
            return Errors.ILLEGAL_GENERATION.code();
        }
        return GroupCodes.of(error);
    }
}
