package io.semel.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.semel.client.consumer.MemberAssignments;
import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.KafkaErrors;
import io.semel.client.runtime.Waiting;
import io.semel.log.CleaningProgress;
import io.semel.log.compaction.CompactionProgress;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.PartitionOfflineException;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.TopicExistsException;
import io.semel.transactions.broker.UnknownTopicException;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupDescription;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.GroupState;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.Reply;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.partition.Partition;

/** Administration of an open directory, directly. */
final class EmbeddedAdmin implements SemelAdmin {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ClientRuntime runtime;

    EmbeddedAdmin(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    private Broker broker() {
        runtime.requireOpen();
        return runtime.broker();
    }

    @Override
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        try {
            broker().createTopic(name, partitions, configs);
        } catch (TopicExistsException e) {
            throw new org.apache.kafka.common.errors.TopicExistsException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("topic not created: " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void deleteTopic(String name) {
        try {
            broker().deleteTopic(name);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("topic not deleted, or not all of it: " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public long deleteRecords(String topic, int partition, long beforeOffset) {
        try {
            return broker().deleteRecords(topic, partition, beforeOffset);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (PartitionOfflineException e) {
            throw KafkaErrors.offline(e);
        } catch (IllegalArgumentException e) {
            throw new OffsetOutOfRangeException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("records not deleted: " + topic + '-' + partition + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void configureTopic(String name, Map<String, String> configs) {
        try {
            broker().configureTopic(name, configs);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        } catch (io.semel.transactions.broker.InvalidTopicException e) {
            throw new InvalidTopicException(e.getMessage(), e);
        } catch (IOException e) {
            throw new KafkaStorageException("topic not configured: " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> listTopics() {
        return broker().topics().stream().filter(topic -> !topic.isInternal()).map(Topic::name).toList();
    }

    @Override
    public boolean hasTopic(String name) {
        return broker().hasTopic(name);
    }

    @Override
    public TopicDescription describeTopic(String name) {
        Topic topic = topic(name);
        List<PartitionDescription> partitions = new ArrayList<>();
        for (int index = 0; index < topic.partitionCount(); index++) {
            partitions.add(describe(topic, index));
        }
        return new TopicDescription(topic.name(), topic.id().toString(), topic.isInternal(), topic.configs(),
                partitions);
    }

    private static PartitionDescription describe(Topic topic, int index) {
        Partition partition;
        try {
            partition = topic.partition(index);
        } catch (PartitionOfflineException e) {
            long unknown = PartitionDescription.UNKNOWN;
            return new PartitionDescription(index, unknown, unknown, unknown, unknown, e.getMessage());
        }
        // Read in this order the marks can't seem to overtake each other.
        long start = partition.startOffset();
        long stable = partition.stableOffset();
        Throwable failure = partition.log().failure();
        return new PartitionDescription(index, start, stable, partition.readableOffset(), partition.log()
                .sizeInBytes(), failure == null ? "" : KafkaErrors.offline(partition, failure));
    }

    @Override
    public List<CleaningDescription> describeCleaning(String name) {
        return topic(name).partitions().stream().map(EmbeddedAdmin::describeCleaning).toList();
    }

    private static CleaningDescription describeCleaning(Partition partition) {
        CleaningProgress retention = partition.log().cleaningProgress();
        CompactionProgress compaction = partition.log().compaction().progress();
        return new CleaningDescription(partition.id().partition(), retention.deletedSegments(),
                retention.deletedBytes(), retention.segmentsStillRead(), partition.log().compaction().compactedOffset(),
                new CompactionDescription(compaction.partDone(), compaction.bytesMapped() + compaction.bytesRead(),
                        compaction.bytesWritten(), compaction.recordsKept(), compaction.recordsRemoved()));
    }

    private Topic topic(String name) {
        try {
            return broker().topic(name);
        } catch (UnknownTopicException e) {
            throw new UnknownTopicOrPartitionException(e.getMessage(), e);
        }
    }

    @Override
    public List<GroupSummary> listGroups() {
        return broker().groups().list().stream()
                .map(group -> new GroupSummary(group.groupId(), nameOf(group.state()), group.protocolType())).toList();
    }

    @Override
    public GroupDetails describeGroup(String group) {
        GroupDescription found = broker().groups().describe(group);
        if (found.state() == GroupState.DEAD) {
            throw new GroupIdNotFoundException("no such group: " + group + " in " + broker().path());
        }
        List<MemberDescription> members = found.members().stream().map(member -> new MemberDescription(member
                .memberId(),
                member.clientId(), MemberAssignments.decode(member.assignment()))).toList();
        return new GroupDetails(group, nameOf(found.state()), found.generation(), members);
    }

    /** Kafka writes PreparingRebalance where the enum says PREPARING_REBALANCE. */
    private static String nameOf(GroupState state) {
        StringBuilder name = new StringBuilder();
        for (String word : state.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> groupOffsets(String group) {
        FetchResult result = ask(reply -> broker().groups().fetchAll(group, Stability.ANY, now(), reply));
        require(result.error(), group);
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        for (FetchedOffset fetched : result.offsets()) {
            if (fetched.committed().isPresent()) {
                Optional<Integer> epoch = fetched.committed().leaderEpoch() < 0
                        ? Optional.empty()
                        : Optional.of(fetched.committed().leaderEpoch());
                offsets.put(new TopicPartition(fetched.partition().topic(), fetched.partition().partition()),
                        new OffsetAndMetadata(fetched.committed().offset(), epoch, fetched.committed().metadata()));
            }
        }
        return offsets;
    }

    @Override
    public void resetGroupOffsets(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<OffsetToCommit> commits = new ArrayList<>();
        offsets.forEach((partition, offset) -> commits.add(new OffsetToCommit(partition.topic(), partition.partition(),
                offset.offset(), offset.leaderEpoch().orElse(-1), offset.metadata(), topic(partition.topic()).id())));
        GroupError error = change(reply -> broker().groups().commit(
                new CommitRequest(group, Membership.NOBODY, commits), now(), reply));
        // A group with members refuses a stranger's commit as one of an unknown member.
        require(error == GroupError.UNKNOWN_MEMBER_ID ? GroupError.NON_EMPTY_GROUP : error, group);
    }

    @Override
    public void deleteGroup(String group) {
        GroupError error = change(reply -> broker().groups().deleteGroup(group, now(), reply));
        require(error, group);
    }

    private long now() {
        return runtime.clock().time();
    }

    /** Asks again while the log has no room for the change at this moment: another thread may be extending it. */
    private static GroupError change(Consumer<Reply<GroupError>> question) {
        Waiting waiting = Waiting.upTo(TIMEOUT, "room in " + Broker.OFFSETS_TOPIC);
        GroupError error = ask(question);
        while (error == GroupError.COORDINATOR_NOT_AVAILABLE) {
            waiting.pause();
            error = ask(question);
        }
        return error;
    }

    /** Asks the coordinator and waits for its parked reply, which the conductor completes. */
    private static <T> T ask(Consumer<Reply<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        question.accept(answer::complete);
        Waiting waiting = Waiting.upTo(TIMEOUT, "the group coordinator");
        while (!answer.isDone()) {
            waiting.pause();
        }
        return answer.join();
    }

    private static void require(GroupError error, String group) {
        switch (error) {
            case NONE -> {
                // As it should be.
            }
            case NON_EMPTY_GROUP -> throw new GroupNotEmptyException(
                    "group has members: " + group + "; stop its consumers first");
            case GROUP_ID_NOT_FOUND -> throw new GroupIdNotFoundException("no such group: " + group);
            default -> throw new KafkaException("group " + group + ": " + error);
        }
    }
}
