package io.semel.client.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import io.semel.client.consumer.MemberAssignments;
import io.semel.client.runtime.ClientRuntime;
import io.semel.client.runtime.Waiting;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.groups.CommitRequest;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupDescription;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.GroupState;
import io.semel.transactions.groups.Membership;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Reply;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;
import io.semel.transactions.partition.PartitionReader;

/** Groups of an open directory, directly. */
public final class EmbeddedGroups implements GroupAdmin {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Looked at in a fraction of a second; whoever is further behind than that need not know it to the record. */
    private static final int MAX_BATCHES_COUNTED = 1_000_000;

    static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final ClientRuntime runtime;

    public EmbeddedGroups(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    private Broker broker() {
        runtime.requireOpen();
        return runtime.broker();
    }

    @Override
    public List<GroupSummary> listGroups() {
        return broker().groups().list().stream()
                .map(group -> new GroupSummary(group.groupId(), StateNames.nameOf(group.state()), group.protocolType()))
                .toList();
    }

    @Override
    public GroupDetails describeGroup(String group) {
        GroupDescription found = broker().groups().describe(group);
        requireExists(group, found);
        List<MemberDescription> members = found.members().stream().map(member -> new MemberDescription(member
                .memberId(),
                member.clientId(), MemberAssignments.decode(member.assignment()))).toList();
        return new GroupDetails(group, StateNames.nameOf(found.state()), found.generation(), members);
    }

    private void requireExists(String group, GroupDescription found) {
        if (found.state() == GroupState.DEAD) {
            throw new GroupIdNotFoundException("no such group: " + group + " in " + broker().path());
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> groupOffsets(String group) {
        FetchResult result = ask(reply -> broker().groups().fetchAll(group, Stability.ANY, reply));
        require(result.error(), group);
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        for (FetchedOffset fetched : result.offsets()) {
            if (isOfToday(fetched)) {
                Optional<Integer> epoch = fetched.committed().leaderEpoch() < 0
                        ? Optional.empty()
                        : Optional.of(fetched.committed().leaderEpoch());
                offsets.put(idOf(fetched.partition()),
                        new OffsetAndMetadata(fetched.committed().offset(), epoch, fetched.committed().metadata()));
            }
        }
        return offsets;
    }

    /** Not of a deleted topic that another one of its name follows: nobody goes on there. */
    private boolean isOfToday(FetchedOffset fetched) {
        try {
            return fetched.committed().isPresent()
                    && fetched.committed().isOf(runtime.topic(fetched.partition().topic()).id());
        } catch (UnknownTopicOrPartitionException e) {
            // Without a successor it is on record all the same, and can be deleted.
            return true;
        }
    }

    private static TopicPartition idOf(PartitionName partition) {
        return new TopicPartition(partition.topic(), partition.partition());
    }

    @Override
    public void resetGroupOffsets(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<OffsetToCommit> commits = new ArrayList<>();
        offsets.forEach((partition, offset) -> commits.add(new OffsetToCommit(partition.topic(), partition.partition(),
                offset.offset(), offset.leaderEpoch().orElse(-1), offset.metadata(), topicOf(partition).id())));
        GroupError error = change(reply -> broker().groups().commit(
                new CommitRequest(group, Membership.NOBODY, commits), now(), reply));
        // A group with members refuses a stranger's commit as one of an unknown member.
        require(error == GroupError.UNKNOWN_MEMBER_ID ? GroupError.NON_EMPTY_GROUP : error, group);
    }

    /** The partition may be offline: its offsets are elsewhere. */
    private Topic topicOf(TopicPartition partition) {
        Topic topic = runtime.topic(partition.topic());
        if (partition.partition() < 0 || partition.partition() >= topic.partitionCount()) {
            throw new UnknownTopicOrPartitionException("no such partition: " + partition + "; the topic has "
                    + topic.partitionCount());
        }
        return topic;
    }

    @Override
    public void deleteGroup(String group) {
        GroupError error = change(reply -> broker().groups().deleteGroup(group, now(), reply));
        require(error, group);
    }

    @Override
    public void deleteGroupOffsets(String group, Set<TopicPartition> partitions) {
        requireExists(group, broker().groups().describe(group));
        List<PartitionName> names = partitions.stream().map(each -> new PartitionName(each.topic(), each.partition()))
                .toList();
        GroupError error = change(reply -> broker().groups().deleteOffsets(group, names, now(), reply));
        require(error, group);
    }

    @Override
    public Map<TopicPartition, GroupLag> groupLag(String group) {
        FetchResult result = ask(reply -> broker().groups().fetchAll(group, Stability.REQUIRED, reply));
        require(result.error(), group);
        Set<TopicPartition> pending = result.offsets().stream()
                .filter(each -> each.error() == GroupError.UNSTABLE_OFFSET_COMMIT).map(each -> idOf(each.partition()))
                .collect(Collectors.toSet());
        Map<TopicPartition, GroupLag> lags = new TreeMap<>(BY_NAME);
        groupOffsets(group).forEach((id, committed) -> lags.put(id, lag(id, committed, pending.contains(id))));
        return lags;
    }

    private GroupLag lag(TopicPartition id, OffsetAndMetadata committed, boolean pending) {
        Partition partition;
        try {
            partition = runtime.partition(id.topic(), id.partition());
        } catch (UnknownTopicOrPartitionException | KafkaStorageException e) {
            return new GroupLag(committed, GroupLag.UNKNOWN, GroupLag.UNKNOWN, pending);
        }
        return new GroupLag(committed, partition.stableOffset(), recordsFrom(partition, committed.offset()), pending);
    }

    /** What a committed reader that stands at {@code offset} would be handed if nothing more came. */
    private static long recordsFrom(Partition partition, long offset) {
        long from = Math.max(offset, partition.startOffset());
        long stable = partition.stableOffset();
        if (from >= stable) {
            return 0;
        }
        RecordCursor cursor = new RecordCursor();
        long records = 0;
        try (PartitionReader reader = partition.openReader(from, Isolation.READ_COMMITTED)) {
            for (int batches = 0; batches < MAX_BATCHES_COUNTED; batches++) {
                if (!reader.next() || reader.batch().baseOffset() >= stable) {
                    return records;
                }
                records += reader.batch().baseOffset() >= from
                        ? reader.batch().recordCount()
                        : recordsFrom(cursor, reader.batch(), from);
            }
            return records + Math.max(0, stable - reader.nextOffset());
        }
    }

    /** The batch in which the group stands: those before it are read. */
    private static long recordsFrom(RecordCursor cursor, RecordBatchView batch, long from) {
        long records = 0;
        cursor.wrap(batch);
        while (cursor.next()) {
            records += cursor.offset() >= from ? 1 : 0;
        }
        return records;
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
