package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.transactions.groups.GroupState;

import static io.semel.client.consumer.Rig.LONG;
import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static io.semel.client.consumer.Rig.take;
import static io.semel.client.consumer.Rig.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Several members, stepped by this one thread where their threads don't matter: a poll of zero never waits. */
@Timeout(60)
class GroupTest {
    private static final String GROUP = "g";

    private Rig rig;
    private final List<String> calls = new ArrayList<>();
    private final AtomicLong aheadNs = new AtomicLong();

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path, () -> System.nanoTime() + aheadNs.get()).withTopic(TOPIC, 4);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private EmbeddedConsumer<String, String> member(Object... settings) {
        Object[] all = new Object[settings.length + 2];
        all[0] = "group.id";
        all[1] = GROUP;
        System.arraycopy(settings, 0, all, 2, settings.length);
        return rig.consumer(CommitStyle.MANUAL, all);
    }

    private EmbeddedConsumer<String, String> subscribed(Object... settings) {
        EmbeddedConsumer<String, String> member = member(settings);
        member.subscribe(List.of(TOPIC));
        return member;
    }

    @SafeVarargs
    private static void settle(EmbeddedConsumer<String, String>... members) {
        until("the members to share the partitions", () -> {
            int assigned = 0;
            for (EmbeddedConsumer<String, String> member : members) {
                member.poll(Duration.ZERO);
            }
            Set<Integer> generations = new HashSet<>();
            for (EmbeddedConsumer<String, String> member : members) {
                assigned += member.assignment().size();
                generations.add(member.groupMetadata().generationId());
            }
            return assigned == 4 && generations.size() == 1;
        });
    }

    private final class Recorder implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            calls.add("assigned " + partitions.size());
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            calls.add("revoked " + partitions.size());
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            calls.add("lost " + partitions.size());
        }
    }

    private void evict(EmbeddedConsumer<?, ?> member) {
        rig.broker.groups().leave(GROUP, member.groupMetadata().memberId(), null, System.currentTimeMillis());
    }

    @Test
    void oneMemberOwnsEverythingAfterOnePoll() {
        rig.write(at(3), "a");
        EmbeddedConsumer<String, String> only = subscribed();
        assertEquals(List.of("a"), Rig.values(only.poll(Duration.ZERO)));
        assertEquals(Set.of(at(0), at(1), at(2), at(3)), only.assignment());
        ConsumerGroupMetadata metadata = only.groupMetadata();
        assertEquals(GROUP, metadata.groupId());
        assertEquals(1, metadata.generationId());
        assertFalse(metadata.memberId().isEmpty());
    }

    @Test
    void aSecondMemberTakesItsShareAndGivesItBackOnClose() {
        EmbeddedConsumer<String, String> first = subscribed();
        settle(first);
        EmbeddedConsumer<String, String> second = subscribed();
        settle(first, second);
        // Which half is whose is decided by the member ids, which are random.
        assertEquals(Set.of(Set.of(at(0), at(1)), Set.of(at(2), at(3))),
                Set.of(first.assignment(), second.assignment()));
        second.close();
        settle(first);
        assertEquals(4, first.assignment().size());
    }

    @Test
    void everyAssignorThatIsEagerIsServed() {
        EmbeddedConsumer<String, String> first = subscribed("partition.assignment.strategy",
                RoundRobinAssignor.class.getName());
        EmbeddedConsumer<String, String> second = subscribed("partition.assignment.strategy",
                RoundRobinAssignor.class.getName());
        settle(first, second);
        assertEquals(2, first.assignment().size());
        assertNotEquals(Set.of(at(0), at(1)), first.assignment());
    }

    @Test
    void theListenerHearsWhatIsTakenBeforeWhatIsGiven() {
        EmbeddedConsumer<String, String> first = member();
        first.subscribe(List.of(TOPIC), new Recorder());
        settle(first);
        EmbeddedConsumer<String, String> second = subscribed();
        settle(first, second);
        first.close();
        assertEquals(List.of("assigned 4", "revoked 4", "assigned 2", "revoked 2"), calls);
    }

    @Test
    void offsetsCanBeCommittedWhileThePartitionsAreTaken() {
        rig.write(at(0), "a", "b");
        EmbeddedConsumer<String, String> first = member();
        first.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                calls.add("assigned");
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                first.commitSync();
            }
        });
        assertEquals(2, take(first, 2).size());
        EmbeddedConsumer<String, String> second = subscribed();
        settle(first, second);
        assertEquals(2, second.committed(Set.of(at(0))).get(at(0)).offset());
        first.close();
    }

    @Test
    void aFailingListenerFailsThePollAndIsAskedAgainByTheNext() {
        EmbeddedConsumer<String, String> member = member();
        AtomicBoolean fails = new AtomicBoolean(true);
        member.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                calls.add("assigned " + partitions.size());
                if (fails.getAndSet(false)) {
                    throw new IllegalStateException("no");
                }
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                calls.add("revoked");
            }
        });
        assertEquals("no", assertThrows(KafkaException.class, () -> member.poll(LONG)).getCause().getMessage());
        assertEquals(4, member.assignment().size());
        settle(member);
        assertEquals(List.of("assigned 4", "assigned 4"), calls);
        assertEquals(4, member.assignment().size());
    }

    @Test
    void anEvictedMemberLosesItsPartitionsCannotCommitAndComesBack() {
        rig.write(at(0), "a");
        EmbeddedConsumer<String, String> member = member();
        member.subscribe(List.of(TOPIC), new Recorder());
        take(member, 1);
        evict(member);
        assertThrows(CommitFailedException.class, member::commitSync);
        assertEquals(List.of("a"), take(member, 1));
        assertEquals(List.of("assigned 4", "lost 4", "assigned 4"), calls);
    }

    @Test
    void theHeartbeatFindsAnEvictionByItself() {
        EmbeddedConsumer<String, String> member = member();
        member.subscribe(List.of(TOPIC), new Recorder());
        settle(member);
        evict(member);
        until("the loss", () -> {
            member.poll(Duration.ZERO);
            return calls.contains("lost 4");
        });
        settle(member);
    }

    @Test
    void aMemberThatWaitsForItsNextPollKeepsTheSeatThatItWasGivenMeanwhile() {
        EmbeddedConsumer<String, String> first = subscribed("session.timeout.ms", 6_000);
        settle(first);
        EmbeddedConsumer<String, String> second = subscribed("session.timeout.ms", 6_000);
        second.poll(Duration.ZERO);
        until("the first to begin the generation of both", () -> {
            first.poll(Duration.ZERO);
            return first.groupMetadata().generationId() == 2;
        });
        for (int part = 0; part < 4; part++) {
            aheadNs.addAndGet(TimeUnit.SECONDS.toNanos(3));
            double before = heartbeats(second);
            until("heartbeats of the second", () -> heartbeats(second) >= before + 2);
        }
        settle(first, second);
        assertEquals(2, second.groupMetadata().generationId());
        assertEquals(2, second.assignment().size());
    }

    private static double heartbeats(EmbeddedConsumer<?, ?> member) {
        return member.metrics().entrySet().stream().filter(each -> each.getKey().name().equals("heartbeat-total"))
                .mapToDouble(each -> (double) each.getValue().metricValue()).sum();
    }

    @Test
    void aMemberThatDoesNotPollLeavesWhenItsIntervalIsOver() {
        EmbeddedConsumer<String, String> slow = member("max.poll.interval.ms", 300, "session.timeout.ms", 6_000,
                "heartbeat.interval.ms", 1_000);
        slow.subscribe(List.of(TOPIC), new Recorder());
        settle(slow);
        until("the group to be empty", () -> rig.broker.groups().describe(GROUP).state() == GroupState.EMPTY);
        assertThrows(CommitFailedException.class,
                () -> slow.commitSync(Map.of(at(0), new OffsetAndMetadata(1))));
        settle(slow);
        assertEquals(List.of("assigned 4", "lost 4", "assigned 4"), calls);
    }

    @Test
    void aMemberWhoseThreadDiesLosesItsSeatWithItsSession() throws Exception {
        EmbeddedConsumer<String, String> doomed = subscribed("session.timeout.ms", 6_000);
        EmbeddedConsumer<String, String> survivor = subscribed();
        Thread thread = new Thread(() -> until("a seat", () -> {
            doomed.poll(Duration.ZERO);
            return !doomed.assignment().isEmpty();
        }));
        thread.start();
        thread.join();
        settle(survivor);
        assertEquals(4, survivor.assignment().size());
    }

    @Test
    void aMemberWhoseThreadDiesWhileItJoinsLosesItsSeatWithItsSession() throws Exception {
        EmbeddedConsumer<String, String> survivor = subscribed();
        settle(survivor);
        EmbeddedConsumer<String, String> doomed = subscribed("session.timeout.ms", 6_000);
        Thread thread = new Thread(() -> doomed.poll(Duration.ZERO));
        thread.start();
        thread.join();
        until("the survivor to own everything again", () -> {
            survivor.poll(Duration.ZERO);
            return survivor.assignment().size() == 4 && survivor.groupMetadata().generationId() > 2
                    && rig.broker.groups().describe(GROUP).members().size() == 1;
        });
    }

    @Test
    void aMemberThatClosesWhileItJoinsLeavesNoGhost() {
        EmbeddedConsumer<String, String> first = subscribed();
        settle(first);
        EmbeddedConsumer<String, String> second = subscribed();
        second.poll(Duration.ZERO);
        second.close();
        until("the first to be alone", () -> {
            first.poll(Duration.ZERO);
            return first.assignment().size() == 4 && rig.broker.groups().describe(GROUP).members().size() == 1;
        });
    }

    @Test
    void aStaticMemberKeepsItsSeatOverACloseAndItsNamesakeFencesIt() {
        EmbeddedConsumer<String, String> first = subscribed("group.instance.id", "one");
        settle(first);
        int generation = first.groupMetadata().generationId();
        first.close();
        EmbeddedConsumer<String, String> again = subscribed("group.instance.id", "one");
        settle(again);
        assertEquals(generation, again.groupMetadata().generationId());
        EmbeddedConsumer<String, String> namesake = subscribed("group.instance.id", "one");
        settle(namesake);
        assertThrows(FencedInstanceIdException.class, () -> until("the fence", () -> {
            again.poll(Duration.ZERO);
            return false;
        }));
        namesake.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        assertTrue(rig.broker.groups().describe(GROUP).members().isEmpty());
    }

    @Test
    void aPatternFollowsTheTopicsThatMatchIt() throws Exception {
        EmbeddedConsumer<String, String> member = member();
        member.subscribe(Pattern.compile("ord.*"), new Recorder());
        settle(member);
        rig.withTopic("ordinary", 1).withTopic("other", 1);
        TopicPartition added = new TopicPartition("ordinary", 0);
        until("the new topic", () -> {
            member.poll(Duration.ZERO);
            return member.assignment().contains(added);
        });
        assertEquals(5, member.assignment().size());
        assertEquals(Set.of(TOPIC, "ordinary"), member.subscription());
        rig.broker.deleteTopic("ordinary");
        settle(member);
        assertEquals(Set.of(TOPIC), member.subscription());
    }

    @Test
    void aChangedSubscriptionChangesTheAssignmentAtTheNextPoll() throws Exception {
        rig.withTopic("other", 1);
        EmbeddedConsumer<String, String> member = subscribed();
        settle(member);
        member.subscribe(List.of("other"));
        until("the other topic", () -> {
            member.poll(Duration.ZERO);
            return member.assignment().equals(Set.of(new TopicPartition("other", 0)));
        });
        member.unsubscribe();
        assertTrue(rig.broker.groups().describe(GROUP).members().isEmpty());
        assertEquals(-1, member.groupMetadata().generationId());
    }

    @Test
    void anEnforcedRebalanceStartsANewGeneration() {
        EmbeddedConsumer<String, String> member = subscribed();
        settle(member);
        member.enforceRebalance();
        member.poll(Duration.ZERO);
        assertEquals(2, member.groupMetadata().generationId());
        assertEquals(4, member.assignment().size());
    }

    @Test
    void anAssignmentCanBeReadFromOutside() {
        EmbeddedConsumer<String, String> member = subscribed();
        settle(member);
        assertEquals(List.of(at(0), at(1), at(2), at(3)), MemberAssignments.decode(
                rig.broker.groups().describe(GROUP).members().get(0).assignment()));
    }

    /**
     * Kafka's own consumer, polled on after it was told that it is fenced, takes the seat back and fences its heir, and
     * so on; its threads pile up meanwhile and its close never returns, so no contract can hold both to this.
     */
    @Test
    void whoIsFencedDoesNotTakeTheSeatBackHoweverOftenItPolls() {
        EmbeddedConsumer<String, String> old = subscribed("group.instance.id", "one");
        settle(old);
        EmbeddedConsumer<String, String> heir = subscribed("group.instance.id", "one");
        settle(heir);
        int fences = 0;
        while (fences < 5) {
            try {
                old.poll(Duration.ZERO);
            } catch (FencedInstanceIdException e) {
                fences++;
            }
            heir.poll(Duration.ZERO);
        }
        heir.commitSync(Map.of(at(0), new OffsetAndMetadata(0)));
    }
}
