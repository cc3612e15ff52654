package io.semel.client.consumer;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * What a member gives back and takes on around a rebalance, and what its listener hears of it. Eager: everything is
 * given back before the join. Cooperative: what the group leaves here is kept and read on, what it wants elsewhere is
 * given back when the assignment says so, and shared out in the generation after.
 *
 * <p>Thread rule: the polling thread's.
 *
 * <p>Invariant (G2): a partition is dropped after the listener heard of it, and before a join that no longer names it
 * as owned.
 */
final class Handover {
    private final RebalanceProtocol protocol;
    private final Subscriptions subscriptions;
    private final RebalanceCalls listener;

    Handover(RebalanceProtocol protocol, Subscriptions subscriptions) {
        this.protocol = protocol;
        this.subscriptions = subscriptions;
        this.listener = new RebalanceCalls(subscriptions);
    }

    /** Whether partitions are owned, and may be read, while the group decides. */
    boolean keepsThroughRebalances() {
        return protocol == RebalanceProtocol.COOPERATIVE;
    }

    /** Before a join: everything, or what is of topics that are not subscribed to any more. */
    void giveBack() {
        Set<TopicPartition> going = new LinkedHashSet<>();
        switch (protocol) {
            case EAGER -> going.addAll(subscriptions.assignment());
            case COOPERATIVE -> {
                going.addAll(subscriptions.assignment());
                going.removeIf(id -> subscriptions.topics().contains(id.topic()));
                if (going.isEmpty()) {
                    return;
                }
            }
        }
        try {
            listener.revoked(going);
        } finally {
            subscriptions.drop(going);
        }
    }

    /** What is owned and not in the assignment. By the eager protocol nothing is owned by now. */
    Set<TopicPartition> surplus(Collection<TopicPartition> assigned) {
        Set<TopicPartition> surplus = new LinkedHashSet<>();
        if (keepsThroughRebalances()) {
            surplus.addAll(subscriptions.assignment());
            surplus.removeAll(Set.copyOf(assigned));
        }
        return surplus;
    }

    /**
     * After a sync. As in Kafka the listener hears of what comes although it failed over what goes; then the first
     * failure is thrown. A wake-up in between stops at once.
     *
     * @param tellAssignor run when what goes is given up, and nothing is taken on yet
     */
    void takeOn(Collection<TopicPartition> assigned, Runnable tellAssignor) {
        Set<TopicPartition> surplus = surplus(assigned);
        Set<TopicPartition> added = new LinkedHashSet<>(assigned);
        if (keepsThroughRebalances()) {
            added.removeAll(subscriptions.assignment());
        }
        Optional<KafkaException> failure = surplus.isEmpty() ? Optional.empty()
                : failureOf(() -> listener.revoked(surplus));
        failure = firstOf(failure, failureOf(tellAssignor));
        subscriptions.assign(assigned);
        failure = firstOf(failure, failureOf(() -> listener.assigned(added)));
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static Optional<KafkaException> firstOf(Optional<KafkaException> earlier, Optional<KafkaException> later) {
        return earlier.isPresent() ? earlier : later;
    }

    private static Optional<KafkaException> failureOf(Runnable call) {
        try {
            call.run();
            return Optional.empty();
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return Optional.of(e);
        } catch (RuntimeException e) {
            return Optional.of(new KafkaException("the assignor failed over its assignment", e));
        }
    }

    /** At the end of the membership, while it is still good. */
    void giveUpAll() {
        Set<TopicPartition> owned = subscriptions.assignment();
        try {
            if (!owned.isEmpty()) {
                listener.revoked(owned);
            }
        } finally {
            subscriptions.dropAssignment();
        }
    }

    /** Somebody else may own it already. */
    void loseAll() {
        try {
            listener.lost(subscriptions.assignment());
        } finally {
            subscriptions.dropAssignment();
        }
    }
}
