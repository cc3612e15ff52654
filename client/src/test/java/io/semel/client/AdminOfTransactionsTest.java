package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.admin.TransactionAdmin.HeldOffset;
import io.semel.client.admin.TransactionAdmin.ProducerDescription;
import io.semel.client.admin.TransactionAdmin.StableOffsetHold;
import io.semel.client.admin.TransactionAdmin.TransactionDetails;
import io.semel.client.admin.TransactionAdmin.TransactionFilter;
import io.semel.client.admin.TransactionAdmin.TransactionSummary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class AdminOfTransactionsTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final long AN_HOUR_MS = 3_600_000;

    @TempDir
    Path directory;
    private Semel semel;
    private SemelAdmin admin;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        admin = semel.admin();
        admin.createTopic("orders", 2);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    /** Two that do not fit one batch: so the first stands in the log at once. */
    private static void write(TransactionalAppender appender, TopicPartition partition) {
        TransactionalAppender.Target target = appender.target(partition.topic(), partition.partition());
        appender.append(target, null, new byte[10_000]);
        appender.append(target, null, new byte[10_000]);
    }

    private List<String> idsOf(TransactionFilter filter) {
        return admin.listTransactions(filter).stream().map(TransactionSummary::transactionalId).toList();
    }

    @Test
    void transactionsAreListedByStateAndAge() {
        TransactionalAppender open = semel.openTransactionalAppender("open");
        TransactionalAppender done = semel.openTransactionalAppender("done");
        semel.openTransactionalAppender("idle");
        done.begin();
        write(done, FIRST);
        done.commit();
        open.begin();
        write(open, FIRST);

        assertEquals(List.of("done", "idle", "open"), idsOf(TransactionFilter.ALL));
        assertEquals(List.of("open"), idsOf(TransactionFilter.OPEN));
        assertEquals(List.of("done", "idle"), idsOf(new TransactionFilter(List.of("completecommit", "EMPTY"), 0)));
        assertEquals(List.of(), idsOf(TransactionFilter.ALL.olderThanMs(AN_HOUR_MS)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> admin.listTransactions(new TransactionFilter(List
                .of("Pending"), 0))).getMessage().contains("Ongoing"));
        assertThrows(IllegalArgumentException.class, () -> TransactionFilter.ALL.olderThanMs(-1));
    }

    @Test
    void anOpenTransactionIsDescribedWithItsPartitionsAndTheOffsetsThatItHolds() {
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        long beforeMs = System.currentTimeMillis();
        appender.begin();
        write(appender, SECOND);
        appender.commitOffset("readers", "orders", 0, 7);

        TransactionDetails details = admin.describeTransaction("t");
        TransactionSummary summary = details.summary();
        assertEquals("Ongoing", summary.state());
        assertTrue(summary.begunMs() >= beforeMs && summary.begunMs() <= System.currentTimeMillis(), summary::toString);
        assertEquals(summary.begunMs() + 60_000, summary.timesOutMs());
        assertEquals(Map.of(SECOND, 0L, new TopicPartition("__consumer_offsets", 0), 0L), details.firstOffsets());
        assertEquals(List.of(new HeldOffset("readers", FIRST, 7)), details.offsets());

        appender.commit();
        TransactionDetails ended = admin.describeTransaction("t");
        assertEquals("CompleteCommit", ended.summary().state());
        assertEquals(-1, ended.summary().timesOutMs());
        assertEquals(Map.of(), ended.firstOffsets());
        assertEquals(List.of(), ended.offsets());
        assertThrows(TransactionalIdNotFoundException.class, () -> admin.describeTransaction("nobody"));
    }

    @Test
    void whoHoldsTheLastStableOffsetIsTheOldestOpenTransaction() {
        TransactionalAppender older = semel.openTransactionalAppender("older");
        TransactionalAppender younger = semel.openTransactionalAppender("younger");
        older.begin();
        write(older, FIRST);
        younger.begin();
        write(younger, FIRST);

        StableOffsetHold hold = admin.stableOffsetHold("orders", 0).orElseThrow();
        assertEquals(0, hold.stable());
        assertEquals(2, hold.end());
        assertEquals("older", hold.holder().transactionalId());
        assertEquals("older", hold.owner().orElseThrow().transactionalId());
        older.commit();
        StableOffsetHold next = admin.stableOffsetHold("orders", 0).orElseThrow();
        assertEquals("younger", next.owner().orElseThrow().transactionalId());
        assertEquals(1, next.stable());
        younger.abort();
        assertEquals(Optional.empty(), admin.stableOffsetHold("orders", 0));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.stableOffsetHold("orders", 2));
    }

    /** Its marker stands behind what somebody writes in place: its producer has nothing open, and its readers wait. */
    @Test
    void whoIsDecidedAndNotMarkedYetHoldsTheLastStableOffset() throws Exception {
        Producer<String, String> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE, Map.of("transactional.id",
                "decided", "max.block.ms", "500"), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("orders", 0, null, "x")).get();
        try (Appender direct = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, "orders", 0)) {
            direct.claim(null, 100);
            assertThrows(TimeoutException.class, producer::commitTransaction);
            StableOffsetHold hold = admin.stableOffsetHold("orders", 0).orElseThrow();
            assertEquals(0, hold.stable());
            assertEquals(1, hold.end());
            assertEquals(0, hold.holder().transactionOffset());
            assertEquals("PrepareCommit", hold.owner().orElseThrow().state());
            direct.abort();
        }
        producer.commitTransaction();
        assertEquals(Optional.empty(), admin.stableOffsetHold("orders", 0));
    }

    @Test
    void anOperatorsAbortFreesCommittedReadersAndFencesTheOwner() {
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        appender.begin();
        write(appender, FIRST);
        write(appender, SECOND);
        appender.commitOffset("readers", "orders", 0, 7);
        admin.abortTransaction("t");

        assertEquals("CompleteAbort", admin.describeTransaction("t").summary().state());
        assertEquals(Optional.empty(), admin.stableOffsetHold("orders", 0));
        assertEquals(Optional.empty(), admin.stableOffsetHold("orders", 1));
        assertEquals(Map.of(), admin.groupOffsets("readers"));
        ProducerFencedException told = assertThrows(ProducerFencedException.class, appender::commit);
        assertTrue(told.getMessage().contains("an operator aborted the transaction of t"), told::getMessage);

        TransactionalAppender next = semel.openTransactionalAppender("t");
        next.begin();
        write(next, FIRST);
        next.commit();
        assertEquals("CompleteCommit", admin.describeTransaction("t").summary().state());
    }

    @Test
    void onlyWhatIsOpenCanBeAborted() {
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        assertThrows(TransactionalIdNotFoundException.class, () -> admin.abortTransaction("nobody"));
        assertTrue(assertThrows(InvalidTxnStateException.class, () -> admin.abortTransaction("t")).getMessage()
                .contains("Empty"));
        appender.begin();
        write(appender, FIRST);
        appender.commit();
        assertThrows(InvalidTxnStateException.class, () -> admin.abortTransaction("t"));
        // The owner heard nothing of it.
        appender.begin();
        write(appender, FIRST);
        appender.commit();
    }

    @Test
    void producersOfAPartitionAreDescribed() {
        try (Appender plain = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0)) {
            plain.append(null, Records.bytes("a"));
            plain.append(null, Records.bytes("b"));
            plain.awaitAcknowledged();
        }
        TransactionalAppender appender = semel.openTransactionalAppender("t");
        appender.begin();
        write(appender, FIRST);

        List<ProducerDescription> producers = admin.describeProducers("orders", 0);
        assertEquals(List.of("", "t"), producers.stream().map(ProducerDescription::transactionalId).toList());
        assertEquals(List.of(-1L, 2L), producers.stream().map(ProducerDescription::transactionOffset).toList());
        assertEquals(List.of(1, 0), producers.stream().map(ProducerDescription::lastSequence).toList());
        assertFalse(producers.get(0).lastTimestampMs() < System.currentTimeMillis() - AN_HOUR_MS);
        assertEquals(List.of(), admin.describeProducers("orders", 1));
        assertThrows(UnknownTopicOrPartitionException.class, () -> admin.describeProducers("nothing", 0));
    }
}
