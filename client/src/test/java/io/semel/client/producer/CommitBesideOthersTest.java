package io.semel.client.producer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.client.errors.TransactionError;
import io.semel.client.errors.TransactionError.Kind;
import io.semel.client.errors.TransactionError.Outcome;
import io.semel.log.DirectClaim;
import io.semel.transactions.partition.Partition;

import static io.semel.client.producer.ProducerRig.TOPIC;
import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** One thread commits while another is in a call of the same producer: each hears what became of its own (T1). */
@Timeout(60)
class CommitBesideOthersTest {
    private final CountDownLatch inCall = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private ProducerRig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, 1);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private void stay() {
        inCall.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes its time over large ones. */
    private byte[] serialize(String topic, String value) {
        if (value.length() > 1_000) {
            stay();
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private EmbeddedProducer<String, String> producer() {
        Serializer<String> values = this::serialize;
        EmbeddedProducer<String, String> producer = EmbeddedProducer.open(rig.runtime(), ProducerRig.configs(
                "transactional.id", "t", "max.block.ms", "500", "max.request.size", "1000"), new StringSerializer(),
                values);
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    /** The commit is decided, its marker waits behind the claim, and the record was too large all along. */
    @Test
    void whatIsLostOnceACommitIsBeingDecidedDoesNotChangeItsAnswer() throws Exception {
        EmbeddedProducer<String, String> producer = producer();
        producer.send(record(0, "x")).get();
        DirectClaim held = new DirectClaim(rig.broker().partition(TOPIC, 0).log());
        held.tryClaim(null, 100, 0);
        AtomicReference<Exception> told = new AtomicReference<>();
        Thread sending = new Thread(() -> producer.send(record(0, "large".repeat(1_000)), (metadata, e) -> told.set(
                e)));
        sending.start();
        inCall.await();
        assertThrows(TimeoutException.class, producer::commitTransaction);
        goOn.countDown();
        sending.join();
        assertEquals(new TransactionError(Kind.MISUSE, Outcome.UNKNOWN), TransactionError.of(told.get()));
        assertEquals(new TransactionError(Kind.RETRIABLE, Outcome.UNKNOWN), TransactionError.of(assertThrows(
                TimeoutException.class, producer::commitTransaction)));
        held.abort();
        producer.commitTransaction();
        assertEquals(List.of("x"), rig.committed(0));
        producer.beginTransaction();
        producer.send(record(0, "y"));
        producer.commitTransaction();
        assertEquals(List.of("x", "y"), rig.committed(0));
        producer.close();
    }

    /**
     * Offsets that stand in front of a commit are part of it, whoever sent them, and are no bug of the sender's thread.
     */
    @SuppressWarnings("removal")
    @Test
    void offsetsThatWereSentBeforeACommitAreCommittedWithIt() throws Exception {
        EmbeddedProducer<String, String> producer = rig.transactional("t");
        producer.beginTransaction();
        producer.send(record(0, "x"), (metadata, e) -> stay());
        inCall.await();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread staging = waitingIn(() -> producer.sendOffsetsToTransaction(Map.of(new TopicPartition(TOPIC, 0),
                new OffsetAndMetadata(1)), new ConsumerGroupMetadata("g")), failure);
        Thread committing = waitingIn(producer::commitTransaction, failure);
        goOn.countDown();
        staging.join();
        committing.join();
        assertNull(failure.get());
        assertEquals(List.of("x"), rig.committed(0));
        producer.beginTransaction();
        producer.commitTransaction();
        producer.close();
    }

    /**
     * The close reads the state while the commit changes it; whichever comes first, the sender's thread ends what is
     * open.
     */
    @Test
    void aCloseBesideACommitLeavesNothingOpenAndTheCommitHearsTheTruth() throws Exception {
        for (int round = 0; round < 200; round++) {
            EmbeddedProducer<String, String> producer = rig.transactional("t");
            producer.beginTransaction();
            producer.send(record(0, "v" + round)).get();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread committing = new Thread(producer::commitTransaction);
            committing.setUncaughtExceptionHandler((where, e) -> failure.set(e));
            committing.start();
            producer.close();
            committing.join();
            Partition partition = rig.broker().partition(TOPIC, 0);
            assertEquals(partition.readableOffset(), partition.stableOffset(), () -> "open still: " + failure.get());
            assertEquals(failure.get() == null, rig.committed(0).contains("v" + round), () -> "told: " + failure
                    .get());
        }
    }

    /** Returns once the call waits for the sender's thread. */
    private static Thread waitingIn(Runnable call, AtomicReference<Throwable> failure) {
        Thread thread = new Thread(call);
        thread.setUncaughtExceptionHandler((where, e) -> failure.set(e));
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return thread;
    }
}
