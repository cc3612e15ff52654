package io.semel.verify.contract;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import static io.semel.verify.contract.Trial.SHORT;
import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.nameOf;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.take;

/** Committing how far a group is: by the caller, in passing, and by the consumer itself. */
class CommitContractTest {
    @Contract
    void whatIsCommittedIsWhereTheNextOneBegins(Trial trial) throws Exception {
        String topic = trial.topic(2);
        String group = trial.name("group");
        TopicPartition where = at(topic, 0);
        trial.write(where, "v0", "v1", "v2");
        try (Consumer<String, String> consumer = trial.member(group, "max.poll.records", 2)) {
            consumer.assign(List.of(where));
            trial.expect("before", "{" + where + "=null}", consumer.committed(Set.of(where)));
            take(consumer, 2);
            trial.expect("before a commit", "{" + where + "=null}", consumer.committed(Set.of(where)));
            consumer.commitSync();
            OffsetAndMetadata committed = consumer.committed(Set.of(where)).get(where);
            trial.expect("offset", 2, committed.offset());
            trial.expect("metadata", "", committed.metadata());
            trial.expect("has a leader epoch", true, committed.leaderEpoch().isPresent());
            consumer.commitSync(Map.of(where, new OffsetAndMetadata(1, Optional.of(0), "note")));
            trial.expect("with a note", "note", consumer.committed(Set.of(where)).get(where).metadata());
            trial.expect("the position stays", 2, consumer.position(where));
            consumer.commitSync(Map.of(at(topic, 1), new OffsetAndMetadata(7)));
            trial.expect("of one that is not assigned", 7,
                    consumer.committed(Set.of(at(topic, 1))).get(at(topic, 1)).offset());
        }
        try (Consumer<String, String> consumer = trial.member(group)) {
            consumer.assign(List.of(where));
            trial.expect("the next one reads", List.of("v1", "v2"), take(consumer, 2));
        }
    }

    @Contract
    void commitsThatCannotBeAreRefused(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        try (Consumer<String, String> consumer = trial.member(trial.name("group"))) {
            consumer.assign(List.of(where));
            trial.expect("a negative offset", "IllegalArgumentException",
                    outcome(() -> consumer.commitSync(Map.of(where, new OffsetAndMetadata(-1)))));
            trial.expect("no such topic", "TimeoutException", outcome(() -> consumer.commitSync(
                    Map.of(at(trial.name("missing"), 0), new OffsetAndMetadata(1)), Duration.ofMillis(200))));
            trial.expect("past the end", Trial.DONE,
                    outcome(() -> consumer.commitSync(Map.of(where, new OffsetAndMetadata(1_000)))));
            trial.expect("of nothing", Trial.DONE, outcome(() -> consumer.commitSync(Map.of())));
            trial.expect("a long note", "OffsetMetadataTooLarge", outcome(
                    () -> consumer.commitSync(Map.of(where, new OffsetAndMetadata(1, "x".repeat(5_000))))));
            trial.expect("committed of none", Map.of(), consumer.committed(Set.of()));
        }
        try (Consumer<String, String> consumer = trial.consumer()) {
            consumer.assign(List.of(where));
            trial.expect("without a group", "InvalidGroupIdException", outcome(() -> consumer.commitSync()));
            trial.expect("in passing without a group", "InvalidGroupIdException",
                    outcome(() -> consumer.commitAsync()));
            trial.expect("committed without a group", "InvalidGroupIdException",
                    outcome(() -> consumer.committed(Set.of(where))));
            trial.expect("groupMetadata without a group", "InvalidGroupIdException",
                    outcome(() -> consumer.groupMetadata()));
        }
    }

    @Contract
    void asynchronousCommitsCallBackInTheirOrderOnThePollingThread(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        List<String> told = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (Consumer<String, String> consumer = trial.member(trial.name("group"))) {
            consumer.assign(List.of(where));
            consumer.poll(SHORT);
            int heardInTheCall = -1;
            for (int offset = 1; offset <= 20; offset++) {
                consumer.commitAsync(Map.of(where, new OffsetAndMetadata(offset)), (offsets, failure) -> {
                    told.add(offsets.get(where).offset() + " " + nameOf(failure));
                    threads.add(Thread.currentThread());
                });
                heardInTheCall = heardInTheCall < 0 ? told.size() : heardInTheCall;
            }
            trial.expect("none within the first call", 0, heardInTheCall);
            Trial.until("all callbacks", () -> {
                consumer.poll(Duration.ofMillis(5));
                return told.size() == 20;
            });
            trial.expect("in order", true, told.equals(IntStream.rangeClosed(1, 20)
                    .mapToObj(offset -> offset + " none").toList()));
            trial.expect("thread", true,
                    threads.stream().allMatch(thread -> thread == Thread.currentThread()));
            trial.expect("the last one counts", 20, consumer.committed(Set.of(where)).get(where).offset());
        }
    }

    @Contract
    void aSynchronousCommitComesAfterTheAsynchronousOnesBeforeIt(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        List<String> told = new CopyOnWriteArrayList<>();
        try (Consumer<String, String> consumer = trial.member(trial.name("group"))) {
            consumer.assign(List.of(where));
            consumer.poll(SHORT);
            consumer.commitAsync(Map.of(where, new OffsetAndMetadata(5)),
                    (offsets, failure) -> told.add("async " + nameOf(failure)));
            consumer.commitSync(Map.of(where, new OffsetAndMetadata(6)));
            told.add("sync");
            trial.expect("order", List.of("async none", "sync"), told);
            trial.expect("committed", 6, consumer.committed(Set.of(where)).get(where).offset());
        }
    }

