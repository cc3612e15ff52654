package io.semel.verify.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import static io.semel.verify.contract.Trial.SHORT;
import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.pollUntilAssigned;
import static io.semel.verify.contract.Trial.take;

/** Members of a group: what they subscribe to, what their listeners hear, and how they come and go. */
class GroupContractTest {
    private static final Duration STEP = Duration.ofMillis(10);

    @Contract
    void aSubscriptionGivesWhatTheGroupAssigns(Trial trial) throws Exception {
        String topic = trial.topic(2);
        Ear ear = new Ear();
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(List.of(topic), ear);
        trial.expect("subscription", Set.of(topic), consumer.subscription());
        trial.expect("assignment before a poll", Set.of(), consumer.assignment());
        trial.expect("metadata before", "-1 ''", shown(consumer.groupMetadata()));
        pollUntilAssigned(consumer, List.of(at(topic, 0), at(topic, 1)));
        trial.expect("generation", 1, consumer.groupMetadata().generationId());
        trial.expect("has a member id", false, consumer.groupMetadata().memberId().isEmpty());
        consumer.unsubscribe();
        trial.expect("subscription then", Set.of(), consumer.subscription());
        trial.expect("poll then", "IllegalStateException", outcome(() -> consumer.poll(SHORT)));
        trial.expect("heard", List.of("assigned[0, 1]", "revoked[0, 1]"), ear.heard);
        trial.expect("on the caller's thread", true,
                ear.threads.stream().allMatch(thread -> thread == Thread.currentThread()));
        trial.expect("the metadata's generation then", 1, consumer.groupMetadata().generationId());
    }

    @Contract
    void topicsPatternsAndPartitionsExcludeEachOther(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(List.of(topic));
        trial.expect("assign", "IllegalStateException", outcome(() -> consumer.assign(List.of(at(topic, 0)))));
        trial.expect("a pattern", "IllegalStateException",
                outcome(() -> consumer.subscribe(Pattern.compile("x.*"))));
        consumer.unsubscribe();
        consumer.assign(List.of(at(topic, 0)));
        trial.expect("subscribe", "IllegalStateException", outcome(() -> consumer.subscribe(List.of(topic))));
        trial.expect("enforceRebalance", Trial.DONE, outcome(() -> consumer.enforceRebalance()));
        trial.expect("enforceRebalance without a group", "IllegalStateException",
                outcome(() -> trial.consumer().enforceRebalance()));
    }

    private static String shown(ConsumerGroupMetadata metadata) {
        return metadata.generationId() + " '" + metadata.memberId() + "'";
    }

    @Contract
    void whatCannotBeSubscribedToIsRefused(Trial trial) throws Exception {
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        trial.expect("null", "IllegalArgumentException",
                outcome(() -> consumer.subscribe((Collection<String>) null)));
        trial.expect("an empty name", "IllegalArgumentException", outcome(() -> consumer.subscribe(List.of(" "))));
        trial.expect("an empty pattern", "IllegalArgumentException",
                outcome(() -> consumer.subscribe(Pattern.compile(""))));
        trial.expect("a null listener", "IllegalArgumentException",
                outcome(() -> consumer.subscribe(List.of("t"), null)));
        trial.expect("nothing", Trial.DONE, outcome(() -> consumer.subscribe(List.of())));
        trial.expect("poll of nothing", "IllegalStateException", outcome(() -> consumer.poll(SHORT)));
        trial.expect("enforceRebalance without a subscription", Trial.DONE,
                outcome(() -> consumer.enforceRebalance()));
    }

    @Contract
    void aTopicThatIsNotThereYetIsAssignedOnceItIs(Trial trial) throws Exception {
        String topic = trial.name("later");
        Ear ear = new Ear();
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(List.of(topic), ear);
        Trial.until("the empty assignment", () -> {
            consumer.poll(STEP);
            return !ear.heard.isEmpty();
        });
        trial.expect("assigned nothing", List.of("assigned[]"), ear.heard);
        trial.home().createTopic(topic, 1, Map.of());
        pollUntilAssigned(consumer, List.of(at(topic, 0)));
        trial.expect("then", List.of("assigned[]", "revoked[]", "assigned[0]").toString(), ear.heard);
    }

