package io.semel.client.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupAssignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;

import io.semel.transactions.groups.JoinRequest;
import io.semel.transactions.groups.JoinResult;

/** The configured assignors: what this member offers, and what it decides when it leads. Thread rule: the polling thread's. */
final class Assignors {
    private static final int NO_GENERATION = -1;

    private final List<ConsumerPartitionAssignor> assignors;
    private final Optional<String> rack;

    Assignors(List<ConsumerPartitionAssignor> assignors, Optional<String> rack) {
        this.assignors = assignors;
        this.rack = rack;
    }

    /** Under the eager protocol a member owns nothing while it joins. */
    List<JoinRequest.Protocol> offers(Set<String> topics) {
        List<JoinRequest.Protocol> offers = new ArrayList<>();
        for (ConsumerPartitionAssignor assignor : assignors) {
            Subscription subscription = new Subscription(List.copyOf(topics), assignor.subscriptionUserData(topics),
                    List.of(), NO_GENERATION, rack);
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

    /** The leader's decision, by member id. */
    Map<String, byte[]> assign(String protocol, Map<String, Subscription> subscriptions, TopicCatalog catalog) {
        GroupAssignment decided = find(protocol).assign(catalog.cluster(topics(subscriptions)),
                new GroupSubscription(subscriptions));
        Map<String, byte[]> assignments = new HashMap<>();
        decided.groupAssignment().forEach(
                (memberId, assignment) -> assignments.put(memberId, ConsumerProtocolCodec.encode(assignment)));
        return assignments;
    }

    void onAssignment(String protocol, Assignment assignment, ConsumerGroupMetadata metadata) {
        find(protocol).onAssignment(assignment, metadata);
    }

    private ConsumerPartitionAssignor find(String protocol) {
        return assignors.stream().filter(assignor -> assignor.name().equals(protocol)).findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the group chose an assignor that this member did not offer: "
                                + protocol));
    }
}
