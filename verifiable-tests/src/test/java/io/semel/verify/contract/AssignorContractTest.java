package io.semel.verify.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;

import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.pollUntilAssigned;

/** Assignors of the user's own, and Kafka's: what they are asked, and that what they say is done. */
class AssignorContractTest {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final String STRATEGY = "partition.assignment.strategy";
    private static final List<String> CALLS = new CopyOnWriteArrayList<>();

    @BeforeEach
    void forget() {
        CALLS.clear();
    }

    /**
     * Everything to the member that weighs most, at once: that is well by the eager protocol and not by the cooperative
     * one.
     */
    public static class HeaviestTakesAll implements ConsumerPartitionAssignor, Configurable {
        private String weight = "0";

        @Override
        public void configure(Map<String, ?> configs) {
            weight = String.valueOf(configs.get("weight"));
        }

        @Override
        public String name() {
            return "heaviest";
        }

        @Override
        public ByteBuffer subscriptionUserData(Set<String> topics) {
            return ByteBuffer.wrap(weight.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
            Map<String, Subscription> members = group.groupSubscription();
            String heaviest = members.keySet().stream()
                    .max((one, other) -> weight(members.get(one)).compareTo(weight(members.get(other)))).orElseThrow();
            Map<String, Assignment> assignments = new HashMap<>();
            members.forEach((memberId, member) -> {
                CALLS.add("owned by " + weight(member) + ": " + member.ownedPartitions().size());
                List<TopicPartition> share = new ArrayList<>();
                if (memberId.equals(heaviest)) {
                    for (String topic : member.topics()) {
                        metadata.partitionsForTopic(topic).forEach(each -> share.add(at(topic, each.partition())));
                    }
                }
                assignments.put(memberId, new Assignment(share, member.userData()));
            });
            return new GroupAssignment(assignments);
        }

        static String weight(Subscription member) {
            return StandardCharsets.UTF_8.decode(member.userData().duplicate()).toString();
        }

        @Override
        public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
            CALLS.add("told " + weight + ": " + assignment.partitions().size() + " with "
                    + StandardCharsets.UTF_8.decode(assignment.userData().duplicate()));
        }
    }

    /** Claims that it can be cooperative. */
    public static final class Hasty extends HeaviestTakesAll {
        @Override
        public String name() {
            return "hasty";
        }

        @Override
        public List<RebalanceProtocol> supportedProtocols() {
            return List.of(RebalanceProtocol.EAGER, RebalanceProtocol.COOPERATIVE);
        }
    }

    /** The same, but what somebody else still owns is nobody's in this generation. */
    public static final class Patient extends HeaviestTakesAll {
        @Override
        public String name() {
            return "patient";
        }

        @Override
        public List<RebalanceProtocol> supportedProtocols() {
            return List.of(RebalanceProtocol.COOPERATIVE);
        }

        @Override
        public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
            GroupAssignment wanted = super.assign(metadata, group);
            Map<String, Assignment> free = new HashMap<>();
            wanted.groupAssignment().forEach((memberId, assignment) -> free.put(memberId, new Assignment(
                    assignment.partitions().stream().filter(id -> group.groupSubscription().entrySet().stream()
                            .noneMatch(other -> !other.getKey().equals(memberId)
                                    && other.getValue().ownedPartitions().contains(id)))
                            .toList(),
                    assignment.userData())));
            return new GroupAssignment(free);
        }
    }

    private static Consumer<String, String> member(Trial trial, String group, Class<?> assignor, String weight) {
        return trial.member(group, STRATEGY, assignor.getName(), "weight", weight);
    }

    @Contract
    void aUsersAssignorIsConfiguredAskedAndTold(Trial trial) throws Exception {
        String topic = trial.topic(2);
        Consumer<String, String> consumer = member(trial, trial.name("group"), HeaviestTakesAll.class, "7");
        consumer.subscribe(List.of(topic));
        pollUntilAssigned(consumer, List.of(at(topic, 0), at(topic, 1)));
        trial.expect("calls", List.of("owned by 7: 0", "told 7: 2 with 7"), CALLS);
    }

    @Contract
    void aUsersCooperativeAssignorSeesWhatIsOwned(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        Ear ear = new Ear();
        Consumer<String, String> light = member(trial, group, Patient.class, "1");
        light.subscribe(List.of(topic), ear);
        pollUntilAssigned(light, List.of(at(topic, 0), at(topic, 1)));
        Consumer<String, String> heavy = member(trial, group, Patient.class, "2");
        heavy.subscribe(List.of(topic));
        Trial.until("handed over", () -> {
            light.poll(STEP);
            heavy.poll(STEP);
            return heavy.assignment().size() == 2;
        });
        trial.expect("the light one", List.of("assigned[0, 1]", "revoked[0, 1]"), ear.moves());
        trial.expect("what the leader was shown", true, CALLS.containsAll(List.of("owned by 1: 2", "owned by 1: 0")));
    }

    @Contract
    void anAssignorThatHandsOverTooSoonIsCaught(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        Consumer<String, String> light = trial.member(group, STRATEGY, Hasty.class.getName(), "weight", "1");
        light.subscribe(List.of(topic));
        pollUntilAssigned(light, List.of(at(topic, 0), at(topic, 1)));
        Consumer<String, String> heavy = trial.member(group, STRATEGY, Hasty.class.getName(), "weight", "2");
        heavy.subscribe(List.of(topic));
        List<String> outcomes = new ArrayList<>();
        Trial.until("caught", () -> {
            outcomes.add(outcome(() -> light.poll(STEP)));
            heavy.poll(STEP);
            return !outcomes.get(outcomes.size() - 1).equals(Trial.DONE);
        });
        trial.expect("poll of the leader", "IllegalStateException", outcomes.get(outcomes.size() - 1));
        trial.expect("nothing was handed over", Set.of(), heavy.assignment());
    }

    @Contract
    void stickyMembersGetAgainWhatTheyHadAsFarAsThatIsFair(Trial trial) throws Exception {
        String topic = trial.topic(6);
        String group = trial.name("group");
        List<Consumer<String, String>> members = new ArrayList<>();
        List<Set<TopicPartition>> before = new ArrayList<>();
        for (int count = 1; count <= 3; count++) {
            Consumer<String, String> member = trial.member(group, STRATEGY, StickyAssignor.class.getName());
            member.subscribe(List.of(topic));
            members.add(member);
            int share = 6 / count;
            Trial.until("fair shares among " + count, () -> {
                members.forEach(each -> each.poll(STEP));
                return members.stream().allMatch(each -> each.assignment().size() == share);
            });
            for (int index = 0; index < before.size(); index++) {
                trial.expect("kept among " + count + " by " + index, true,
                        before.get(index).containsAll(members.get(index).assignment()));
            }
            before.clear();
            members.forEach(each -> before.add(each.assignment()));
        }
    }

    @Contract
    void assignorsWithoutACommonProtocolAreRefused(Trial trial) throws Exception {
        trial.expect("open", "KafkaException of IllegalArgumentException",
                outcome(() -> trial.member(trial.name("group"), STRATEGY, List.of(Patient.class,
                        StickyAssignor.class))));
    }
}