    @Contract
    void withAutoCommitCloseAndTheNextPollsCommit(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        TopicPartition where = at(topic, 0);
        trial.write(where, "v0", "v1", "v2");
        try (Consumer<String, String> consumer = trial.member(group, "enable.auto.commit", true,
                "auto.commit.interval.ms", 20)) {
            consumer.assign(List.of(where));
            take(consumer, 3);
            Trial.until("committed by a later poll", () -> {
                consumer.poll(Duration.ofMillis(5));
                OffsetAndMetadata committed = consumer.committed(Set.of(where)).get(where);
                return committed != null && committed.offset() == 3;
            });
        }
        trial.write(where, "v3");
        try (Consumer<String, String> consumer = trial.member(group, "enable.auto.commit", true,
                "auto.commit.interval.ms", 600_000)) {
            consumer.assign(List.of(where));
            trial.expect("goes on", List.of("v3"), take(consumer, 1));
            trial.expect("not yet", 3, consumer.committed(Set.of(where)).get(where).offset());
        }
        try (Consumer<String, String> consumer = trial.member(group)) {
            trial.expect("by close", 4, consumer.committed(Set.of(where)).get(where).offset());
        }
        trial.expect("auto commit without a group", "InvalidConfigurationException",
                outcome(() -> trial.consumer("enable.auto.commit", true)));
    }

    @Contract
    void aMemberThatIsNotInTheGroupCannotCommit(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        String group = trial.name("group");
        try (Consumer<String, String> consumer = trial.member(group)) {
            consumer.subscribe(List.of(topic));
            trial.expect("before the first poll", "CommitFailedException",
                    outcome(() -> consumer.commitSync(Map.of(where, new OffsetAndMetadata(1)))));
            Trial.pollUntilAssigned(consumer, List.of(where));
            Trial.until("a commit of the seated member", () -> {
                consumer.poll(Duration.ofMillis(5));
                return outcome(() -> consumer.commitSync(Map.of(where, new OffsetAndMetadata(1)))).equals(Trial.DONE);
            });
            try (Consumer<String, String> stranger = trial.member(group)) {
                stranger.assign(List.of(where));
                trial.expect("a stranger beside a member", "CommitFailedException",
                        outcome(() -> stranger.commitSync(Map.of(where, new OffsetAndMetadata(2)))));
            }
            trial.expect("still", 1, consumer.committed(Set.of(where)).get(where).offset());
        }
    }

    @Contract
    void aCommitInPassingTellsItsCallbackWhyItCannotBe(Trial trial) throws Exception {
        String topic = trial.topic(1);
        try (Consumer<String, String> consumer = trial.member(trial.name("group"))) {
            consumer.subscribe(List.of(topic));
            trial.expect("without a seat", "CommitFailedException", toldOfCommit(consumer, at(topic, 0)));
        }
        try (Consumer<String, String> consumer = trial.member(trial.name("group"))) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("no such topic", "RetriableCommitFailedException",
                    toldOfCommit(consumer, at(trial.name("missing"), 0)));
        }
    }

    private static String toldOfCommit(Consumer<String, String> consumer, TopicPartition of) {
        List<String> told = new CopyOnWriteArrayList<>();
        String called = outcome(() -> consumer.commitAsync(Map.of(of, new OffsetAndMetadata(1)),
                (offsets, failure) -> told.add(nameOf(failure))));
        Trial.until("an answer", () -> {
            consumer.poll(Duration.ofMillis(5));
            return !told.isEmpty() || !called.equals(Trial.DONE);
        });
        return called.equals(Trial.DONE) ? told.get(0) : "thrown: " + called;
    }

    @Contract
    void anEpochComesWithASeekOrACommittedOffsetAndIsCommittedAgain(Trial trial) throws Exception {
        String topic = trial.topic(1);
        TopicPartition where = at(topic, 0);
        OffsetAndMetadata end = new OffsetAndMetadata(2, Optional.of(0), "");
        trial.write(where, "v0", "v1");
        try (Consumer<String, String> consumer = trial.member(trial.name("group"))) {
            consumer.assign(List.of(where));
            consumer.seek(where, end);
            trial.expect("of a seek", end, committedByPolls(consumer, where));
        }
        String group = trial.name("other");
        try (Consumer<String, String> consumer = trial.member(group)) {
            consumer.assign(List.of(where));
            consumer.commitSync(Map.of(where, new OffsetAndMetadata(2, Optional.of(0), "note")));
        }
        try (Consumer<String, String> consumer = trial.member(group)) {
            consumer.assign(List.of(where));
            consumer.poll(SHORT);
            trial.expect("position", 2, consumer.position(where));
            Trial.until("its own commit", () -> committedByPolls(consumer, where).metadata().isEmpty());
            trial.expect("of a committed offset", end, consumer.committed(Set.of(where)).get(where));
        }
    }

    /** A position may have to be looked into before it is committed, in Kafka by a request. */
    private static OffsetAndMetadata committedByPolls(Consumer<String, String> consumer, TopicPartition where) {
        Trial.until("committed", () -> {
            consumer.poll(Duration.ofMillis(5));
            consumer.commitSync();
            return consumer.committed(Set.of(where)).get(where) != null;
        });
        return consumer.committed(Set.of(where)).get(where);
    }
}
