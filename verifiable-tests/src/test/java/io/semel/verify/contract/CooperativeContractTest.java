package io.semel.verify.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.pollUntilAssigned;
import static io.semel.verify.contract.Trial.take;

/**
 * Members that keep what they can while the group rebalances: what their listeners hear, and what they read meanwhile.
 */
class CooperativeContractTest {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final String STRATEGY = "partition.assignment.strategy";
    private static final String COOPERATIVE = CooperativeStickyAssignor.class.getName();
    private static final String RANGE = RangeAssignor.class.getName();
    private static final String REBALANCING = "RebalanceInProgressException";

    private static Consumer<String, String> member(Trial trial, String group, Object... settings) {
        Object[] all = Stream.concat(Stream.of(STRATEGY, COOPERATIVE), Stream.of(settings)).toArray();
        return trial.member(group, all);
    }

    private static List<TopicPartition> all(String topic, int partitions) {
        List<TopicPartition> all = new ArrayList<>();
        for (int index = 0; index < partitions; index++) {
            all.add(at(topic, index));
        }
        return all;
    }

    private static void pollAll(String what, BooleanSupplier condition, List<Consumer<String, String>> members) {
        Trial.until(what, () -> {
            members.forEach(member -> member.poll(STEP));
            return condition.getAsBoolean();
        });
    }

    /** Until each has so many, and all are in one generation. */
    private static void pollUntilEachHas(int count, List<Consumer<String, String>> members) {
        pollAll("each has " + count, () -> members.stream().allMatch(member -> member.assignment().size() == count)
                && members.stream().map(member -> member.groupMetadata().generationId()).distinct().count() == 1,
                members);
    }

    private static Set<TopicPartition> union(List<Consumer<String, String>> members) {
        Set<TopicPartition> union = new HashSet<>();
        members.forEach(member -> union.addAll(member.assignment()));
        return union;
    }

    private static String moved(Ear ear) {
        return "came " + count(ear, "assigned") + ", went " + count(ear, "revoked") + ", lost " + count(ear, "lost");
    }

    private static long count(Ear ear, String kind) {
        return ear.moves().stream().filter(call -> call.startsWith(kind)).mapToLong(call -> call.split(",").length)
                .sum();
    }

    @Contract
    void onlyWhatGoesToOthersIsRevoked(Trial trial) throws Exception {
        String topic = trial.topic(6);
        String group = trial.name("group");
        Ear first = new Ear();
        Ear second = new Ear();
        Ear third = new Ear();
        Consumer<String, String> one = member(trial, group);
        one.subscribe(List.of(topic), first);
        pollUntilAssigned(one, all(topic, 6));
        Consumer<String, String> two = member(trial, group);
        two.subscribe(List.of(topic), second);
        pollUntilEachHas(3, List.of(one, two));
        String handed = second.moves().get(0).substring("assigned".length());
        trial.expect("the first hears", List.of("assigned[0, 1, 2, 3, 4, 5]", "revoked" + handed), first.moves());
        trial.expect("the second hears", List.of("assigned" + handed), second.moves());
        Consumer<String, String> three = member(trial, group);
        three.subscribe(List.of(topic), third);
        pollUntilEachHas(2, List.of(one, two, three));
        trial.expect("everything is owned by three", 6, union(List.of(one, two, three)).size());
        three.close();
        pollUntilEachHas(3, List.of(one, two));
        trial.expect("the first", "came 7, went 4, lost 0", moved(first));
        trial.expect("the second", "came 4, went 1, lost 0", moved(second));
        trial.expect("the third", "came 2, went 2, lost 0", moved(third));
        trial.expect("on the caller's thread", true, Stream.of(first, second, third)
                .flatMap(ear -> ear.threads.stream()).allMatch(thread -> thread == Thread.currentThread()));
    }