    @Contract
    void aPatternFollowsTheTopicsThatMatch(Trial trial) throws Exception {
        String prefix = trial.name("matched");
        trial.home().createTopic(prefix + "-a", 1, Map.of());
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(Pattern.compile(prefix + ".*"));
        trial.expect("subscription before a poll", Set.of(), consumer.subscription());
        pollUntilAssigned(consumer, List.of(at(prefix + "-a", 0)));
        trial.expect("subscription", Set.of(prefix + "-a"), consumer.subscription());
        trial.home().createTopic(prefix + "-b", 1, Map.of());
        pollUntilAssigned(consumer, List.of(at(prefix + "-a", 0), at(prefix + "-b", 0)));
        trial.expect("subscription then", 2, consumer.subscription().size());
    }

    @Contract
    void aSecondMemberTakesItsShareAndGivesItBack(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        Ear first = new Ear();
        Ear second = new Ear();
        Consumer<String, String> one = trial.member(group);
        one.subscribe(List.of(topic), first);
        pollUntilAssigned(one, List.of(at(topic, 0), at(topic, 1)));
        Consumer<String, String> other = trial.member(group);
        other.subscribe(List.of(topic), second);
        pollBoth(one, other, () -> one.assignment().size() == 1 && other.assignment().size() == 1);
        trial.expect("generations", one.groupMetadata().generationId(), other.groupMetadata().generationId());
        other.close();
        pollUntilAssigned(one, List.of(at(topic, 0), at(topic, 1)));
        int own = first.heard.get(2).equals("assigned[0]") ? 0 : 1;
        trial.expect("the first hears", List.of("assigned[0, 1]", "revoked[0, 1]", "assigned[" + own + "]",
                "revoked[" + own + "]", "assigned[0, 1]"), first.heard);
        trial.expect("the second hears", List.of("assigned[" + (1 - own) + "]", "revoked[" + (1 - own) + "]"),
                second.heard);
    }

    private static void pollBoth(Consumer<?, ?> one, Consumer<?, ?> other,
            BooleanSupplier condition) {
        Trial.until("both settled", () -> {
            one.poll(STEP);
            other.poll(STEP);
            return condition.getAsBoolean();
        });
    }

