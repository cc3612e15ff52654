package io.semel.verify.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import static io.semel.verify.contract.Trial.SHORT;
import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.take;
import static io.semel.verify.contract.Trial.values;

/** A consumer of chosen partitions: where it stands, where it can be sent, and what it says of the partitions. */
class PositionContractTest {
    @Contract
    void assignReplacesWhatWasAssigned(Trial trial) throws Exception {
        String topic = trial.topic(3);
        trial.write(at(topic, 0), "a0", "a1");
        trial.write(at(topic, 1), "b0");
        try (Consumer<String, String> consumer = trial.consumer()) {
            trial.expect("poll before", "IllegalStateException", outcome(() -> consumer.poll(SHORT)));
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("assignment", Set.of(at(topic, 0)), consumer.assignment());
            trial.expect("subscription", Set.of(), consumer.subscription());
            trial.expect("values", List.of("a0", "a1"), take(consumer, 2));
            consumer.assign(List.of(at(topic, 0), at(topic, 1)));
            trial.expect("the others only", List.of("b0"), take(consumer, 1));
            trial.expect("kept position", 2, consumer.position(at(topic, 0)));
            consumer.assign(List.of());
            trial.expect("nothing assigned", Set.of(), consumer.assignment());
            trial.expect("poll after", "IllegalStateException", outcome(() -> consumer.poll(SHORT)));
            trial.expect("null", "IllegalArgumentException", outcome(() -> consumer.assign(null)));
            trial.expect("a partition without a topic", "IllegalArgumentException",
                    outcome(() -> consumer.assign(List.of(new TopicPartition("", 0)))));
            trial.expect("position of another", "IllegalStateException",
                    outcome(() -> consumer.position(at(topic, 2))));
            trial.expect("seek in another", "IllegalStateException", outcome(() -> consumer.seek(at(topic, 2), 0)));
            trial.expect("subscribe without a group", "InvalidGroupIdException",
                    outcome(() -> consumer.subscribe(List.of(topic))));
        }
    }

    @Contract
    void seeksDecideWhatTheNextPollReturns(Trial trial) throws Exception {
        String topic = trial.topic(2);
        TopicPartition first = at(topic, 0);
        trial.write(first, "v0", "v1", "v2", "v3");
        try (Consumer<String, String> consumer = trial.consumer("auto.offset.reset", "latest")) {
            consumer.assign(List.of(first, at(topic, 1)));
            trial.expect("latest", 4, consumer.position(first));
            consumer.seek(first, 2);
            trial.expect("position after seek", 2, consumer.position(first));
            trial.expect("from 2", List.of("v2", "v3"), take(consumer, 2));
            consumer.seekToBeginning(List.of(first));
            trial.expect("position after seekToBeginning", 0, consumer.position(first));
            trial.expect("from the beginning", List.of("v0", "v1", "v2", "v3"), take(consumer, 4));
            consumer.seek(first, new OffsetAndMetadata(3, "note"));
            trial.expect("from 3", List.of("v3"), take(consumer, 1));
            consumer.seekToBeginning(List.of());
            trial.expect("all of them", List.of(0L, 0L),
                    List.of(consumer.position(first), consumer.position(at(topic, 1))));
            consumer.seekToEnd(List.of());
            trial.expect("the end", 4, consumer.position(first));
            trial.expect("a negative offset", "IllegalArgumentException", outcome(() -> consumer.seek(first, -1)));
            trial.expect("null", "IllegalArgumentException",
                    outcome(() -> consumer.seekToBeginning((List<TopicPartition>) null)));
        }
    }

