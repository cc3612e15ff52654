package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static io.semel.client.consumer.Rig.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** G2: members come, go and ask for rebalances at random; nobody is evicted, so no partition ever has two owners. */
@Timeout(120)
class CooperativeChurnTest {
    private static final int PARTITIONS = 8;
    private static final int STEPS = 600;
    private static final int MOST_MEMBERS = 5;
    private static final int THREADS = 4;
    private static final int VISITS = 6;

    private Rig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, PARTITIONS);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** All offer the cooperative assignor; who offers an eager one too gives everything back before each join. */
    private EmbeddedConsumer<String, String> member(Random random, CommitStyle style) {
        List<Class<?>> strategy = random.nextInt(4) == 0
                ? List.of(CooperativeStickyAssignor.class, RangeAssignor.class)
                : List.of(CooperativeStickyAssignor.class);
        return rig.consumer(style, "group.id", "g", "partition.assignment.strategy", strategy, "max.poll.records", 7);
    }

    // ---- one thread, step by step: after each step the members are asked what they have

    private final class Stage {
        final Random random;
        final List<EmbeddedConsumer<String, String>> members = new ArrayList<>();
        /** By partition, the offset that the next record of it must have, whoever reads it. */
        final Map<TopicPartition, Long> next = new HashMap<>();
        int handedOver;

        Stage(long seed) {
            random = new Random(seed);
        }

        void step() {
            int dice = random.nextInt(100);
            if (members.isEmpty() || dice < 4 && members.size() < MOST_MEMBERS) {
                join();
                return;
            }
            EmbeddedConsumer<String, String> member = members.get(random.nextInt(members.size()));
            if (dice < 7) {
                leave(member);
            } else if (dice < 12) {
                member.enforceRebalance();
            } else if (dice < 15) {
                member.unsubscribe();
                member.subscribe(List.of(TOPIC), commitsWhatGoes(member));
            } else if (dice < 35) {
                rig.write(at(random.nextInt(PARTITIONS)), "v");
            } else {
                poll(member);
            }
        }

        private void join() {
            EmbeddedConsumer<String, String> member = member(random, CommitStyle.MANUAL);
            member.subscribe(List.of(TOPIC), commitsWhatGoes(member));
            members.add(member);
        }

        private void leave(EmbeddedConsumer<String, String> member) {
            members.remove(member);
            member.close();
        }

        private ConsumerRebalanceListener commitsWhatGoes(EmbeddedConsumer<String, String> member) {
            return new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                    partitions.stream().filter(next::containsKey)
                            .forEach(id -> offsets.put(id, new OffsetAndMetadata(next.get(id))));
                    member.commitSync(offsets);
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    handedOver += partitions.size();
                }

                @Override
                public void onPartitionsLost(Collection<TopicPartition> partitions) {
                    // Left amid a rebalance: what was not committed comes again.
                    partitions.forEach(next::remove);
                }
            };
        }

        private void poll(EmbeddedConsumer<String, String> member) {
            for (ConsumerRecord<String, String> record : member.poll(Duration.ZERO)) {
                TopicPartition id = new TopicPartition(record.topic(), record.partition());
                long expected = next.getOrDefault(id, record.offset());
                assertEquals(expected, record.offset(), () -> "read twice or passed over: " + id);
                next.put(id, record.offset() + 1);
            }
        }

        void requireOneOwner(String replay) {
            Map<TopicPartition, EmbeddedConsumer<String, String>> owners = new HashMap<>();
            for (EmbeddedConsumer<String, String> member : members) {
                for (TopicPartition id : member.assignment()) {
                    EmbeddedConsumer<String, String> other = owners.put(id, member);
                    assertTrue(other == null, () -> "G2: " + id + " of " + other + " and " + member + replay);
                }
            }
        }

        boolean isShared() {
            members.forEach(this::poll);
            Set<TopicPartition> owned = new HashSet<>();
            Set<Integer> sizes = new HashSet<>();
            members.forEach(member -> owned.addAll(member.assignment()));
            members.forEach(member -> sizes.add(member.assignment().size()));
            int fair = PARTITIONS / members.size();
            return owned.size() == PARTITIONS && sizes.stream().allMatch(size -> size == fair || size == fair + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noPartitionHasTwoOwnersAtAnyStep(long seed) {
        Stage stage = new Stage(seed);
        for (int step = 0; step < STEPS; step++) {
            stage.step();
            stage.requireOneOwner("; seed=" + seed + " step=" + step);
        }
        while (stage.members.size() < 3) {
            stage.join();
        }
        until("fair shares, seed=" + seed, () -> {
            stage.requireOneOwner("; seed=" + seed + " at the end");
            return stage.isShared();
        });
        assertTrue(stage.handedOver > 2 * PARTITIONS, () -> "hardly anything moved: " + stage.handedOver);
    }

    // ---- a thread for each member: their listeners say what they have

    private final Map<TopicPartition, String> owners = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

    /** Takes a seat, reads a while, leaves, and comes again under another name. */
    private final class Visitor extends Thread {
        private final Random random;
        private String name = "";
        private Throwable failure;

        Visitor(long seed) {
            random = new Random(seed);
            start();
        }

        @Override
        public void run() {
            try {
                for (int visit = 0; visit < VISITS; visit++) {
                    name = getName() + '/' + visit;
                    visit();
                }
            } catch (RuntimeException | AssertionError e) {
                failure = e;
            }
        }

        private void visit() {
            EmbeddedConsumer<String, String> consumer = member(random, CommitStyle.AFTER_PROCESSING);
            consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    partitions.forEach(Visitor.this::disown);
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    partitions.forEach(Visitor.this::own);
                }
            });
            int polls = 20 + random.nextInt(60);
            for (int poll = 0; poll < polls; poll++) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(random.nextInt(4)))) {
                    TopicPartition id = new TopicPartition(record.topic(), record.partition());
                    require(name.equals(owners.get(id)), "reads " + record.offset() + " of", id);
                }
                if (random.nextInt(20) == 0) {
                    consumer.enforceRebalance();
                }
            }
            consumer.close();
        }

        private void own(TopicPartition id) {
            String before = owners.putIfAbsent(id, name);
            require(before == null, "is given what " + before + " has:", id);
        }

        private void disown(TopicPartition id) {
            require(owners.remove(id, name), "gives up what is not its own:", id);
        }

        private void require(boolean holds, String what, TopicPartition id) {
            if (!holds) {
                violations.add(name + ' ' + what + ' ' + id);
            }
        }
    }

    @Test
    void noPartitionHasTwoOwnersAmongThreads() throws Exception {
        for (int number = 0; number < 20 * PARTITIONS; number++) {
            rig.write(at(number % PARTITIONS), "v" + number);
        }
        long seed = System.nanoTime();
        List<Visitor> visitors = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            visitors.add(new Visitor(seed + thread));
        }
        for (Visitor visitor : visitors) {
            visitor.join();
        }
        assertEquals(List.of(), List.copyOf(violations), () -> "seed=" + seed);
        visitors.forEach(visitor -> assertEquals(null, visitor.failure, () -> "seed=" + seed));
        assertEquals(Map.of(), owners);
    }
}
