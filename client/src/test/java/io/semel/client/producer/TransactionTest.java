package io.semel.client.producer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.runtime.Waiting;
import io.semel.transactions.coordinator.Initialization;
import io.semel.transactions.coordinator.Progress;
import io.semel.transactions.coordinator.TransactionCoordinator;
import io.semel.transactions.coordinator.TransactionSession;
import io.semel.transactions.coordinator.TransactionalIdLimitException;
import io.semel.transactions.groups.FetchResult;
import io.semel.transactions.groups.PartitionName;
import io.semel.transactions.groups.Stability;
import io.semel.transactions.records.TransactionHome;

import static io.semel.client.producer.ProducerRig.TOPIC;
import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class TransactionTest {
    private static final TopicPartition INPUT = new TopicPartition(TOPIC, 2);

    private ProducerRig rig;

    /** Kafka means to hide these constructors from applications; what a consumer gives out is the same. */
    @SuppressWarnings("removal")
    private static ConsumerGroupMetadata member(String memberId, int generation) {
        return new ConsumerGroupMetadata("g", generation, memberId, Optional.empty());
    }

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, 3);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void recordsAreVisibleOnceCommittedInAllPartitions() {
        try (var producer = rig.transactional("t")) {
            producer.beginTransaction();
            producer.send(record(0, "a"));
            producer.send(record(1, "b"));
            producer.flush();
            assertEquals(List.of("a"), rig.written(0));
            assertEquals(List.of(), rig.committed(0));
            producer.commitTransaction();
            assertEquals(List.of("a"), rig.committed(0));
            assertEquals(List.of("b"), rig.committed(1));
        }
    }

    @Test
    void commitSendsWhatStillLingers() {
        try (var producer = rig.transactional("t", "linger.ms", 60_000)) {
            producer.beginTransaction();
            List<Future<RecordMetadata>> futures = IntStream.range(0, 100)
                    .mapToObj(i -> producer.send(record(0, "v" + i))).toList();
            producer.commitTransaction();
            futures.forEach(future -> assertTrue(future.isDone()));
            assertEquals(100, rig.committed(0).size());
        }
    }

    @Test
    void abortedRecordsAreNeverCommittedAndUnsentOnesFail() throws Exception {
        List<Exception> told = new ArrayList<>();
        try (var producer = rig.transactional("t", "linger.ms", 60_000)) {
            producer.beginTransaction();
            producer.send(record(0, "written")).get();
            Future<RecordMetadata> unsent = producer.send(record(0, "unsent"), (metadata, e) -> told.add(e));
            producer.abortTransaction();
            assertInstanceOf(TransactionAbortedException.class,
                    assertThrows(ExecutionException.class, unsent::get).getCause());
            assertInstanceOf(TransactionAbortedException.class, told.get(0));
            assertEquals(List.of("written"), rig.written(0));
            assertEquals(List.of(), rig.committed(0));

            producer.beginTransaction();
            producer.send(record(0, "second"));
            producer.commitTransaction();
            assertEquals(List.of("second"), rig.committed(0));
        }
    }

    @Test
    void manyTransactionsInARow() {
        try (var producer = rig.transactional("t")) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                producer.beginTransaction();
                producer.send(record(0, "v" + i));
                if (i % 3 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                    expected.add("v" + i);
                }
            }
            assertEquals(expected, rig.committed(0));
        }
    }

    @Test
    void emptyTransactionsCommitAndAbort() {
        try (var producer = rig.transactional("t")) {
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.abortTransaction();
        }
    }

    @Test
    void aNewerInstanceFencesTheOlderOneForEver() {
        try (var older = rig.transactional("t"); var newer = rig.transactional("t")) {
            ProducerFencedException fenced = assertThrows(ProducerFencedException.class, older::beginTransaction);
            assertTrue(fenced.getMessage().contains("newer instance"), fenced.getMessage());
            assertThrows(ProducerFencedException.class, older::beginTransaction);
            assertThrows(ProducerFencedException.class, older::commitTransaction);
            assertThrows(ProducerFencedException.class, older::abortTransaction);
            assertThrows(ProducerFencedException.class,
                    () -> older.sendOffsetsToTransaction(Map.of(), member("", -1)));
            assertInstanceOf(ProducerFencedException.class,
                    assertThrows(ExecutionException.class, older.send(record(0, "x"))::get).getCause());
            newer.beginTransaction();
            newer.send(record(0, "y"));
            newer.commitTransaction();
            assertEquals(List.of("y"), rig.written(0));
        }
    }

    @Test
    void fencingInMidTransactionAbortsWhatWasOpen() throws Exception {
        try (var older = rig.transactional("t")) {
            older.beginTransaction();
            older.send(record(0, "older")).get();
            try (var newer = rig.transactional("t")) {
                Future<RecordMetadata> late = older.send(record(0, "late"));
                assertInstanceOf(ProducerFencedException.class,
                        assertThrows(ExecutionException.class, late::get).getCause());
                assertThrows(ProducerFencedException.class, older::commitTransaction);
                newer.beginTransaction();
                newer.send(record(0, "newer"));
                newer.commitTransaction();
            }
        }
        assertEquals(List.of("newer"), rig.committed(0));
    }

    @Test
    void aTransactionThatIsOpenTooLongIsAbortedAndItsProducerFenced() throws Exception {
        try (var producer = rig.transactional("t", "transaction.timeout.ms", 60_000)) {
            producer.beginTransaction();
            producer.send(record(0, "slow")).get();
            rig.clockAheadMs.set(61_000);
            Waiting waiting = Waiting.upTo(Duration.ofSeconds(30), "the sweep");
            while (rig.broker().partition(TOPIC, 0).stableOffset() == 0) {
                waiting.pause();
            }
            ProducerFencedException fenced = assertThrows(ProducerFencedException.class, producer::commitTransaction);
            assertTrue(fenced.getMessage().contains("transaction.timeout.ms"), fenced.getMessage());
        }
        assertEquals(List.of(), rig.committed(0));
    }

    @Test
    void afterALostRecordOnlyAbortIsPossible() {
        try (var producer = rig.transactional("t", "max.request.size", 1_000)) {
            producer.beginTransaction();
            producer.send(record(0, "small"));
            producer.send(record(0, "x".repeat(2_000)));
            KafkaException refused = assertThrows(KafkaException.class, producer::commitTransaction);
            assertInstanceOf(RecordTooLargeException.class, refused.getCause());
            assertThrows(KafkaException.class, () -> producer.send(record(0, "more")));
            producer.abortTransaction();
            assertEquals(List.of(), rig.committed(0));
            producer.beginTransaction();
            producer.send(record(0, "again"));
            producer.commitTransaction();
            assertEquals(List.of("again"), rig.committed(0));
        }
    }

    @Test
    void aRecordThatIsLostDuringTheCommitFailsIt() throws Exception {
        rig.broker().createTopic("gone", 1, Map.of());
        try (var producer = rig.transactional("t", "linger.ms", 60_000)) {
            producer.beginTransaction();
            producer.send(record(0, "kept"));
            producer.send(new org.apache.kafka.clients.producer.ProducerRecord<>("gone", "lost"));
            rig.broker().deleteTopic("gone");
            assertThrows(KafkaException.class, producer::commitTransaction);
            producer.abortTransaction();
            assertEquals(List.of(), rig.committed(0));
        }
    }

    @Test
    void callsThatDoNotFitTheStateAreRefused() {
        try (var plain = rig.producer()) {
            assertThrows(IllegalStateException.class, plain::initTransactions);
            assertThrows(IllegalStateException.class, plain::beginTransaction);
        }
        try (var producer = EmbeddedProducer.open(rig.runtime(), ProducerRig.configs("transactional.id", "t"),
                new org.apache.kafka.common.serialization.StringSerializer(),
                new org.apache.kafka.common.serialization.StringSerializer())) {
            assertThrows(IllegalStateException.class, producer::beginTransaction);
            assertThrows(IllegalStateException.class, () -> producer.send(record(0, "x")));
            producer.initTransactions();
            assertThrows(IllegalStateException.class, producer::initTransactions);
            assertThrows(IllegalStateException.class, producer::commitTransaction);
            assertThrows(IllegalStateException.class, producer::abortTransaction);
            assertThrows(IllegalStateException.class, () -> producer.send(record(0, "x")));
            producer.beginTransaction();
            assertThrows(IllegalStateException.class, producer::beginTransaction);
            producer.send(record(0, "y"));
            producer.commitTransaction();
        }
        assertEquals(List.of("y"), rig.committed(0));
    }

    @Test
    void callbacksMayNotWaitForTheirOwnThread() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        try (var producer = rig.transactional("t")) {
            producer.beginTransaction();
            producer.send(record(0, "a"), (metadata, exception) -> {
                try {
                    producer.commitTransaction();
                } catch (KafkaException e) {
                    told.set(e);
                }
            });
            producer.commitTransaction();
        }
        assertInstanceOf(KafkaException.class, told.get());
        assertEquals(List.of("a"), rig.committed(0));
    }

    @Test
    void offsetsAreVisibleOnceCommitted() {
        try (var producer = rig.transactional("t")) {
            producer.beginTransaction();
            producer.send(record(0, "a"));
            producer.sendOffsetsToTransaction(Map.of(INPUT, new OffsetAndMetadata(7, "note")),
                    member("", -1));
            assertEquals(-1, committedOffset());
            producer.commitTransaction();
            assertEquals(7, committedOffset());
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(INPUT, new OffsetAndMetadata(9)), member("", -1));
            producer.abortTransaction();
            assertEquals(7, committedOffset());
        }
    }

    @Test
    void offsetsOfAStrangerAreRefusedAndMakeTheTransactionAbortable() {
        try (var producer = rig.transactional("t")) {
            producer.beginTransaction();
            ConsumerGroupMetadata stranger = member("nobody-knows", 3);
            assertThrows(CommitFailedException.class,
                    () -> producer.sendOffsetsToTransaction(Map.of(INPUT, new OffsetAndMetadata(7)), stranger));
            assertThrows(KafkaException.class, producer::commitTransaction);
            producer.abortTransaction();
            producer.beginTransaction();
            assertThrows(UnknownTopicOrPartitionException.class, () -> producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("nowhere", 0), new OffsetAndMetadata(7)), member("", -1)));
            producer.abortTransaction();
            producer.beginTransaction();
            assertThrows(IllegalArgumentException.class, () -> producer.sendOffsetsToTransaction(Map.of(),
                    member("", 3)));
            assertThrows(IllegalArgumentException.class, () -> producer.sendOffsetsToTransaction(Map.of(), null));
            producer.commitTransaction();
        }
    }

    private long committedOffset() {
        AtomicReference<FetchResult> answer = new AtomicReference<>();
        rig.broker().groups().fetch("g", List.of(new PartitionName(INPUT.topic(), INPUT.partition())), Stability.ANY,
                answer::set);
        Waiting waiting = Waiting.upTo(Duration.ofSeconds(30), "the group's answer");
        while (answer.get() == null) {
            waiting.pause();
        }
        return answer.get().offsets().get(0).committed().offset();
    }

    @Test
    void closingAbortsWhatIsOpen() throws Exception {
        var producer = rig.transactional("t");
        producer.beginTransaction();
        producer.send(record(0, "open")).get();
        producer.close();
        assertEquals(rig.broker().partition(TOPIC, 0).readableOffset(),
                rig.broker().partition(TOPIC, 0).stableOffset());
        assertEquals(List.of(), rig.committed(0));
    }

    @Test
    void closingByForceAbortsToo() throws Exception {
        var producer = rig.transactional("t", "linger.ms", 60_000);
        producer.beginTransaction();
        producer.send(record(0, "open")).get();
        Future<RecordMetadata> unsent = producer.send(record(0, "unsent"));
        producer.close(Duration.ZERO);
        // Who waited for the first may have ended the lingering of this one too: sent or not, it is answered.
        assertTrue(unsent.isDone());
        assertEquals(rig.broker().partition(TOPIC, 0).readableOffset(),
                rig.broker().partition(TOPIC, 0).stableOffset());
        assertEquals(List.of(), rig.committed(0));
    }

    /** The transaction is opened below the producer, which would abort it when the runtime closes it. */
    @Test
    void aTransactionThatWasOpenAtTheEndIsAbortedAtTheStart() throws Exception {
        try (var producer = rig.transactional("t")) {
            producer.beginTransaction();
            producer.send(record(0, "committed"));
            producer.commitTransaction();
        }
        Initialization initialization = rig.broker().transactions().initialize("t", 60_000, TransactionHome.EMBEDDED);
        Waiting waiting = Waiting.upTo(Duration.ofSeconds(30), "the coordinator");
        assertEquals(Progress.DONE, waiting.stepUntilSettled(initialization::step));
        TransactionSession session = initialization.session();
        assertEquals(Progress.DONE, waiting.stepUntilSettled(session::begin));
        var batch = new io.semel.log.batch.RecordBatchWriter(1_000, 1_000).begin(0)
                .producer(session.producerId(), session.epoch(), 0).asTransactional();
        batch.tryAppend(0, null, "left open".getBytes());
        assertTrue(session.touch(rig.broker().partition(TOPIC, 0)).append(batch.finish()) >= 0);
        rig.close();
        rig.reopen();
        assertEquals(1, rig.broker().recovery().abortedBranches());
        assertEquals(List.of("committed", "left open"), rig.written(0));
        assertEquals(List.of("committed"), rig.committed(0));
        try (var producer = rig.transactional("t")) {
            producer.beginTransaction();
            producer.send(record(0, "goes on"));
            producer.commitTransaction();
        }
        assertEquals(List.of("committed", "goes on"), rig.committed(0));
    }

    @Test
    void timeoutThatTheCoordinatorDoesNotTakeIsRefusedAtTheDoor() {
        assertThrows(ConfigException.class,
                () -> rig.producer("transactional.id", "t", "transaction.timeout.ms", 900_001));
        assertThrows(ConfigException.class, () -> rig.producer("transactional.id", "t", "transaction.timeout.ms", 0));
        rig.transactional("t", "transaction.timeout.ms", 900_000).close();
        rig.producer("transaction.timeout.ms", 900_001).close();
    }

    @Test
    void tooManyTransactionalIdsAreTheCallersFailureAndNotTheSenders() {
        for (int number = 0; number < TransactionCoordinator.MAX_TRANSACTIONAL_IDS; number++) {
            rig.broker().transactions().initialize("id-" + number, 60_000, TransactionHome.EMBEDDED);
        }
        try (var producer = rig.producer("transactional.id", "one-too-many")) {
            KafkaException refused = assertThrows(KafkaException.class, producer::initTransactions);
            assertInstanceOf(TransactionalIdLimitException.class, refused.getCause());
        }
    }

    @Test
    void transactionalIdThatTheCoordinatorDoesNotTakeIsTheCallersFailure() {
        try (var producer = rig.producer("transactional.id", "x".repeat(100_000))) {
            KafkaException refused = assertThrows(KafkaException.class, producer::initTransactions);
            assertInstanceOf(IllegalArgumentException.class, refused.getCause());
        }
    }
}