    @Contract
    void aPositionIsLookedUpWhenItIsAskedFor(Trial trial) throws Exception {
        String topic = trial.topic(1);
        trial.write(at(topic, 0), "v0");
        String group = trial.name("group");
        try (Consumer<String, String> consumer = trial.member(group)) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("by auto.offset.reset", 0, consumer.position(at(topic, 0)));
            consumer.commitSync(Map.of(at(topic, 0), new OffsetAndMetadata(1)));
        }
        try (Consumer<String, String> consumer = trial.member(group)) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("by the committed offset", 1, consumer.position(at(topic, 0)));
            trial.expect("of a partition that is not there", "TimeoutException", outcome(() -> {
                consumer.assign(List.of(at(topic, 9)));
                consumer.position(at(topic, 9), Duration.ofMillis(100));
            }));
        }
    }

    @Contract
    void withoutAnOffsetAutoOffsetResetDecides(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        long nowMs = System.currentTimeMillis();
        try (Producer<String, String> producer = trial.producer()) {
            producer.send(new ProducerRecord<>(topic, 0, nowMs - 7_200_000, null, "old")).get();
            producer.send(new ProducerRecord<>(topic, 0, nowMs - 60_000, null, "new")).get();
        }
        Map<String, Object> found = new HashMap<>();
        for (String policy : List.of("earliest", "latest", "none", "by_duration:PT1H", "by_duration:PT1S")) {
            try (Consumer<String, String> consumer = trial.consumer("auto.offset.reset", policy)) {
                consumer.assign(List.of(where));
                Duration limit = policy.equals("by_duration:PT1S") ? Duration.ofMillis(300) : Trial.PATIENCE;
                found.put(policy, outcome(() -> found.put("offset", consumer.position(where, limit))));
                found.computeIfPresent(policy, (key, outcome) -> outcome.equals(Trial.DONE)
                        ? found.get("offset")
                        : outcome);
            }
        }
        trial.expect("earliest", 0, found.get("earliest"));
        trial.expect("latest", 2, found.get("latest"));
        trial.expect("none", "NoOffsetForPartitionException", found.get("none"));
        trial.expect("of the last hour", 1, found.get("by_duration:PT1H"));
        trial.expect("of the last second", "TimeoutException", found.get("by_duration:PT1S"));
    }

    @Contract
    void aPositionOutOfRangeIsResetOrThrown(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        trial.write(where, "v0", "v1", "v2");
        trial.home().deleteRecords(where, 1);
        try (Consumer<String, String> consumer = trial.consumer()) {
            consumer.assign(List.of(where));
            consumer.seek(where, 100);
            trial.expect("earliest", List.of("v1", "v2"), take(consumer, 2));
            consumer.seek(where, 0);
            trial.expect("below the start", List.of("v1", "v2"), take(consumer, 2));
        }
        try (Consumer<String, String> consumer = trial.consumer("auto.offset.reset", "none")) {
            consumer.assign(List.of(where));
            consumer.seek(where, 100);
            List<String> seen = new ArrayList<>();
            Trial.until("a failure", () -> seen.add(outcome(() -> consumer.poll(SHORT)))
                    && !seen.get(seen.size() - 1).equals(Trial.DONE));
            trial.expect("none", "OffsetOutOfRangeException", seen.get(seen.size() - 1));
            trial.expect("the position stays", 100, consumer.position(where));
            consumer.seek(where, 2);
            trial.expect("after a seek", List.of("v2"), take(consumer, 1));
        }
    }

    @Contract
    void beginningAndEndAreThoseOfTheIsolation(Trial trial) throws Exception {
        String topic = trial.topic(2);
        TopicPartition where = at(topic, 0);
        trial.write(where, "v0", "v1");
        trial.home().deleteRecords(where, 1);
        Producer<String, String> producer = trial.transactional(trial.name("id"));
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, null, "open")).get();
        try (Consumer<String, String> all = trial.consumer();
                Consumer<String, String> committed = trial.consumer("isolation.level", "read_committed",
                        "enable.auto.commit", false)) {
            trial.expect("beginning", 1L, all.beginningOffsets(List.of(where)).get(where));
            trial.expect("end, uncommitted", 3L, all.endOffsets(List.of(where)).get(where));
            trial.expect("end, committed", 2L, committed.endOffsets(List.of(where)).get(where));
            trial.expect("of an empty one", 0L, all.endOffsets(List.of(at(topic, 1))).get(at(topic, 1)));
            trial.expect("of none", Map.of(), all.endOffsets(List.of()));
            trial.expect("of a partition that is not there", "TimeoutException",
                    outcome(() -> all.endOffsets(List.of(at(topic, 9)), Duration.ofMillis(100))));
            committed.assign(List.of(where));
            committed.seekToEnd(List.of(where));
            trial.expect("seekToEnd, committed", 2, committed.position(where));
            producer.commitTransaction();
            Trial.until("the marker", () -> committed.endOffsets(List.of(where)).get(where) == 4);
            trial.expect("behind the marker", 4L, all.endOffsets(List.of(where)).get(where));
        }
    }

    @Contract
    void offsetsAreFoundByTime(Trial trial) throws Exception {
        String topic = trial.topic(2);
        TopicPartition where = at(topic, 0);
        try (Producer<String, String> producer = trial.producer()) {
            for (long timestampMs : new long[] {1_000, 3_000, 2_000, 5_000}) {
                producer.send(new ProducerRecord<>(topic, 0, timestampMs, null, "v")).get();
            }
        }
        try (Consumer<String, String> consumer = trial.consumer()) {
            trial.expect("exactly", "0@1000", byTime(consumer, where, 1_000));
            trial.expect("between", "1@3000", byTime(consumer, where, 1_001));
            trial.expect("behind one out of order", "3@5000", byTime(consumer, where, 3_001));
            trial.expect("before all", "0@1000", byTime(consumer, where, 0));
            trial.expect("behind all", "null", byTime(consumer, where, 5_001));
            trial.expect("in an empty one", "null", byTime(consumer, at(topic, 1), 0));
            trial.expect("a negative time", "IllegalArgumentException",
                    outcome(() -> consumer.offsetsForTimes(Map.of(where, -1L))));
            trial.expect("of none", Map.of(), consumer.offsetsForTimes(Map.of()));
            trial.expect("of a partition that is not there", "TimeoutException", outcome(
                    () -> consumer.offsetsForTimes(Map.of(at(topic, 9), 0L), Duration.ofMillis(100))));
        }
    }

    @Contract
    void markersHaveATimeButAreNoRecords(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        Producer<String, String> producer = trial.transactional(trial.name("id"));
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, 1_000L, null, "v"));
        producer.commitTransaction();
        try (Consumer<String, String> consumer = trial.consumer()) {
            Trial.until("the marker", () -> consumer.endOffsets(List.of(where)).get(where) == 2);
            trial.expect("the record", "0@1000", byTime(consumer, where, 1_000));
            trial.expect("a time that only the marker has reached", "offset 1",
                    byTime(consumer, where, 2_000).replaceFirst("@.*", "").replaceFirst("^1$", "offset 1"));
        }
    }

    private static String byTime(Consumer<?, ?> consumer, TopicPartition where, long timestampMs) {
        OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(where, timestampMs)).get(where);
        return found == null ? "null" : found.offset() + "@" + found.timestamp();
    }

    @Contract
    void pausedPartitionsGiveNothing(Trial trial) throws Exception {
        String topic = trial.topic(2);
        trial.write(at(topic, 0), "a0");
        trial.write(at(topic, 1), "b0");
        try (Consumer<String, String> consumer = trial.consumer()) {
            consumer.assign(List.of(at(topic, 0), at(topic, 1)));
            consumer.pause(List.of(at(topic, 0)));
            trial.expect("paused", Set.of(at(topic, 0)), consumer.paused());
            trial.expect("the other", List.of("b0"), take(consumer, 1));
            trial.expect("nothing else", List.of(), values(consumer.poll(SHORT)));
            consumer.resume(List.of(at(topic, 0)));
            trial.expect("resumed", List.of("a0"), take(consumer, 1));
            trial.expect("paused then", Set.of(), consumer.paused());
            trial.expect("one that is not assigned", "IllegalStateException",
                    outcome(() -> consumer.pause(List.of(at(topic, 5)))));
            consumer.pause(consumer.assignment());
            consumer.assign(List.of(at(topic, 1)));
            trial.expect("over an assign", Set.of(at(topic, 1)), consumer.paused());
        }
    }

    @Contract
    void pollsGiveAtMostMaxPollRecords(Trial trial) throws Exception {
        String topic = trial.topic(1);
        trial.write(at(topic, 0), "v0", "v1", "v2", "v3", "v4");
        try (Consumer<String, String> consumer = trial.consumer("max.poll.records", 2)) {
            consumer.assign(List.of(at(topic, 0)));
            List<Integer> counts = new ArrayList<>();
            List<String> values = new ArrayList<>();
            Trial.until("five", () -> {
                List<String> some = values(consumer.poll(SHORT));
                if (!some.isEmpty()) {
                    counts.add(some.size());
                }
                values.addAll(some);
                return values.size() == 5;
            });
            trial.expect("values", List.of("v0", "v1", "v2", "v3", "v4"), values);
            trial.expect("at most two", true, counts.stream().allMatch(count -> count <= 2));
        }
    }

    @Contract
    void aPollSaysWhereTheNextRecordsAre(Trial trial) throws Exception {
        String topic = trial.topic(1);
        trial.write(at(topic, 0), "v0", "v1");
        try (Consumer<String, String> consumer = trial.consumer("fetch.min.bytes", 1)) {
            consumer.assign(List.of(at(topic, 0)));
            var polled = new ArrayList<ConsumerRecords<String, String>>();
            Trial.until("records", () -> {
                polled.add(consumer.poll(SHORT));
                return consumer.position(at(topic, 0)) == 2;
            });
            trial.expect("next offset", 2, polled.get(polled.size() - 1).nextOffsets().get(at(topic, 0)).offset());
            trial.expect("of nothing", Map.of(), consumer.poll(Duration.ZERO).nextOffsets());
        }
    }

    @Contract
    void theLagIsKnownOnceItWasRead(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        trial.write(where, "v0", "v1", "v2");
        try (Consumer<String, String> consumer = trial.consumer("max.poll.records", 1)) {
            consumer.assign(List.of(where));
            trial.expect("before the first poll", OptionalLong.empty(), consumer.currentLag(where));
            take(consumer, 1);
            trial.expect("after one of three", OptionalLong.of(2), consumer.currentLag(where));
            take(consumer, 2);
            trial.expect("after all", OptionalLong.of(0), consumer.currentLag(where));
            trial.expect("of another", "IllegalStateException", outcome(() -> consumer.currentLag(at(topic, 1))));
        }
    }

    @Contract
    void anOpenTransactionHoldsBackWhoReadsCommitted(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        Producer<String, String> open = trial.transactional(trial.name("id"));
        open.beginTransaction();
        open.send(new ProducerRecord<>(topic, "open")).get();
        trial.write(where, "plain");
        try (Consumer<String, String> all = trial.consumer();
                Consumer<String, String> committed = trial.consumer("isolation.level", "read_committed",
                        "enable.auto.commit", false)) {
            all.assign(List.of(where));
            committed.assign(List.of(where));
            trial.expect("uncommitted", List.of("open", "plain"), take(all, 2));
            trial.expect("committed", List.of(), values(committed.poll(SHORT)));
            trial.expect("its position", 0, committed.position(where));
            open.abortTransaction();
            trial.expect("after the abort", List.of("plain"), take(committed, 1));
            Trial.until("a position behind the marker", () -> {
                committed.poll(Duration.ofMillis(5));
                return committed.position(where) == 3;
            });
            trial.expect("lag", OptionalLong.of(0), committed.currentLag(where));
            trial.expect("no control records", List.of(), values(all.poll(SHORT)));
        }
    }

    @Contract
    void callsWithATimeoutSayTheSame(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        trial.write(where, "v0", "v1");
        Duration second = Duration.ofSeconds(10);
        List<String> told = new ArrayList<>();
        try (Consumer<String, String> consumer = trial.member(trial.name("group"))) {
            trial.expect("listTopics", true, consumer.listTopics(second).containsKey(topic));
            trial.expect("partitionsFor", 1, consumer.partitionsFor(topic, second).size());
            trial.expect("beginningOffsets", Map.of(where, 0L), consumer.beginningOffsets(List.of(where), second));
            trial.expect("endOffsets", Map.of(where, 2L), consumer.endOffsets(List.of(where), second));
            trial.expect("offsetsForTimes", 0L, consumer.offsetsForTimes(Map.of(where, 0L), second).get(where)
                    .offset());
            consumer.assign(List.of(where));
            trial.expect("position", 0, consumer.position(where, second));
            take(consumer, 2);
            consumer.commitSync(second);
            trial.expect("committed", 2, consumer.committed(Set.of(where), second).get(where).offset());
            consumer.commitAsync((offsets, failure) -> told.add(offsets.get(where).offset() + " "
                    + Trial.nameOf(failure)));
            consumer.commitAsync();
            consumer.commitSync(Map.of(where, new OffsetAndMetadata(1)), second);
            trial.expect("commitAsync", List.of("2 none"), told);
            consumer.close(CloseOptions.timeout(second));
        }
    }

    @Contract
    void topicsAndTheirPartitionsAreListed(Trial trial) throws Exception {
        String topic = trial.topic(2);
        try (Consumer<String, String> consumer = trial.consumer()) {
            trial.expect("listTopics has it", 2, consumer.listTopics().get(topic).size());
            trial.expect("partitionsFor", 2, consumer.partitionsFor(topic).size());
            trial.expect("leader", true, consumer.partitionsFor(topic).get(0).leader() != null);
            trial.expect("partitionsFor a topic that is not there", "[]",
                    String.valueOf(consumer.partitionsFor(trial.name("missing"))));
            trial.expect("internal topics are listed", true,
                    consumer.listTopics().keySet().stream().anyMatch("__consumer_offsets"::equals));
        }
    }
}