    @Contract
    void whatWasReadCanBeCommittedWhileItIsRevoked(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        trial.write(at(topic, 0), "v0", "v1");
        Consumer<String, String> consumer = trial.member(group);
        List<String> outcomes = new ArrayList<>();
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                outcomes.add(outcome(() -> consumer.commitSync()));
                outcomes.add("position " + consumer.position(at(topic, 0)));
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                consumer.seek(at(topic, 0), 1);
            }
        });
        trial.expect("the listener's seek", List.of("v1"), take(consumer, 1));
        consumer.enforceRebalance();
        Trial.until("revoked", () -> {
            consumer.poll(STEP);
            return outcomes.size() >= 2;
        });
        trial.expect("in the listener", List.of(Trial.DONE, "position 2"), outcomes.subList(0, 2));
        trial.expect("committed", 2, consumer.committed(Set.of(at(topic, 0))).get(at(topic, 0)).offset());
    }

    @Contract
    void whatAListenerThrowsComesOutOfThePoll(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        List<String> calls = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                calls.add("revoked");
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                calls.add("assigned");
                sizes.add(partitions.size());
                if (calls.size() == 1) {
                    throw new IllegalStateException("a listener that fails");
                }
            }
        });
        List<String> outcomes = new ArrayList<>();
        Trial.until("the failure", () -> {
            outcomes.add(outcome(() -> consumer.poll(STEP)));
            return !outcomes.get(outcomes.size() - 1).equals(Trial.DONE);
        });
        trial.expect("poll", "KafkaException of IllegalStateException", outcomes.get(outcomes.size() - 1));
        Trial.until("the listener is asked again", () -> {
            consumer.poll(STEP);
            return calls.size() > 1;
        });
        trial.expect("calls", List.of("assigned", "assigned"), calls);
        trial.expect("with so many", List.of(1, 0), sizes);
        trial.expect("assigned all the same", Set.of(at(topic, 0)), consumer.assignment());
    }

    @Contract
    void anEnforcedRebalanceBeginsANewGeneration(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Ear ear = new Ear();
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(List.of(topic), ear);
        pollUntilAssigned(consumer, List.of(at(topic, 0)));
        consumer.enforceRebalance("because");
        trial.expect("nothing yet", List.of("assigned[0]"), ear.heard);
        Trial.until("the next generation", () -> {
            consumer.poll(STEP);
            return ear.heard.size() == 3;
        });
        trial.expect("heard", List.of("assigned[0]", "revoked[0]", "assigned[0]"), ear.heard);
        trial.expect("generation", 2, consumer.groupMetadata().generationId());
    }

    @Contract
    void whoeverEnforcesARebalanceIsHeededTheLeaderAndTheOthers(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        Consumer<String, String> one = trial.member(group);
        one.subscribe(List.of(topic));
        Consumer<String, String> other = trial.member(group);
        other.subscribe(List.of(topic));
        pollBoth(one, other, () -> one.assignment().size() == 1 && other.assignment().size() == 1);
        for (Consumer<String, String> each : List.of(one, other)) {
            int before = each.groupMetadata().generationId();
            each.enforceRebalance();
            pollBoth(one, other, () -> one.groupMetadata().generationId() > before
                    && other.groupMetadata().generationId() == one.groupMetadata().generationId());
            trial.expect("generation", before + 1, each.groupMetadata().generationId());
        }
    }

    @Contract
    void aChangedSubscriptionIsHeededByTheNextPolls(Trial trial) throws Exception {
        String one = trial.topic(1);
        String other = trial.topic(1);
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(List.of(one));
        pollUntilAssigned(consumer, List.of(at(one, 0)));
        consumer.subscribe(List.of(one, other));
        trial.expect("the assignment stays until then", Set.of(at(one, 0)), consumer.assignment());
        pollUntilAssigned(consumer, List.of(at(one, 0), at(other, 0)));
        consumer.subscribe(List.of(other));
        pollUntilAssigned(consumer, List.of(at(other, 0)));
        trial.expect("subscription", Set.of(other), consumer.subscription());
    }

    @Contract
    void aMemberThatPollsTooLateLosesItsPartitions(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        Ear ear = new Ear();
        Consumer<String, String> late = trial.member(group, "max.poll.interval.ms", 700);
        late.subscribe(List.of(topic), ear);
        pollUntilAssigned(late, List.of(at(topic, 0)));
        Consumer<String, String> heir = trial.member(group);
        heir.subscribe(List.of(topic));
        pollUntilAssigned(heir, List.of(at(topic, 0)));
        trial.expect("a late commit", "CommitFailedException",
                outcome(() -> late.commitSync(Map.of(at(topic, 0), new OffsetAndMetadata(1)))));
        Trial.until("it hears of it", () -> {
            late.poll(STEP);
            heir.poll(STEP);
            return ear.heard.size() >= 2;
        });
        trial.expect("heard", List.of("assigned[0]", "lost[0]"), ear.heard.subList(0, 2));
    }

    @Contract
    void aStaticMemberKeepsItsPlaceAndItsNamesakeFencesIt(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        Consumer<String, String> member = trial.member(group, "group.instance.id", "me");
        member.subscribe(List.of(topic));
        pollUntilAssigned(member, List.of(at(topic, 0)));
        int generation = member.groupMetadata().generationId();
        trial.expect("instance id", Optional.of("me"), member.groupMetadata().groupInstanceId());
        member.close();
        Consumer<String, String> again = trial.member(group, "group.instance.id", "me");
        again.subscribe(List.of(topic));
        pollUntilAssigned(again, List.of(at(topic, 0)));
        trial.expect("no rebalance", generation, again.groupMetadata().generationId());
        Consumer<String, String> namesake = trial.member(group, "group.instance.id", "me");
        namesake.subscribe(List.of(topic));
        pollUntilAssigned(namesake, List.of(at(topic, 0)));
        List<String> outcomes = new ArrayList<>();
        Trial.until("fenced", () -> outcomes.add(outcome(() -> again.poll(STEP)))
                && !outcomes.get(outcomes.size() - 1).equals(Trial.DONE));
        trial.expect("poll of the fenced one", "FencedInstanceIdException", outcomes.get(outcomes.size() - 1));
        trial.expect("commit of the fenced one", true,
                outcome(() -> again.commitSync(Map.of(at(topic, 0), new OffsetAndMetadata(1))))
                        .matches("FencedInstanceIdException|CommitFailedException"));
    }

    @Contract
    void closeGivesTheSeatBackOrKeepsItAsItIsTold(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        Consumer<String, String> member = trial.member(group, "group.instance.id", "me");
        member.subscribe(List.of(topic));
        pollUntilAssigned(member, List.of(at(topic, 0)));
        member.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        Consumer<String, String> again = trial.member(group, "group.instance.id", "me");
        again.subscribe(List.of(topic));
        pollUntilAssigned(again, List.of(at(topic, 0)));
        trial.expect("a static member that left comes in a new generation", true,
                again.groupMetadata().generationId() > 1);
        again.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        Consumer<String, String> remaining = trial.member(group, "session.timeout.ms", 6_000);
        remaining.subscribe(List.of(topic));
        pollUntilAssigned(remaining, List.of(at(topic, 0)));
        remaining.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
        Consumer<String, String> stranger = trial.member(group);
        stranger.assign(List.of(at(topic, 0)));
        trial.expect("the seat of one that remains is taken", "CommitFailedException",
                outcome(() -> stranger.commitSync(Map.of(at(topic, 0), new OffsetAndMetadata(1)))));
    }

    @Contract
    void closeRevokesWhatIsOwned(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Ear ear = new Ear();
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        consumer.subscribe(List.of(topic), ear);
        pollUntilAssigned(consumer, List.of(at(topic, 0)));
        consumer.close();
        trial.expect("heard", List.of("assigned[0]", "revoked[0]"), ear.heard);
    }

    @Contract
    void aPatternOfTheNewProtocolIsNotForTheClassicOne(Trial trial) throws Exception {
        Consumer<String, String> consumer = trial.member(trial.name("group"));
        trial.expect("subscribe", "UnsupportedOperationException",
                outcome(() -> consumer.subscribe(new SubscriptionPattern("a.*"))));
        trial.expect("subscribe with a listener", "UnsupportedOperationException",
                outcome(() -> consumer.subscribe(new SubscriptionPattern("a.*"), new Ear())));
    }

    @Contract
    void membersWithoutACommonAssignorDoNotMeet(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        Consumer<String, String> ranged = trial.member(group);
        ranged.subscribe(List.of(topic));
        pollUntilAssigned(ranged, List.of(at(topic, 0)));
        Consumer<String, String> robin = trial.member(group, "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.RoundRobinAssignor");
        robin.subscribe(List.of(topic));
        List<String> outcomes = new ArrayList<>();
        Trial.until("refused", () -> {
            ranged.poll(STEP);
            outcomes.add(outcome(() -> robin.poll(STEP)));
            return !outcomes.get(outcomes.size() - 1).equals(Trial.DONE);
        });
        trial.expect("poll", "InconsistentGroupProtocolException", outcomes.get(outcomes.size() - 1));
    }

    @Contract
    void theNewProtocolIsServed(Trial trial) throws Exception {
        trial.expect("group.protocol=consumer", Trial.DONE, outcome(() -> trial.closedWithThis(
                trial.home().consumer(Map.of("group.id", trial.name("other"), "group.protocol", "consumer",
                        "enable.auto.commit", false),
                        new StringDeserializer(),
                        new StringDeserializer()))));
    }
}