    @Contract
    void aRebalanceThatMovesNothingIsTold(Trial trial) throws Exception {
        String topic = trial.topic(2);
        Ear ear = new Ear();
        trial.write(at(topic, 0), "v0", "v1");
        Consumer<String, String> consumer = member(trial, trial.name("group"));
        consumer.subscribe(List.of(topic), ear);
        take(consumer, 2);
        consumer.pause(List.of(at(topic, 1)));
        consumer.enforceRebalance();
        Trial.until("the next generation", () -> {
            consumer.poll(STEP);
            return ear.heard.size() >= 2;
        });
        trial.expect("heard", List.of("assigned[0, 1]", "assigned[]"), ear.heard);
        trial.expect("generation", 2, consumer.groupMetadata().generationId());
        trial.expect("position, though nothing is committed", 2L, consumer.position(at(topic, 0)));
        trial.expect("paused still", Set.of(at(topic, 1)), consumer.paused());
        trial.write(at(topic, 0), "v2");
        trial.expect("read on", List.of("v2"), take(consumer, 1));
        trial.expect("lag", 0L, consumer.currentLag(at(topic, 0)).getAsLong());
        consumer.close();
        trial.expect("heard then", List.of("assigned[0, 1]", "assigned[]", "revoked[0, 1]"), ear.heard);
    }

    /** Two that are settled, and a third for whom the second does not make room: it does not poll. */
    private static final class HeldUp {
        final Ear ear = new Ear();
        final Consumer<String, String> one;
        final Consumer<String, String> slow;
        final Consumer<String, String> newcomer;

        private HeldUp(Trial trial, String topic, String group) {
            one = member(trial, group);
            one.subscribe(List.of(topic), ear);
            slow = member(trial, group);
            slow.subscribe(List.of(topic));
            pollUntilEachHas(3, List.of(one, slow));
            newcomer = member(trial, group);
            newcomer.subscribe(List.of(topic));
        }

        /** Returns once {@link #one} has asked to join, and can't be answered. */
        static HeldUp amidARebalance(Trial trial, String topic, String group, TopicPartition[] owned) {
            HeldUp held = new HeldUp(trial, topic, group);
            owned[0] = held.one.assignment().iterator().next();
            pollAll("amid a rebalance", () -> held.commit(owned[0], 0).equals(REBALANCING),
                    List.of(held.one, held.newcomer));
            return held;
        }

        String commit(TopicPartition id, long offset) {
            return outcome(() -> one.commitSync(Map.of(id, new OffsetAndMetadata(offset))));
        }
    }

    @Contract
    void whatIsKeptIsReadWhileTheGroupRebalances(Trial trial) throws Exception {
        String topic = trial.topic(6);
        TopicPartition[] owned = new TopicPartition[1];
        HeldUp held = HeldUp.amidARebalance(trial, topic, trial.name("group"), owned);
        int generation = held.one.groupMetadata().generationId();
        trial.expect("owned amid it", 3, held.one.assignment().size());
        trial.write(owned[0], "amid", "it");
        trial.expect("read amid it", List.of("amid", "it"), take(held.one, 2));
        trial.expect("position amid it", 2L, held.one.position(owned[0]));
        trial.expect("generation amid it", generation, held.one.groupMetadata().generationId());
        trial.expect("commit amid it", REBALANCING, held.commit(owned[0], 2));
        pollUntilEachHas(2, List.of(held.one, held.slow, held.newcomer));
        trial.expect("generation then", true, held.one.groupMetadata().generationId() > generation);
        trial.expect("everything is owned", 6, union(List.of(held.one, held.slow, held.newcomer)).size());
        TopicPartition kept = held.one.assignment().iterator().next();
        trial.expect("commit then", Trial.DONE, held.commit(kept, 1));
    }

    @Contract
    void whoLeavesAmidARebalanceLosesWhatItHas(Trial trial) throws Exception {
        String topic = trial.topic(6);
        HeldUp held = HeldUp.amidARebalance(trial, topic, trial.name("group"), new TopicPartition[1]);
        List<Integer> owned = held.one.assignment().stream().map(TopicPartition::partition).sorted().toList();
        held.one.unsubscribe();
        trial.expect("heard", "lost" + owned, held.ear.heard.get(held.ear.heard.size() - 1));
        pollUntilEachHas(3, List.of(held.slow, held.newcomer));
    }

