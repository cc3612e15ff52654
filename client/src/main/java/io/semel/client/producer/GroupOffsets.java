package io.semel.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.records.OffsetCommitValue;

/** A group's offsets in the words of the group coordinator, and its answers in Kafka's. Thread rule: stateless. */
final class GroupOffsets {
    private GroupOffsets() {
    }

    /** @throws UnknownTopicOrPartitionException when there is no such partition to have an offset in */
    static CommitRequest request(Broker broker, ConsumerGroupMetadata group,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<OffsetToCommit> lines = new ArrayList<>(offsets.size());
        offsets.forEach((partition, offset) -> lines.add(line(broker, partition, offset)));
        Membership member = new Membership(group.memberId(), group.groupInstanceId().orElse(null),
                group.generationId());
        return new CommitRequest(group.groupId(), member, lines);
    }

    private static OffsetToCommit line(Broker broker, TopicPartition where, OffsetAndMetadata offset) {
        if (!broker.hasTopic(where.topic())) {
            throw new UnknownTopicOrPartitionException("no offset can be committed for " + where + ": no such topic in "
                    + broker.path());
        }
        Topic topic = broker.topic(where.topic());
        if (where.partition() >= topic.partitionCount()) {
            throw new UnknownTopicOrPartitionException("no offset can be committed for " + where + ": the topic has "
                    + "partitions 0.." + (topic.partitionCount() - 1));
        }
        return new OffsetToCommit(where.topic(), where.partition(), offset.offset(),
                offset.leaderEpoch().orElse(OffsetCommitValue.NO_LEADER_EPOCH), offset.metadata(), topic.id());
    }

    /** Why a group refuses offsets. */
    static KafkaException refused(GroupError error, ConsumerGroupMetadata group) {
        String what = "offsets not staged: " + group + ": " + error;
        return switch (error) {
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS -> new CommitFailedException(what
                    + "; the group has gone on without this member, abort and poll again");
            case FENCED_INSTANCE_ID -> new FencedInstanceIdException(what);
            case INVALID_PRODUCER_EPOCH -> new InvalidProducerEpochException(what);
            case INVALID_TXN_STATE -> new InvalidTxnStateException(what);
            case INVALID_GROUP_ID -> new InvalidGroupIdException(what);
            case OFFSET_METADATA_TOO_LARGE -> new OffsetMetadataTooLarge(what);
            case INVALID_COMMIT_OFFSET_SIZE -> new InvalidCommitOffsetSizeException(what);
            case NONE, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND,
                    GROUP_MAX_SIZE_REACHED, INCONSISTENT_GROUP_PROTOCOL, INVALID_REGULAR_EXPRESSION, INVALID_REQUEST,
                    INVALID_SESSION_TIMEOUT, MEMBER_ID_REQUIRED, NON_EMPTY_GROUP, REQUEST_TIMED_OUT, STALE_MEMBER_EPOCH,
                    UNRELEASED_INSTANCE_ID, UNSTABLE_OFFSET_COMMIT, UNSUPPORTED_ASSIGNOR ->
                new KafkaException(what);
        };
    }
}
