package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.errors.TransactionError;
import io.semel.client.errors.TransactionError.Kind;
import io.semel.client.errors.TransactionError.Outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** After any error a caller knows whether to repeat the call, abort, or give up, and what became of the transaction. */
@Timeout(60)
class ProducerErrorsTest {
    @TempDir
    Path directory;
    private Semel semel;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic("orders", 2);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private Producer<String, String> transactional(Map<String, Object> more) {
        Map<String, Object> configs = new HashMap<>(more);
        configs.put("transactional.id", "t");
        Producer<String, String> producer = semel.producer(DeliverySemantics.EXACTLY_ONCE, configs,
                new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static ProducerRecord<String, String> record(int partition, String value) {
        return new ProducerRecord<>("orders", partition, null, value);
    }

    private static TransactionError errorOf(Executable call) {
        return TransactionError.of(assertThrows(Throwable.class, call));
    }

    private List<String> committed() {
        return Records.read(semel, DeliverySemantics.EXACTLY_ONCE, "orders");
    }

    @Test
    void aCommitThatTimesOutIsRetriableAndTheNextCallTells() {
        try (Producer<String, String> producer = transactional(Map.of("max.block.ms", 50));
                Appender other = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0)) {
            producer.beginTransaction();
            // Nothing behind it becomes readable, and so nothing is acknowledged.
            other.claim(null, 8);
            producer.send(record(0, "kept"));
            assertEquals(new TransactionError(Kind.RETRIABLE, Outcome.UNKNOWN), errorOf(producer::commitTransaction));
            assertEquals(Kind.MISUSE, errorOf(producer::abortTransaction).kind());
            other.abort();
            untilItDoesNotTimeOut(producer::commitTransaction);
            assertEquals(List.of("kept"), committed());
        }
    }

    private static void untilItDoesNotTimeOut(Runnable call) {
        boolean done = false;
        while (!done) {
            try {
                call.run();
                done = true;
            } catch (TimeoutException e) {
                assertEquals(Kind.RETRIABLE, TransactionError.of(e).kind());
            }
        }
    }

    @Test
    void aLostRecordIsAbortableForItsFutureAndForTheCommit() throws Exception {
        try (Producer<String, String> producer = transactional(Map.of("max.request.size", 1_000))) {
            producer.beginTransaction();
            producer.send(record(0, "lost with the other"));
            Future<RecordMetadata> tooLarge = producer.send(record(0, "x".repeat(2_000)));
            TransactionError lost = new TransactionError(Kind.ABORTABLE, Outcome.NOT_COMMITTED);
            assertEquals(lost, TransactionError.of(assertThrows(ExecutionException.class, tooLarge::get)));
            assertEquals(lost, errorOf(producer::commitTransaction));
            assertEquals(lost, errorOf(() -> producer.send(record(0, "y"))));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(record(0, "kept"));
            producer.commitTransaction();
            assertEquals(List.of("kept"), committed());
        }
    }

    @Test
    void aFencedProducerKnowsThatNothingWasCommittedAndGoesNoFurther() {
        try (Producer<String, String> older = transactional(Map.of())) {
            older.beginTransaction();
            older.send(record(0, "aborted"));
            older.flush();
            try (Producer<String, String> newer = transactional(Map.of())) {
                TransactionError fenced = new TransactionError(Kind.FATAL, Outcome.NOT_COMMITTED);
                assertEquals(fenced, errorOf(older::commitTransaction));
                assertEquals(fenced, errorOf(older::abortTransaction));
                assertEquals(fenced, errorOf(older::beginTransaction));
                newer.beginTransaction();
                newer.send(record(0, "kept"));
                newer.commitTransaction();
            }
            assertEquals(List.of("kept"), committed());
        }
    }

    @Test
    void whoIsFencedBetweenTwoTransactionsHearsOfNoTransactionThatWasCommitted() {
        try (Producer<String, String> older = transactional(Map.of())) {
            older.beginTransaction();
            older.send(record(0, "kept"));
            older.commitTransaction();
            transactional(Map.of()).close();
            assertEquals(new TransactionError(Kind.FATAL, Outcome.NOT_COMMITTED), errorOf(older::beginTransaction));
        }
        assertEquals(List.of("kept"), committed());
    }

    @Test
    void callsOutOfOrderAreMisuseAndChangeNothing() {
        try (Producer<String, String> producer = transactional(Map.of())) {
            assertEquals(Kind.MISUSE, errorOf(producer::commitTransaction).kind());
            assertEquals(Kind.MISUSE, errorOf(() -> producer.send(record(0, "x"))).kind());
            producer.beginTransaction();
            assertEquals(Kind.MISUSE, errorOf(producer::beginTransaction).kind());
            producer.send(record(0, "kept"));
            producer.commitTransaction();
            assertEquals(List.of("kept"), committed());
        }
    }

    @Test
    void theShortWayTellsTheSame() {
        TransactionalAppender older = semel.openTransactionalAppender("t");
        older.begin();
        older.append(older.target("orders", 0), null, new byte[10_000]);
        older.append(older.target("orders", 0), null, new byte[10_000]);
        assertEquals(Kind.MISUSE, errorOf(older::begin).kind());
        semel.admin().abortTransaction("t");
        ProducerFencedException told = assertThrows(ProducerFencedException.class, older::commit);
        assertEquals(new TransactionError(Kind.FATAL, Outcome.NOT_COMMITTED), TransactionError.of(told));
        assertTrue(told.getMessage().contains("operator"), told::getMessage);
    }
}
