package io.semel.transactions.groups;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.semel.transactions.records.ConsumerSubscription;
import io.semel.transactions.records.CorruptRecordException;

/** Which assignors a set of members has in common, and which of those they like best. Stateless. */
final class Protocols {

    /** What Kafka's consumers call their kind of group. */
    static final String CONSUMERS = "consumer";

    private Protocols() {
    }

    /** Whether one of the offered protocols is spoken by all of these members. */
    static boolean haveCommon(Collection<GroupMember> members, GroupMember except, List<JoinRequest.Protocol> offered) {
        return offered.stream().anyMatch(protocol -> members.stream()
                .allMatch(member -> member == except || member.supports(protocol.name())));
    }

    /** Every member votes for the first of its protocols that all speak; of equals the one that got a vote first. */
    static String choose(Collection<GroupMember> members) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (GroupMember member : members) {
            member.protocols().stream().map(JoinRequest.Protocol::name)
                    .filter(name -> members.stream().allMatch(other -> other.supports(name))).findFirst()
                    .ifPresent(name -> votes.merge(name, 1, Integer::sum));
        }
        String chosen = "";
        int most = 0;
        for (Map.Entry<String, Integer> candidate : votes.entrySet()) {
            if (candidate.getValue() > most) {
                chosen = candidate.getKey();
                most = candidate.getValue();
            }
        }
        return chosen;
    }

    /** Of these topics those that are subscribed to, all while that is not settled; nothing if they are no consumers. */
    static Optional<Set<String>> inUse(String type, Optional<Set<String>> subscribed, Set<String> topics) {
        if (!type.equals(CONSUMERS)) {
            return Optional.empty();
        }
        Set<String> used = new HashSet<>(topics);
        subscribed.ifPresent(used::retainAll);
        return Optional.of(used);
    }

    /** What all of them together are subscribed to; nothing if one of them is no consumer as Kafka's are. */
    static Optional<Set<String>> subscribedTopics(String type, String protocol, Collection<GroupMember> members) {
        if (!type.equals(CONSUMERS)) {
            return Optional.empty();
        }
        try {
            Set<String> topics = new HashSet<>();
            members.forEach(member -> topics.addAll(ConsumerSubscription.topics(member.metadata(protocol))));
            return Optional.of(topics);
        } catch (CorruptRecordException e) {
            return Optional.empty();
        }
    }

    static boolean areEqual(List<JoinRequest.Protocol> one, List<JoinRequest.Protocol> other) {
        boolean equal = one.size() == other.size();
        for (int i = 0; equal && i < one.size(); i++) {
            equal = one.get(i).name().equals(other.get(i).name())
                    && Arrays.equals(one.get(i).metadata(), other.get(i).metadata());
        }
        return equal;
    }

    static boolean areWellFormed(List<JoinRequest.Protocol> protocols) {
        long bytes = 0;
        for (JoinRequest.Protocol protocol : protocols) {
            if (!GroupLimits.isName(protocol.name())) {
                return false;
            }
            bytes += protocol.metadata().length;
        }
        return protocols.size() <= GroupLimits.MAX_PROTOCOLS && bytes <= GroupLimits.MAX_SUBSCRIPTION_BYTES;
    }
}
