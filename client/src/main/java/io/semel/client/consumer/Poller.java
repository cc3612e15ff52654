package io.semel.client.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

import io.semel.client.consumer.GroupCalls.Wakeups;

/**
 * One poll: settle in the group, find positions, take records; and sleep when there are none.
 *
 * <p>Thread rule: the polling thread's.
 */
final class Poller<K, V> {
    private final Parking parking;
    private final Subscriptions subscriptions;
    private final Positions positions;
    private final Fetcher<K, V> fetcher;
    private final Interceptors<K, V> interceptors;
    private final Optional<GroupSide> group;
    private final ConsumerMetrics metrics;
    private final boolean commitsBeforeHandover;
    private final Duration commitTimeout;

    Poller(Parking parking, Subscriptions subscriptions, Positions positions, Fetcher<K, V> fetcher,
            Interceptors<K, V> interceptors, Optional<GroupSide> group, ConsumerSettings settings,
            ConsumerMetrics metrics) {
        this.parking = parking;
        this.subscriptions = subscriptions;
        this.positions = positions;
        this.fetcher = fetcher;
        this.interceptors = interceptors;
        this.group = group;
        this.metrics = metrics;
        this.commitsBeforeHandover = settings.commitStyle() == CommitStyle.BEFORE_HANDOVER;
        this.commitTimeout = settings.apiTimeout();
    }

    ConsumerRecords<K, V> poll(long timeoutNs) {
        long startNs = System.nanoTime();
        group.ifPresent(side -> side.heartbeat().pollBegins());
        try {
            group.ifPresent(side -> side.commits().autoCommitIfDue());
            return pollUntil(startNs, timeoutNs);
        } finally {
            group.ifPresent(side -> side.heartbeat().pollEnds());
            metrics.polled(startNs, System.nanoTime());
        }
    }

    private ConsumerRecords<K, V> pollUntil(long startNs, long timeoutNs) {
        while (true) {
            // Armed before anything is looked at: what changes from here on keeps the thread from sleeping.
            parking.arm();
            parking.throwIfStopped();
            group.ifPresent(side -> side.commits().callBack());
            boolean mayRead = mayRead();
            if (mayRead) {
                positions.step();
                ConsumerRecords<K, V> records = fetcher.fetch();
                boolean isWorthReturning = fetcher.advancedOnly() || !records.isEmpty() && mayHandOver(records);
                if (isWorthReturning) {
                    return interceptors.onConsume(records);
                }
            }
            long leftNs = timeoutNs - (System.nanoTime() - startNs);
            if (leftNs <= 0) {
                return ConsumerRecords.empty();
            }
            boolean hasMore = mayRead && fetcher.listen();
            if (!hasMore) {
                parking.park(Math.min(leftNs, patienceNs()));
            }
        }
    }

    private boolean mayRead() {
        if (!subscriptions.isByGroup()) {
            return true;
        }
        GroupMember member = group.orElseThrow().member();
        ConsumerGroupMetadata before = member.metadata();
        boolean isSeated = member.step(group.get().commits()::autoCommitBeforeRevocation);
        if (member.metadata() != before) {
            positions.forgetLookup();
        }
        // Amid a rebalance the group takes no commits, so nothing could be handed over that must be committed before.
        return isSeated || member.mayRead() && !commitsBeforeHandover;
    }

    private long patienceNs() {
        long patienceMs = positions.patienceMs();
        if (subscriptions.isByGroup()) {
            patienceMs = Math.min(patienceMs, group.orElseThrow().member().patienceMs());
        }
        return TimeUnit.MILLISECONDS.toNanos(patienceMs);
    }

    /**
     * At most once: nobody sees a record before the group is past it. When it could not be committed the records are as
     * good as never read.
     */
    private boolean mayHandOver(ConsumerRecords<K, V> records) {
        if (!commitsBeforeHandover) {
            return true;
        }
        boolean committed = false;
        try {
            group.orElseThrow().commits().commitSync(records.nextOffsets(), commitTimeout, Wakeups.IGNORED);
            committed = true;
        } catch (CommitFailedException | RebalanceInProgressException e) {
            if (!subscriptions.isByGroup()) {
                throw e;
            }
            // The partitions go to somebody else; the next round finds out and rejoins.
            return false;
        } finally {
            if (!committed) {
                rewind(records);
            }
        }
        return true;
    }

    private void rewind(ConsumerRecords<K, V> records) {
        for (TopicPartition id : records.partitions()) {
            List<ConsumerRecord<K, V>> taken = records.records(id);
            subscriptions.feed(id).seek(taken.get(0).offset());
        }
    }
}
