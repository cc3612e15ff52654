package io.semel.client.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.semel.client.runtime.ClientRuntime;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.FetchedOffset;
import io.semel.transactions.groups.GroupError;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.partition.Isolation;
import io.semel.transactions.partition.Partition;

/**
 * Finds where each assigned partition begins: at a seek, else at the committed offset, else where
 * {@code auto.offset.reset} says. Never waits: what is not known yet is asked for and found by a later {@link #step}.
 *
 * <p>Thread rule: the polling thread's.
 */
final class Positions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Positions.class);

    /**
     * Between two questions for an offset that an open transaction holds: about as long as a short transaction lasts.
     */
    static final long RETRY_MS = 5;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(RETRY_MS);

    private final ClientRuntime runtime;
    private final TopicCatalog catalog;
    private final Subscriptions subscriptions;
    private final Optional<GroupCalls> group;
    private final StartPolicy policy;
    private final Isolation isolation;
    private Answer<FetchResult> lookup;
    private boolean isPutOff;
    private long putOffSinceNs;

    Positions(ClientRuntime runtime, Subscriptions subscriptions, Optional<GroupCalls> group,
            ConsumerSettings settings) {
        this.runtime = runtime;
        this.catalog = new TopicCatalog(runtime.broker());
        this.subscriptions = subscriptions;
        this.group = group;
        this.policy = settings.startPolicy();
        this.isolation = settings.isolation();
    }

    /** Does what can be done without waiting. */
    void step() {
        boolean isSettled = true;
        for (PartitionFeed feed : subscriptions.feedsInTurn()) {
            TopicPartition id = feed.id();
            if (catalog.isGone(id, feed.partition())) {
                catalog.standing(id).ifPresentOrElse(now -> feed.attach(now.partition(), now.topicId()), feed::detach);
            }
            isSettled &= !feed.exists() || feed.hasPosition() && (feed.isPaused() || feed.isInRange());
        }
        if (!isSettled || lookup != null) {
            lookUpCommitted();
            resolveSeeks();
            resetOutOfRange();
        }
    }

    /**
     * As {@link #step()}, for whoever waits for one of them.
     *
     * @throws org.apache.kafka.common.errors.KafkaStorageException when that one is offline
     */
    void stepFor(TopicPartition id) {
        catalog.requireOnline(id);
        step();
    }

    /** How long a sleep may last when time alone, not a wake-up, brings the next step. */
    long patienceMs() {
        long patienceMs = Long.MAX_VALUE;
        for (PartitionFeed feed : subscriptions.feedsInTurn()) {
            if (!feed.exists()) {
                patienceMs = Math.min(patienceMs, TopicCatalog.LOOK_INTERVAL_MS);
            } else if (lookup == null && needsCommitted(feed)) {
                return RETRY_MS;
            }
        }
        return patienceMs;
    }

    private static boolean needsCommitted(PartitionFeed feed) {
        return feed.exists() && !feed.hasPosition() && feed.pendingSeek() == null;
    }

    /** Forgets a question whose answer would be about an older generation. */
    void forgetLookup() {
        lookup = null;
        isPutOff = false;
    }

    private void lookUpCommitted() {
        if (group.isEmpty()) {
            subscriptions.feedsInTurn().stream().filter(Positions::needsCommitted)
                    .forEach(feed -> applyPolicy(List.of(feed)));
            return;
        }
        if (isPutOff && System.nanoTime() - putOffSinceNs >= RETRY_NS) {
            isPutOff = false;
        }
        if (lookup == null && !isPutOff) {
            List<PartitionName> wanted = subscriptions.feedsInTurn().stream().filter(Positions::needsCommitted)
                    .map(feed -> new PartitionName(feed.id().topic(), feed.id().partition())).toList();
            if (!wanted.isEmpty()) {
                lookup = group.get().fetch(wanted);
            }
        }
        if (lookup != null && lookup.isHere()) {
            FetchResult found = lookup.get();
            lookup = null;
            begin(found);
        }
    }

    private void begin(FetchResult found) {
        if (found.error() != GroupError.NONE) {
            retryLater(found.error());
            return;
        }
        List<PartitionFeed> without = new ArrayList<>();
        for (FetchedOffset line : found.offsets()) {
            TopicPartition id = new TopicPartition(line.partition().topic(), line.partition().partition());
            Optional<PartitionFeed> feed = subscriptions.find(id).filter(Positions::needsCommitted);
            if (feed.isEmpty()) {
                continue;
            }
            if (line.error() != GroupError.NONE) {
                retryLater(line.error());
            } else if (catalog.isAbout(id.topic(), line.committed())) {
                feed.get().seek(line.committed().offset(), line.committed().leaderEpoch());
                feed.get().noteCommitted(line.committed().offset());
            } else {
                without.add(feed.get());
            }
        }
        applyPolicy(without);
    }

    private void retryLater(GroupError error) {
        if (!GroupErrors.isTransient(error)) {
            throw GroupErrors.of(error, "fetch committed offsets: group=" + group.get().groupId());
        }
        isPutOff = true;
        putOffSinceNs = System.nanoTime();
    }

    private void applyPolicy(List<PartitionFeed> feeds) {
        if (feeds.isEmpty()) {
            return;
        }
        if (policy.kind() == StartPolicy.Kind.NONE) {
            Set<TopicPartition> ids = new LinkedHashSet<>();
            feeds.forEach(feed -> ids.add(feed.id()));
            throw new NoOffsetForPartitionException(ids);
        }
        feeds.forEach(feed -> feed.seek(resolve(policy, feed.partition())));
    }

    private void resolveSeeks() {
        for (PartitionFeed feed : subscriptions.feedsInTurn()) {
            if (feed.exists() && feed.pendingSeek() != null) {
                feed.seek(resolve(feed.pendingSeek(), feed.partition()));
            }
        }
    }

    private long resolve(StartPolicy where, Partition partition) {
        return switch (where.kind()) {
            case EARLIEST -> partition.startOffset();
            case LATEST -> partition.endOffset(isolation);
            case AGO -> OffsetTimes.firstOffsetSince(partition, isolation,
                    runtime.clock().time() - where.ago().toMillis());
            case NONE -> throw new IllegalArgumentException("no place: " + where);
        };
    }

    private void resetOutOfRange() {
        Map<TopicPartition, Long> outOfRange = new HashMap<>();
        List<PartitionFeed> lost = new ArrayList<>();
        for (PartitionFeed feed : subscriptions.feedsInTurn()) {
            if (feed.isFetchable() && !feed.isInRange()) {
                outOfRange.put(feed.id(), feed.position());
                lost.add(feed);
            }
        }
        if (lost.isEmpty()) {
            return;
        }
        if (policy.kind() == StartPolicy.Kind.NONE) {
            throw new OffsetOutOfRangeException("positions out of range, and auto.offset.reset=none: " + outOfRange,
                    outOfRange);
        }
        LOGGER.info("positions out of range are set by auto.offset.reset={}: {}", policy.kind(), outOfRange);
        applyPolicy(lost);
    }
}
