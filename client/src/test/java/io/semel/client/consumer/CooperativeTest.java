package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static io.semel.client.consumer.Rig.take;
import static io.semel.client.consumer.Rig.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a cooperating member does with what it kept when the rebalance goes wrong. Stepped by this one thread. */
@Timeout(60)
class CooperativeTest {
    private static final String GROUP = "g";

    private Rig rig;
    private final List<String> calls = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, 4);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private EmbeddedConsumer<String, String> member(CommitStyle style, Object... settings) {
        Object[] all = new Object[settings.length + 4];
        all[0] = "group.id";
        all[1] = GROUP;
        all[2] = "partition.assignment.strategy";
        all[3] = CooperativeStickyAssignor.class.getName();
        System.arraycopy(settings, 0, all, 4, settings.length);
        return rig.consumer(style, all);
    }

    private class Recorder implements ConsumerRebalanceListener {
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

    private EmbeddedConsumer<String, String> recorded(CommitStyle style, Object... settings) {
        EmbeddedConsumer<String, String> member = member(style, settings);
        member.subscribe(List.of(TOPIC), new Recorder());
        return member;
    }

    private EmbeddedConsumer<String, String> silent(Object... settings) {
        EmbeddedConsumer<String, String> member = member(CommitStyle.MANUAL, settings);
        member.subscribe(List.of(TOPIC));
        return member;
    }

    private static void pollUntilOwned(int count, EmbeddedConsumer<?, ?> member, EmbeddedConsumer<?, ?>... others) {
        until("to own " + count, () -> {
            member.poll(Duration.ZERO);
            for (EmbeddedConsumer<?, ?> other : others) {
                other.poll(Duration.ZERO);
            }
            return member.assignment().size() == count;
        });
    }

    /** Two share the partitions, a third one comes, and the second does not poll: the first waits in its join. */
    private EmbeddedConsumer<String, String> waitAmidARebalance(EmbeddedConsumer<String, String> first) {
        EmbeddedConsumer<String, String> slow = silent();
        until("both to have two", () -> {
            first.poll(Duration.ZERO);
            slow.poll(Duration.ZERO);
            return first.assignment().size() == 2 && slow.assignment().size() == 2;
        });
        silent().poll(Duration.ZERO);
        until("the first to join", () -> {
            first.poll(Duration.ZERO);
            return rig.broker.groups().describe(GROUP).members().size() == 3
                    && isAmidARebalance(first);
        });
        return slow;
    }

    private static boolean isAmidARebalance(EmbeddedConsumer<String, String> member) {
        try {
            member.commitSync();
            return false;
        } catch (RebalanceInProgressException e) {
            return true;
        }
    }

    private void evict(EmbeddedConsumer<?, ?> member) {
        rig.broker.groups().leave(GROUP, member.groupMetadata().memberId(), null, System.currentTimeMillis());
    }

    @Test
    void whoIsEvictedAmidARebalanceLosesWhatItKept() {
        EmbeddedConsumer<String, String> first = recorded(CommitStyle.MANUAL);
        waitAmidARebalance(first);
        assertEquals(2, first.assignment().size());
        calls.clear();
        evict(first);
        first.poll(Duration.ZERO);
        assertEquals(List.of("lost 2"), calls);
        assertEquals(Set.of(), first.assignment());
    }

    @Test
    void whoIsFencedAmidARebalanceLosesWhatItKept() {
        EmbeddedConsumer<String, String> first = recorded(CommitStyle.MANUAL, "group.instance.id", "one");
        waitAmidARebalance(first);
        calls.clear();
        silent("group.instance.id", "one").poll(Duration.ZERO);
        assertThrows(FencedInstanceIdException.class, () -> first.poll(Duration.ZERO));
        assertEquals(List.of("lost 2"), calls);
        assertEquals(Set.of(), first.assignment());
    }

    /** Nothing could be committed before it is handed over. */
    @Test
    void atMostOnceMembersDoNotReadAmidARebalance() {
        EmbeddedConsumer<String, String> first = recorded(CommitStyle.BEFORE_HANDOVER);
        EmbeddedConsumer<String, String> slow = waitAmidARebalance(first);
        TopicPartition kept = first.assignment().iterator().next();
        rig.write(kept, "a");
        assertTrue(first.poll(Duration.ofMillis(1)).isEmpty());
        assertEquals(0.0, taken(first), "taken again and again, to be put back each time");
        until("the rebalance to end", () -> {
            slow.poll(Duration.ZERO);
            return !first.poll(Duration.ZERO).isEmpty() || first.assignment().size() < 2;
        });
    }

    private static Object taken(EmbeddedConsumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(each -> each.getKey().name().equals("records-consumed-total"))
                .map(each -> each.getValue().metricValue()).findFirst().orElseThrow();
    }

    /** As in Kafka: the listener was stopped before anything changed, so it hears of it again. */
    @Test
    void aListenerThatIsWokenHearsOfTheRevocationAgain() {
        EmbeddedConsumer<String, String> first = member(CommitStyle.MANUAL);
        first.subscribe(List.of(TOPIC), new Recorder() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                super.onPartitionsRevoked(partitions);
                if (calls.size() == 2) {
                    throw new WakeupException();
                }
            }
        });
        rig.write(at(0), "a");
        take(first, 1);
        EmbeddedConsumer<String, String> second = silent();
        assertThrows(WakeupException.class, () -> pollUntilOwned(2, first, second));
        assertEquals(4, first.assignment().size());
        pollUntilOwned(2, second, first);
        assertEquals(List.of("assigned 4", "revoked 2", "revoked 2"), calls.subList(0, 3));
    }
}
