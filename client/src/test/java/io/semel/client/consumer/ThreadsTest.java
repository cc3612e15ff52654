package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static io.semel.client.consumer.Rig.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Members in threads of their own, that come, go and die while records flow. */
@Timeout(120)
class ThreadsTest {
    private static final int PARTITIONS = 6;

    private Rig rig;
    /** Who owned a partition in a generation: a second one would be the bug. */
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final List<Worker> workers = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, PARTITIONS);
    }

    @AfterEach
    void close() throws Exception {
        workers.forEach(worker -> worker.leaves = true);
        for (Worker worker : workers) {
            worker.join();
        }
        rig.close();
    }

    /** Polls, notes, commits; until it is told to leave, or to die without a word. */
    private final class Worker extends Thread {
        private final EmbeddedConsumer<String, String> consumer;
        private final CommitStyle style;
        volatile boolean leaves;
        volatile boolean dies;
        volatile int assigned;

        Worker(CommitStyle style, Class<?> assignor) {
            this.style = style;
            this.consumer = rig.consumer(style, "group.id", "g", "session.timeout.ms", 6_000, "max.poll.records", 7,
                    "partition.assignment.strategy", List.of(assignor));
            workers.add(this);
            start();
        }

        @Override
        public void run() {
            consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    assigned -= partitions.size();
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    assigned += partitions.size();
                    partitions.forEach(Worker.this::own);
                }
            });
            while (!leaves && !dies) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(20))) {
                    seen.computeIfAbsent(record.value(), value -> new AtomicInteger()).incrementAndGet();
                }
            }
            if (leaves) {
                consumer.close();
            }
        }

        private void own(TopicPartition id) {
            String place = consumer.groupMetadata().generationId() + "/" + id;
            String before = owners.putIfAbsent(place, getName());
            if (before != null) {
                violations.add(place + " of " + before + " and " + getName() + " " + style);
            }
        }
    }

    private void awaitShares(Worker... members) {
        until("everybody's share", () -> {
            int total = 0;
            for (Worker member : members) {
                if (member.assigned == 0) {
                    return false;
                }
                total += member.assigned;
            }
            return total == PARTITIONS;
        });
    }

    private void churn(CommitStyle style, Class<?> assignor) throws Exception {
        Worker first = new Worker(style, assignor);
        awaitShares(first);
        write(0);
        Worker second = new Worker(style, assignor);
        Worker third = new Worker(style, assignor);
        write(1);
        awaitShares(first, second, third);
        write(2);
        second.leaves = true;
        second.join();
        awaitShares(first, third);
        write(3);
        third.dies = true;
        third.join();
        awaitShares(first);
        write(4);
        Worker fourth = new Worker(style, assignor);
        awaitShares(first, fourth);
        write(5);
    }

    private void write(int round) {
        for (int number = 0; number < 60; number++) {
            rig.write(at(number % PARTITIONS), round + "-" + number);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
    void noRecordIsLostWhenMembersComeGoAndDie(Class<?> assignor) throws Exception {
        churn(CommitStyle.AFTER_PROCESSING, assignor);
        until("every record", () -> seen.size() == 6 * 60);
        assertEquals(List.of(), List.copyOf(violations));
    }

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
    void noRecordIsSeenTwiceByAtMostOnceMembers(Class<?> assignor) throws Exception {
        churn(CommitStyle.BEFORE_HANDOVER, assignor);
        until("the last round", () -> seen.keySet().stream().filter(value -> value.startsWith("5-")).count() == 60);
        seen.forEach((value, times) -> assertEquals(1, times.get(), value));
        assertEquals(List.of(), List.copyOf(violations));
        assertTrue(owners.size() >= PARTITIONS);
    }
}
