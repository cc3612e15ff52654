package io.semel.verify.contract;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

import static io.semel.verify.contract.Trial.at;
import static io.semel.verify.contract.Trial.outcome;
import static io.semel.verify.contract.Trial.take;

/** Transactions by {@code Producer}'s methods: in the right order, in any other, and beside a newer instance. */
class TransactionContractTest {
    /** Lingers longer than any test. */
    private static final Object[] LINGERING = {"linger.ms", 600_000, "delivery.timeout.ms", 1_200_000};

    @Contract
    void whatIsCommittedIsReadAndWhatIsAbortedIsNot(Trial trial) throws Exception {
        String topic = trial.topic(2);
        Producer<String, String> producer = trial.transactional(trial.name("id"));
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, null, "committed"));
        Future<RecordMetadata> other = producer.send(new ProducerRecord<>(topic, 1, null, "committed too"));
        producer.commitTransaction();
        trial.expect("commit sends and waits", true, other.isDone());
        producer.beginTransaction();
        Future<RecordMetadata> aborted = producer.send(new ProducerRecord<>(topic, 0, null, "aborted"));
        producer.flush();
        producer.abortTransaction();
        trial.expect("what was flushed before the abort", 2, aborted.get().offset());
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, null, "last"));
        producer.commitTransaction();
        try (Consumer<String, String> consumer = trial.consumer("isolation.level", "read_committed",
                "enable.auto.commit", false)) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("read committed", List.of("committed", "last"), take(consumer, 2));
            trial.expect("position", 6, consumer.position(at(topic, 0)));
        }
        try (Consumer<String, String> consumer = trial.consumer()) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("read uncommitted", List.of("committed", "aborted", "last"), take(consumer, 3));
        }
    }

    @Contract
    void anAbortFailsWhatIsNotSentYet(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.transactional(trial.name("id"), LINGERING);
        producer.beginTransaction();
        Future<RecordMetadata> unsent = producer.send(new ProducerRecord<>(topic, "v"));
        producer.abortTransaction();
        String told = outcome(unsent::get);
        // Kafka's sender may see that the transaction ends, and send what lingers, just before it sees how.
        if (trial.home() instanceof EmbeddedHome || !told.equals(Trial.DONE)) {
            trial.expect("future", "ExecutionException of TransactionAbortedException", told);
        }
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, "v"));
        trial.expect("the next transaction", Trial.DONE, outcome(producer::commitTransaction));
    }

    @Contract
    void callsOutOfOrderAreRefused(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.uninitialized(trial.name("id"));
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, "v");
        trial.expect("begin before init", "IllegalStateException", outcome(producer::beginTransaction));
        trial.expect("commit before init", "IllegalStateException", outcome(producer::commitTransaction));
        trial.expect("abort before init", "IllegalStateException", outcome(producer::abortTransaction));
        trial.expect("send before init", "IllegalStateException",
                outcome(() -> trial.uninitialized(trial.name("other")).send(record)));
        trial.expect("init", Trial.DONE, outcome(() -> producer.initTransactions()));
        trial.expect("init again", "IllegalStateException", outcome(() -> producer.initTransactions()));
        trial.expect("send before begin", "IllegalStateException",
                outcome(() -> trial.transactional(trial.name("one more")).send(record)));
        trial.expect("commit before begin", "IllegalStateException", outcome(producer::commitTransaction));
        trial.expect("abort before begin", "IllegalStateException", outcome(producer::abortTransaction));
        trial.expect("offsets before begin", "IllegalStateException", outcome(() -> producer.sendOffsetsToTransaction(
                Map.of(at(topic, 0), new OffsetAndMetadata(1)), anyMemberOf(trial.name("g")))));
        trial.expect("begin", Trial.DONE, outcome(producer::beginTransaction));
        trial.expect("begin again", "IllegalStateException", outcome(producer::beginTransaction));
        trial.expect("init within", "IllegalStateException", outcome(() -> producer.initTransactions()));
        trial.expect("an empty commit", Trial.DONE, outcome(producer::commitTransaction));
        producer.beginTransaction();
        trial.expect("an empty abort", Trial.DONE, outcome(producer::abortTransaction));
        trial.expect("abort again", "IllegalStateException", outcome(producer::abortTransaction));
    }

    @Contract
    void withoutATransactionalIdThereAreNoTransactions(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.producer();
        trial.expect("init", "IllegalStateException", outcome(() -> producer.initTransactions()));
        trial.expect("begin", "IllegalStateException", outcome(producer::beginTransaction));
        trial.expect("commit", "IllegalStateException", outcome(producer::commitTransaction));
        trial.expect("abort", "IllegalStateException", outcome(producer::abortTransaction));
        trial.expect("offsets", "IllegalStateException", outcome(() -> producer.sendOffsetsToTransaction(
                Map.of(at(topic, 0), new OffsetAndMetadata(1)), anyMemberOf("g"))));
        producer.close();
        trial.expect("begin after close", "IllegalStateException", outcome(producer::beginTransaction));
        Producer<String, String> transactional = trial.transactional(trial.name("id"));
        transactional.close();
        trial.expect("begin of a closed one", "IllegalStateException", outcome(transactional::beginTransaction));
        trial.expect("init of a closed one", "IllegalStateException",
                outcome(() -> transactional.initTransactions()));
    }

    /** Kafka's own way to make one is deprecated, and there is no other. */
    @SuppressWarnings("removal")
    static ConsumerGroupMetadata anyMemberOf(String group) {
        return new ConsumerGroupMetadata(group);
    }

    @Contract
    void aNewerInstanceFencesTheOlder(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String id = trial.name("id");
        Producer<String, String> older = trial.transactional(id);
        older.beginTransaction();
        older.send(new ProducerRecord<>(topic, "by the older")).get();
        Producer<String, String> newer = trial.transactional(id);
        trial.expect("commit of the older", "ProducerFencedException", outcome(older::commitTransaction));
        trial.expect("abort of the older", "ProducerFencedException", outcome(older::abortTransaction));
        trial.expect("begin of the older", "ProducerFencedException", outcome(older::beginTransaction));
        trial.expect("send of the older", "ExecutionException of ProducerFencedException",
                outcome(() -> older.send(new ProducerRecord<>(topic, "v")).get()));
        trial.expect("close of the older", Trial.DONE, outcome(() -> older.close()));
        newer.beginTransaction();
        newer.send(new ProducerRecord<>(topic, "by the newer"));
        newer.commitTransaction();
        try (Consumer<String, String> consumer = trial.consumer("isolation.level", "read_committed",
                "enable.auto.commit", false)) {
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("read", List.of("by the newer"), take(consumer, 1));
        }
    }

    @Contract
    void aFencedInstanceLearnsItFromItsSend(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String id = trial.name("id");
        Producer<String, String> older = trial.transactional(id);
        older.beginTransaction();
        older.send(new ProducerRecord<>(topic, "v")).get();
        trial.transactional(id);
        trial.expect("future", "ExecutionException of InvalidProducerEpochException",
                outcome(older.send(new ProducerRecord<>(topic, "v"))::get));
        trial.expect("commit", "InvalidProducerEpochException",
                outcome(older::commitTransaction));
        trial.expect("abort", "ProducerFencedException", outcome(older::abortTransaction));
    }

    @Contract
    void aFencedInstanceBetweenTransactionsLearnsItWithTheNext(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String id = trial.name("id");
        Producer<String, String> older = trial.transactional(id);
        trial.transactional(id);
        trial.expect("begin", Trial.DONE, outcome(older::beginTransaction));
        trial.expect("its send", "ExecutionException of InvalidProducerEpochException",
                outcome(() -> older.send(new ProducerRecord<>(topic, "v")).get()));
        trial.expect("its commit", "InvalidProducerEpochException", outcome(older::commitTransaction));
    }

    @Contract
    void afterALostRecordOnlyAnAbortHelps(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.transactional(trial.name("id"), "max.request.size", 500);
        producer.beginTransaction();
        outcome(producer.send(new ProducerRecord<>(topic, "x".repeat(600)))::get);
        trial.expect("send", "KafkaException of RecordTooLargeException",
                outcome(() -> producer.send(new ProducerRecord<>(topic, "v"))));
        trial.expect("commit", "KafkaException of RecordTooLargeException", outcome(producer::commitTransaction));
        trial.expect("begin", "KafkaException of RecordTooLargeException", outcome(producer::beginTransaction));
        trial.expect("abort", Trial.DONE, outcome(producer::abortTransaction));
        producer.beginTransaction();
        trial.expect("the next one", Trial.DONE, outcome(producer::commitTransaction));
    }

    @Contract
    void offsetsOfATransactionAreCommittedWithIt(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        TopicPartition source = at(topic, 0);
        Producer<String, String> producer = trial.transactional(trial.name("id"));
        ConsumerGroupMetadata anybody = anyMemberOf(group);
        try (Consumer<String, String> consumer = trial.member(group)) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(7, "note")), anybody);
            trial.expect("committed while it is open", "TimeoutException",
                    outcome(() -> consumer.committed(Set.of(source), Duration.ofMillis(300))));
            producer.commitTransaction();
            trial.expect("committed", 7, consumer.committed(Set.of(source)).get(source).offset());
            trial.expect("metadata", "note", consumer.committed(Set.of(source)).get(source).metadata());
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(9)), anybody);
            producer.abortTransaction();
            trial.expect("after an abort", 7, consumer.committed(Set.of(source)).get(source).offset());
        }
        producer.beginTransaction();
        trial.expect("no offsets", Trial.DONE,
                outcome(() -> producer.sendOffsetsToTransaction(Map.of(), anybody)));
        trial.expect("no group", "IllegalArgumentException", outcome(
                () -> producer.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(1)), null)));
        trial.expect("commit", Trial.DONE, outcome(producer::commitTransaction));
    }

    @Contract
    @SuppressWarnings("removal")
    void offsetsOfAStrangerAreRefusedAndTheTransactionCanOnlyAbort(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String group = trial.name("group");
        Consumer<String, String> consumer = trial.member(group);
        consumer.subscribe(List.of(topic));
        Trial.pollUntilAssigned(consumer, List.of(at(topic, 0)));
        ConsumerGroupMetadata member = consumer.groupMetadata();
        Producer<String, String> producer = trial.transactional(trial.name("id"));
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(at(topic, 0), new OffsetAndMetadata(1));
        producer.beginTransaction();
        trial.expect("another generation", "CommitFailedException",
                outcome(() -> producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(group,
                        member.generationId() + 1, member.memberId(), member.groupInstanceId()))));
        trial.expect("commit", "KafkaException of CommitFailedException", outcome(producer::commitTransaction));
        trial.expect("abort", Trial.DONE, outcome(producer::abortTransaction));
        producer.beginTransaction();
        trial.expect("a generation without a member", "IllegalArgumentException",
                outcome(() -> producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(group, 3, "",
                        member.groupInstanceId()))));
        trial.expect("an unknown member", "CommitFailedException",
                outcome(() -> producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(group,
                        member.generationId(), "nobody", member.groupInstanceId()))));
        producer.abortTransaction();
        producer.beginTransaction();
        trial.expect("the member itself", Trial.DONE,
                outcome(() -> producer.sendOffsetsToTransaction(offsets, member)));
        producer.commitTransaction();
    }

    @Contract
    void aTransactionThatIsOpenTooLongIsAborted(Trial trial) throws Exception {
        String topic = trial.topic(1);
        Producer<String, String> producer = trial.transactional(trial.name("id"), "transaction.timeout.ms", 1_000);
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, "late")).get();
        try (Consumer<String, String> consumer = trial.consumer("isolation.level", "read_committed",
                "enable.auto.commit", false)) {
            Trial.until("the abort marker",
                    () -> consumer.endOffsets(List.of(at(topic, 0))).get(at(topic, 0)) == 2);
        }
        trial.expect("commit", "InvalidTxnStateException", outcome(producer::commitTransaction));
        trial.expect("a timeout that nobody takes", "KafkaException", outcome(
                () -> trial.transactional(trial.name("other"), "transaction.timeout.ms", 900_001)));
    }

    @Contract
    void closeAbortsWhatIsOpen(Trial trial) throws Exception {
        String topic = trial.topic(1);
        String id = trial.name("id");
        Producer<String, String> producer = trial.transactional(id);
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, "v")).get();
        producer.close();
        trial.transactional(id);
        try (Consumer<String, String> consumer = trial.consumer("isolation.level", "read_committed",
                "enable.auto.commit", false)) {
            trial.expect("the end behind the marker", 2L,
                    consumer.endOffsets(List.of(at(topic, 0))).get(at(topic, 0)));
            trial.write(at(topic, 0), "after");
            consumer.assign(List.of(at(topic, 0)));
            trial.expect("read", List.of("after"), take(consumer, 1));
        }
    }
}
