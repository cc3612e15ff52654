package io.semel.client.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupAssignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;

import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinResult;

/**
 * The configured assignors: what this member offers, and what it decides when it leads. Thread rule: the polling
 * thread's.
 */
final class Assignors {
    private final List<ConsumerPartitionAssignor> assignors;
    private final RebalanceProtocol protocol;
    private final Optional<String> rack;

    Assignors(ConsumerSettings settings) {
        this.assignors = settings.assignors();
        this.protocol = settings.rebalanceProtocol();
        this.rack = settings.rack();
    }

    /**
     * @param owned      what this member has while it joins: by the eager protocol nothing
     * @param generation that of its last join; a member whose word is older than another's is not believed
     */
    List<JoinRequest.Protocol> offers(Set<String> topics, Collection<TopicPartition> owned, int generation) {
        if (assignors.isEmpty()) {
            throw new IllegalStateException("no assignor to join the group with: configure "
                    + ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        }
        List<JoinRequest.Protocol> offers = new ArrayList<>();
        for (ConsumerPartitionAssignor assignor : assignors) {
            Subscription subscription = new Subscription(List.copyOf(topics), assignor.subscriptionUserData(topics),
                    List.copyOf(owned), generation, rack);
            offers.add(new JoinRequest.Protocol(assignor.name(), ConsumerProtocolCodec.encode(subscription)));
        }
        return offers;
    }

    /** What the members subscribed to, by member id. */
    static Map<String, Subscription> subscriptions(JoinResult joined) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (JoinResult.Member member : joined.members()) {
            Subscription subscription = ConsumerProtocolCodec.decodeSubscription(member.metadata());
            subscription.setGroupInstanceId(Optional.ofNullable(member.groupInstanceId()));
            subscriptions.put(member.memberId(), subscription);
        }
        return subscriptions;
    }

    static Set<String> topics(Map<String, Subscription> subscriptions) {
        Set<String> topics = new TreeSet<>();
        subscriptions.values().forEach(subscription -> topics.addAll(subscription.topics()));
        return topics;
    }

    /**
     * The leader's decision, by member id.
     *
     * @throws IllegalStateException when a user's cooperative assignor gives away what another member still owns
     */
    Map<String, byte[]> assign(String name, Map<String, Subscription> subscriptions, TopicCatalog catalog) {
        Map<String, List<TopicPartition>> owned = new HashMap<>();
        subscriptions.forEach((memberId, subscription) -> owned.put(memberId, subscription.ownedPartitions()));
        GroupAssignment decided = find(name).assign(catalog.cluster(topics(subscriptions)),
                new GroupSubscription(subscriptions));
        // Kafka's own one sees to it itself, and knows of two owners whose word to take.
        boolean isTrusted = name.equals(CooperativeStickyAssignor.COOPERATIVE_STICKY_ASSIGNOR_NAME);
        if (protocol == RebalanceProtocol.COOPERATIVE && !isTrusted) {
            requireRevokedFirst(name, owned, decided.groupAssignment());
        }
        Map<String, byte[]> assignments = new HashMap<>();
        decided.groupAssignment().forEach(
                (memberId, assignment) -> assignments.put(memberId, ConsumerProtocolCodec.encode(assignment)));
        return assignments;
    }

    /** G2: what is taken from one member may go to another in the generation after, not in this one. */
    private static void requireRevokedFirst(String name, Map<String, List<TopicPartition>> owned,
            Map<String, Assignment> assigned) {
        Set<TopicPartition> added = new HashSet<>();
        Set<TopicPartition> revoked = new HashSet<>();
        assigned.forEach((memberId, assignment) -> {
            Set<TopicPartition> before = new HashSet<>(owned.getOrDefault(memberId, List.of()));
            Set<TopicPartition> after = new HashSet<>(assignment.partitions());
            after.stream().filter(id -> !before.contains(id)).forEach(added::add);
            before.stream().filter(id -> !after.contains(id)).forEach(revoked::add);
        });
        added.retainAll(revoked);
        if (!added.isEmpty()) {
            throw new IllegalStateException("the cooperative assignor " + name
                    + " hands partitions over before their owners have given them up: " + added
                    + "; leave them out until an owner no longer names them");
        }
    }

    void onAssignment(String name, Assignment assignment, ConsumerGroupMetadata metadata) {
        find(name).onAssignment(assignment, metadata);
    }

    private ConsumerPartitionAssignor find(String name) {
        return assignors.stream().filter(assignor -> assignor.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the group chose an assignor that this member did not offer: " + name));
    }
}
