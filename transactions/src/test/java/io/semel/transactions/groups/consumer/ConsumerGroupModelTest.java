package io.semel.transactions.groups.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Readers come, go, fall silent, come back and lose answers at random, over topics that change; G2 holds throughout. */
class ConsumerGroupModelTest {
    private static final int READERS = 6;
    private static final ConsumerLimits LIMITS = new ConsumerLimits(45_000, 5_000, 100);
    private static final List<Set<String>> SUBSCRIPTIONS = List.of(Set.of("a"), Set.of("a", "b"), Set.of("b", "c"));

    private final FakeCatalogue topics = new FakeCatalogue();
    private ConsumerGroup group;
    private List<Reader> readers;
    private int highestEpoch;
    private long nowMs;

    @Property(tries = 2_000)
    void onePartitionHasOneReaderAndEverybodyGetsWhatItShall(
            @ForAll @Size(max = 120) List<@IntRange(max = 99_999) Integer> steps) {
        start();
        for (int step : steps) {
            step(step % 16, readers.get(step / 16 % READERS), step / 96);
            check();
        }
        settle();
    }

    private void start() {
        topics.put("a", 5);
        topics.put("b", 3);
        topics.remove("c");
        group = new ConsumerGroup("g", 7, LIMITS, topics);
        highestEpoch = 7;
        nowMs = 1_000;
        readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(new Reader("m" + i, i < 2 ? "i" + i : null, SUBSCRIPTIONS.get(i % SUBSCRIPTIONS.size()), i < 4
                    ? "uniform"
                    : "range"));
        }
    }

    private void step(int action, Reader reader, int more) {
        switch (action) {
            case 0, 1, 2, 3, 4, 5, 6 -> say(reader, reader.heartbeat(), more % 7);
            case 7, 8, 9, 10 -> reader.giveBack();
            case 11 -> leave(reader, ConsumerHeartbeat.LEAVE);
            case 12 -> leave(reader, ConsumerHeartbeat.LEAVE_FOR_A_WHILE);
            case 13 -> pass(more % 20_000);
            case 14 -> pass(more % 5 == 0 ? LIMITS.sessionTimeoutMs() : 1_000);
            default -> changeTopics(more);
        }
    }

    /** @param fate 0: the answer is lost */
    private void say(Reader reader, ConsumerHeartbeat said, int fate) {
        assertEquals(Fault.NONE, said.fault());
        Fault refusal = group.refusal(said);
        if (refusal != Fault.NONE) {
            reader.dropAll();
            return;
        }
        HeartbeatAnswer answer = group.changes(said)
                ? group.heartbeat(said, nowMs, group.epoch() + 1, group.epoch() + 1)
                : group.heartbeat(said, nowMs);
        assertTrue(answer.memberEpoch() <= group.epoch());
        if (fate != 0) {
            reader.hear(answer);
        }
    }

    private void leave(Reader reader, int how) {
        ConsumerHeartbeat said = reader.leaving(how);
        if (said.fault() == Fault.NONE) {
            reader.dropAll();
            say(reader, said, 0);
        }
    }

    private void pass(long ms) {
        nowMs += ms;
        if (group.isOverdue(nowMs)) {
            group.pass(nowMs, group.epoch() + 1, group.epoch() + 1);
        }
    }

    private void changeTopics(int more) {
        switch (more % 4) {
            case 0 -> topics.put("c", 1 + more % 3);
            case 1 -> topics.remove("c");
            case 2 -> topics.grow("a", topics.find("a").orElseThrow().partitionCount() + (more % 8 == 2 ? 1 : 0));
            default -> topics.put("b", 1 + more % 6);
        }
    }

    /** Of those who still are members; who was removed hears it with its next heartbeat, and stops then. */
    private void check() {
        Set<String> members = group.view().members().stream().map(ConsumerGroupView.Member::memberId).collect(Collectors
                .toSet());
        Map<TopicIdPartition, String> readBy = new HashMap<>();
        for (Reader reader : readers) {
            boolean isCurrent = members.contains(reader.memberId) && reader.epoch != ConsumerHeartbeat.JOIN;
            for (TopicIdPartition each : isCurrent ? reader.reads : Set.<TopicIdPartition>of()) {
                String other = readBy.put(each, reader.memberId);
                assertNull(other, () -> each + " is read by " + other + " and " + reader.memberId + " of " + group);
            }
        }
        assertTrue(group.epoch() >= highestEpoch, "an epoch went back");
        highestEpoch = group.epoch();
    }

    /** Left alone, all who are there come to share everything. */
    private void settle() {
        pass(ConsumerLimits.PATTERN_LOOK_MS);
        for (int round = 0; round < 12; round++) {
            for (Reader reader : readers) {
                say(reader, reader.heartbeat(), 1);
                check();
                reader.giveBack();
            }
        }
        assertEquals(ConsumerGroupView.State.STABLE, group.state(), group::toString);
        Set<TopicIdPartition> read = new HashSet<>();
        readers.forEach(reader -> read.addAll(reader.reads));
        int partitions = topics.names().stream().mapToInt(name -> topics.find(name).orElseThrow().partitionCount())
                .sum();
        assertEquals(partitions, read.size());
    }
}
