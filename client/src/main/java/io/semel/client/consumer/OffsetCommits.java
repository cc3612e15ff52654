package io.semel.client.consumer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.consumer.GroupCalls.Wakeups;
import io.semel.client.runtime.Waiting;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.OffsetToCommit;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.records.OffsetCommitValue;

/**
 * How far the group has come: commits, now or in passing, by the caller or by the consumer itself.
 *
 * <p>Thread rule: the polling thread's; callbacks run on it.
 */
final class OffsetCommits {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetCommits.class);

    /**
     * A rebalance is not held up longer than this by the commit before it; what is not committed is delivered again.
     */
    private static final Duration BEFORE_REVOCATION = Duration.ofSeconds(5);

    /** Commits that wait for their answer at one time; more means that the log stands still. */
    private static final int MAX_UNANSWERED = 10_000;

    /** @param refusal why it was not even sent; empty when the answer tells */
    private record Unanswered(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback,
            Answer<GroupError> answer, Optional<KafkaException> refusal, long sentNs) {
    }

    private final GroupCalls calls;
    private final TopicCatalog catalog;
    private final Subscriptions subscriptions;
    private final Interceptors<?, ?> interceptors;
    private final GroupMember member;
    private final ConsumerMetrics metrics;
    private final ArrayDeque<Unanswered> unanswered = new ArrayDeque<>();
    private final long autoCommitIntervalNs;
    private final boolean commitsAfterProcessing;
    private final String what;
    private long nextAutoCommitNs;

    OffsetCommits(GroupCalls calls, TopicCatalog catalog, Subscriptions subscriptions,
            Interceptors<?, ?> interceptors, ConsumerSettings settings, GroupMember member,
            ConsumerMetrics metrics) {
        this.calls = calls;
        this.catalog = catalog;
        this.subscriptions = subscriptions;
        this.interceptors = interceptors;
        this.member = member;
        this.metrics = metrics;
        this.commitsAfterProcessing = settings.commitStyle() == CommitStyle.AFTER_PROCESSING;
        this.autoCommitIntervalNs = TimeUnit.MILLISECONDS.toNanos(settings.autoCommitIntervalMs());
        this.what = "a commit of group=" + calls.groupId();
        this.nextAutoCommitNs = System.nanoTime() + autoCommitIntervalNs;
    }

    /** Everything that was handed over, by the positions. */
    Map<TopicPartition, OffsetAndMetadata> consumed() {
        Map<TopicPartition, OffsetAndMetadata> consumed = new LinkedHashMap<>();
        for (PartitionFeed feed : subscriptions.feedsInTurn()) {
            if (feed.hasPosition()) {
                consumed.put(feed.id(), new OffsetAndMetadata(feed.position(), feed.epoch(), ""));
            }
        }
        return consumed;
    }

    /**
     * Commits and waits until that is acknowledged.
     *
     * @throws CommitFailedException when this consumer has lost its seat in the group
     * @throws TimeoutException      when the time is over; whether it was committed is then not known
     */
    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout, Wakeups wakeups) {
        long startNs = System.nanoTime();
        try {
            commitUntil(offsets, timeout, wakeups);
        } finally {
            metrics.commitSyncEnds(startNs);
        }
    }

    private void commitUntil(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout, Wakeups wakeups) {
        Waiting waiting = Waiting.upTo(timeout, what);
        for (Unanswered earlier : unanswered) {
            calls.await(earlier.answer, waiting, wakeups);
        }
        callBack();
        if (offsets.isEmpty()) {
            return;
        }
        if (wakeups == Wakeups.HEEDED) {
            // Also when the answer would be here at once: who calls cannot know, and in Kafka none is.
            calls.throwIfWoken();
        }
        long sentNs = System.nanoTime();
        GroupError error = calls.await(send(offsets), waiting, wakeups);
        while (GroupErrors.isTransient(error)) {
            waiting.pause();
            error = calls.await(send(offsets), waiting, wakeups);
        }
        if (error != GroupError.NONE) {
            throw refused(error, offsets);
        }
        metrics.commitAnswered(sentNs);
        committed(offsets);
    }

    /** Commits in passing; the callback runs in a later poll or commit, and is told of whatever is in the way. */
    void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        if (unanswered.size() >= MAX_UNANSWERED) {
            throw new RetriableCommitFailedException("commits without an answer: " + unanswered.size()
                    + "; poll, so that their callbacks run");
        }
        Map<TopicPartition, OffsetAndMetadata> copy = Map.copyOf(offsets);
        long sentNs = System.nanoTime();
        Answer<GroupError> answer = calls.newAnswer();
        Optional<KafkaException> refusal = Optional.empty();
        try {
            if (copy.isEmpty()) {
                answer.complete(GroupError.NONE);
            } else {
                answer = send(copy);
            }
        } catch (KafkaException e) {
            refusal = Optional.of(e);
            answer.complete(GroupError.NONE);
        }
        unanswered.add(new Unanswered(copy, callback, answer, refusal, sentNs));
    }

    private Answer<GroupError> send(Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<OffsetToCommit> lines = new ArrayList<>(offsets.size());
        offsets.keySet().forEach(this::requireKnown);
        offsets.forEach((id, offset) -> lines.add(new OffsetToCommit(id.topic(), id.partition(), offset.offset(),
                offset.leaderEpoch().orElse(OffsetCommitValue.NO_LEADER_EPOCH), offset.metadata(),
                topicId(id))));
        return calls.commit(member.committer(), lines);
    }

    /** @throws UnknownTopicOrPartitionException when it was never there for this consumer, and is not there now */
    private void requireKnown(TopicPartition id) {
        if (subscriptions.find(id).flatMap(PartitionFeed::topicId).isEmpty() && !catalog.has(id)) {
            throw new UnknownTopicOrPartitionException("no offset can be committed for " + id
                    + ": no such partition; group=" + calls.groupId());
        }
    }

    /** Of the topic in which the records were read, which is not that of today when it was deleted and made anew. */
    private UUID topicId(TopicPartition id) {
        return subscriptions.find(id).flatMap(PartitionFeed::topicId).or(() -> catalog.topicId(id.topic()))
                .orElse(OffsetCommitValue.NO_TOPIC_ID);
    }

    private KafkaException refused(GroupError error, Map<TopicPartition, OffsetAndMetadata> offsets) {
        member.noteRefusal(error);
        return GroupErrors.of(error, "offsets not committed: group=" + calls.groupId() + " offsets=" + offsets);
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((id, offset) -> subscriptions.find(id).ifPresent(feed -> feed.noteCommitted(offset.offset())));
        interceptors.onCommit(offsets);
    }

    /** Runs the callbacks of the commits that were answered by now, in the order of the commits. */
    void callBack() {
        while (!unanswered.isEmpty() && unanswered.peek().answer.isHere()) {
            Unanswered done = unanswered.remove();
            metrics.commitAnswered(done.sentNs);
            Exception failure = failure(done);
            if (failure == null) {
                committed(done.offsets);
            }
            done.callback.onComplete(done.offsets, failure);
        }
    }

    /** As Kafka's callbacks are told: null for none. */
    private Exception failure(Unanswered done) {
        GroupError error = done.answer.get();
        KafkaException failure = error == GroupError.NONE
                ? done.refusal.orElse(null)
                : refused(error, done.offsets);
        return failure instanceof RetriableException ? new RetriableCommitFailedException(failure) : failure;
    }

    /** The default callback: says what failed. */
    static void logFailure(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
        if (failure != null) {
            LOGGER.warn("offsets not committed, what is past them may be delivered again: {}: {}", offsets,
                    failure.toString());
        }
    }

    // ---- by the consumer itself

    /** At the beginning of a poll: what the poll before handed over is processed now. */
    void autoCommitIfDue() {
        long nowNs = System.nanoTime();
        if (!commitsAfterProcessing || nowNs - nextAutoCommitNs < 0 || !member.mayCommit()) {
            return;
        }
        nextAutoCommitNs = nowNs + autoCommitIntervalNs;
        Map<TopicPartition, OffsetAndMetadata> fresh = notCommittedYet();
        if (fresh.isEmpty()) {
            return;
        }
        try {
            commitAsync(fresh, OffsetCommits::logFailure);
        } catch (RetriableCommitFailedException e) {
            logFailure(fresh, e);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> notCommittedYet() {
        Map<TopicPartition, OffsetAndMetadata> fresh = new HashMap<>();
        consumed().forEach((id, offset) -> {
            if (subscriptions.feed(id).committedPosition() != offset.offset()) {
                fresh.put(id, offset);
            }
        });
        return fresh;
    }

    /** While the partitions are still owned; a failure costs only that records are delivered again. */
    void autoCommitBeforeRevocation() {
        autoCommitNow(BEFORE_REVOCATION);
    }

    void autoCommitNow(Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> fresh = commitsAfterProcessing ? notCommittedYet() : Map.of();
        if (fresh.isEmpty()) {
            return;
        }
        try {
            commitSync(fresh, timeout, Wakeups.IGNORED);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            logFailure(fresh, e);
        }
    }

    /** The last words: every callback that can be answered in time is. */
    void answerAll(Duration timeout) {
        try {
            commitSync(Map.of(), timeout, Wakeups.IGNORED);
        } catch (TimeoutException e) {
            LOGGER.warn("closed with commits unanswered: {}", unanswered.size(), e);
        }
    }

    // ---- looking up

    /** Null stands for no committed offset, as Kafka has it. Offsets in open transactions are waited for. */
    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        long startNs = System.nanoTime();
        try {
            return lookUp(partitions, timeout);
        } finally {
            metrics.committedEnds(startNs);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> lookUp(Set<TopicPartition> partitions, Duration timeout) {
        // Also when the answer is here at once: who calls cannot know, and in Kafka none is.
        calls.throwIfWoken();
        Waiting waiting = Waiting.upTo(timeout, "the committed offsets of " + partitions);
        List<PartitionName> names = partitions.stream()
                .map(id -> new PartitionName(id.topic(), id.partition())).toList();
        Optional<Map<TopicPartition, OffsetAndMetadata>> found = Optional.empty();
        while (found.isEmpty()) {
            found = read(calls.await(calls.fetch(names), waiting, Wakeups.HEEDED));
            if (found.isEmpty()) {
                waiting.pause();
            }
        }
        return found.get();
    }

    /** Empty when it has to be asked again. */
    private Optional<Map<TopicPartition, OffsetAndMetadata>> read(FetchResult result) {
        GroupError error = result.error();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (FetchedOffset line : result.offsets()) {
            error = line.error() == GroupError.NONE ? error : line.error();
            TopicPartition id = new TopicPartition(line.partition().topic(), line.partition().partition());
            committed.put(id, catalog.isAbout(id.topic(), line.committed()) ? offset(line) : null);
        }
        if (error != GroupError.NONE && !GroupErrors.isTransient(error)) {
            throw GroupErrors.of(error, "fetch committed offsets: group=" + calls.groupId());
        }
        return error == GroupError.NONE ? Optional.of(committed) : Optional.empty();
    }

    private static OffsetAndMetadata offset(FetchedOffset line) {
        int epoch = line.committed().leaderEpoch();
        return new OffsetAndMetadata(line.committed().offset(),
                epoch == OffsetCommitValue.NO_LEADER_EPOCH ? Optional.empty() : Optional.of(epoch),
                line.committed().metadata());
    }
}