    @Contract
    void aTopicThatIsNotSubscribedToAnyMoreIsRevokedAndTheOtherKept(Trial trial) throws Exception {
        String one = trial.topic(1);
        String two = trial.topic(2);
        Ear ear = new Ear();
        trial.write(at(two, 0), "v0");
        Consumer<String, String> consumer = member(trial, trial.name("group"));
        consumer.subscribe(List.of(one, two), ear);
        take(consumer, 1);
        consumer.subscribe(List.of(two), ear);
        trial.expect("the assignment stays until then", 3, consumer.assignment().size());
        pollUntilAssigned(consumer, all(two, 2));
        Trial.until("the new generation", () -> {
            consumer.poll(STEP);
            return consumer.groupMetadata().generationId() == 2;
        });
        trial.expect("heard", List.of("assigned[0, 0, 1]", "revoked[0]", "assigned[]"), ear.heard);
        trial.expect("position", 1L, consumer.position(at(two, 0)));
    }

    @Contract
    void whoIsEvictedHearsThatItsPartitionsAreLost(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        Ear ear = new Ear();
        Consumer<String, String> late = member(trial, group, "max.poll.interval.ms", 700);
        late.subscribe(List.of(topic), ear);
        pollUntilAssigned(late, all(topic, 2));
        Consumer<String, String> heir = member(trial, group);
        heir.subscribe(List.of(topic));
        pollUntilAssigned(heir, all(topic, 2));
        trial.expect("a late commit", "CommitFailedException",
                outcome(() -> late.commitSync(Map.of(at(topic, 0), new OffsetAndMetadata(1)))));
        pollUntilEachHas(1, List.of(late, heir));
        int back = late.assignment().iterator().next().partition();
        trial.expect("heard", List.of("assigned[0, 1]", "lost[0, 1]", "assigned[" + back + "]"), ear.moves());
    }

    @Contract
    void whatIsRevokedIsCommittedBefore(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        trial.write(at(topic, 0), "a0", "a1");
        trial.write(at(topic, 1), "b0", "b1");
        Consumer<String, String> one = member(trial, group, "enable.auto.commit", true, "auto.commit.interval.ms",
                3_600_000);
        one.subscribe(List.of(topic));
        take(one, 4);
        Consumer<String, String> two = member(trial, group);
        two.subscribe(List.of(topic));
        pollUntilEachHas(1, List.of(one, two));
        TopicPartition handed = two.assignment().iterator().next();
        trial.expect("committed", 2L, two.committed(Set.of(handed)).get(handed).offset());
        trial.expect("position of the heir", 2L, two.position(handed));
        trial.expect("position of what was kept", 2L, one.position(one.assignment().iterator().next()));
    }

    @Contract
    void whatIsRevokedCanBeCommittedByTheListener(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        trial.write(at(topic, 0), "a0");
        trial.write(at(topic, 1), "b0");
        Consumer<String, String> one = member(trial, group);
        List<String> outcomes = new ArrayList<>();
        one.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                outcomes.add(outcome(() -> one.commitSync()) + " owning " + one.assignment().size());
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                outcomes.add("owning " + one.assignment().size());
            }
        });
        take(one, 2);
        Consumer<String, String> two = member(trial, group);
        two.subscribe(List.of(topic));
        pollUntilEachHas(1, List.of(one, two));
        trial.expect("in the listener", List.of("owning 2", "done owning 2", "owning 1"), outcomes.subList(0, 3));
        TopicPartition handed = two.assignment().iterator().next();
        trial.expect("position of the heir", 1L, two.position(handed));
    }

    @Contract
    void aGroupGoesOverFromEagerMemberByMember(Trial trial) throws Exception {
        String topic = trial.topic(4);
        String group = trial.name("group");
        Consumer<String, String> eager = trial.member(group, STRATEGY, RANGE);
        eager.subscribe(List.of(topic));
        Consumer<String, String> other = trial.member(group, STRATEGY, RANGE);
        other.subscribe(List.of(topic));
        pollUntilEachHas(2, List.of(eager, other));
        eager.close();
        Ear both = new Ear();
        Consumer<String, String> one = trial.member(group, STRATEGY, List.of(CooperativeStickyAssignor.class,
                RangeAssignor.class));
        one.subscribe(List.of(topic), both);
        pollUntilEachHas(2, List.of(one, other));
        other.close();
        pollUntilEachHas(4, List.of(one));
        trial.expect("a list of both is eager: everything is revoked", 2,
                both.heard.stream().filter(call -> call.startsWith("revoked")).findFirst().orElse("").split(
                        ",").length);
        Ear last = new Ear();
        Consumer<String, String> two = member(trial, group);
        two.subscribe(List.of(topic), last);
        pollUntilEachHas(2, List.of(one, two));
        one.close();
        pollUntilEachHas(4, List.of(two));
        Consumer<String, String> three = member(trial, group);
        three.subscribe(List.of(topic));
        pollUntilEachHas(2, List.of(two, three));
        trial.expect("cooperative in the end: half is revoked", "came 4, went 2, lost 0", moved(last));
        trial.expect("everything is owned", 4, union(List.of(two, three)).size());
        Consumer<String, String> stranger = trial.member(group, STRATEGY, RANGE);
        stranger.subscribe(List.of(topic));
        List<String> outcomes = new ArrayList<>();
        pollAll("refused", () -> {
            outcomes.add(outcome(() -> stranger.poll(STEP)));
            return !outcomes.get(outcomes.size() - 1).equals(Trial.DONE);
        }, List.of(two, three));
        trial.expect("there is no way back but the same", "InconsistentGroupProtocolException",
                outcomes.get(outcomes.size() - 1));
    }

    @Contract
    void aStaticMemberComesBackToWhatItHad(Trial trial) throws Exception {
        String topic = trial.topic(4);
        String group = trial.name("group");
        Consumer<String, String> fixed = member(trial, group, "group.instance.id", "me");
        fixed.subscribe(List.of(topic));
        Ear ear = new Ear();
        Consumer<String, String> other = member(trial, group);
        other.subscribe(List.of(topic), ear);
        pollUntilEachHas(2, List.of(fixed, other));
        Set<TopicPartition> had = fixed.assignment();
        int generation = fixed.groupMetadata().generationId();
        int calls = ear.heard.size();
        fixed.close();
        Consumer<String, String> again = member(trial, group, "group.instance.id", "me");
        again.subscribe(List.of(topic));
        pollAll("it is back", () -> again.assignment().equals(had), List.of(again, other));
        trial.expect("generation", generation, again.groupMetadata().generationId());
        trial.expect("the other heard nothing", calls, ear.heard.size());
    }

    @Contract
    void aListenerThatFailsIsAskedAgain(Trial trial) throws Exception {
        String topic = trial.topic(2);
        Consumer<String, String> consumer = member(trial, trial.name("group"));
        Ear ear = new Ear();
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                ear.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                ear.onPartitionsAssigned(partitions);
                if (ear.heard.size() == 1) {
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
        trial.expect("owned all the same", 2, consumer.assignment().size());
        Trial.until("it is asked again", () -> {
            consumer.poll(STEP);
            return ear.heard.size() > 1;
        });
        trial.expect("heard", List.of("assigned[0, 1]", "assigned[]"), ear.heard);
    }

    @Contract
    void offsetsOfATransactionNameTheGenerationOfTheMoment(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        Consumer<String, String> consumer = member(trial, group);
        consumer.subscribe(List.of(topic));
        pollUntilAssigned(consumer, all(topic, 2));
        ConsumerGroupMetadata before = consumer.groupMetadata();
        consumer.enforceRebalance();
        Trial.until("the next generation", () -> {
            consumer.poll(STEP);
            return consumer.groupMetadata().generationId() == before.generationId() + 1;
        });
        Producer<String, String> producer = trial.transactional(trial.name("id"));
        producer.beginTransaction();
        trial.expect("with the one before", "CommitFailedException",
                outcome(() -> producer.sendOffsetsToTransaction(Map.of(at(topic, 0), new OffsetAndMetadata(1)),
                        before)));
        producer.abortTransaction();
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(Map.of(at(topic, 0), new OffsetAndMetadata(1)), consumer.groupMetadata());
        trial.expect("commit", Trial.DONE, outcome(producer::commitTransaction));
        trial.expect("committed", 1L, consumer.committed(Set.of(at(topic, 0))).get(at(topic, 0)).offset());
    }
}
