package io.semel.client.producer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.DirectClaim;

import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class CloseTest {
    private ProducerRig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, 1);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void closeReportsEverythingSentAndEndsTheThread() {
        var producer = rig.producer("linger.ms", 60_000, "client.id", "closing");
        List<Future<RecordMetadata>> futures = IntStream.range(0, 1_000)
                .mapToObj(i -> producer.send(record(0, "v" + i))).toList();
        producer.close();
        futures.forEach(future -> assertTrue(future.isDone()));
        assertEquals(1_000, rig.written(0).size());
        assertFalse(Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .anyMatch("semel-producer-closing"::equals));
    }

    @Test
    void aClosedProducerRefusesEverythingButCloseAndFlush() {
        var producer = rig.producer();
        producer.close();
        producer.close();
        producer.close(Duration.ZERO);
        assertThrows(IllegalStateException.class, () -> producer.send(record(0, "v")));
        producer.flush();
        assertThrows(IllegalStateException.class, () -> producer.partitionsFor("orders"));
        assertThrows(IllegalArgumentException.class, () -> producer.close(Duration.ofMillis(-1)));
    }

    @Test
    void withoutTimeUnsentRecordsFail() {
        var producer = rig.producer("linger.ms", 60_000);
        Future<RecordMetadata> unsent = producer.send(record(0, "v"));
        producer.close(Duration.ZERO);
        assertInstanceOf(KafkaException.class, assertThrows(ExecutionException.class, unsent::get).getCause());
        assertEquals(List.of(), rig.written(0));
    }

    @Test
    void aCallbackMayCloseTheProducer() throws Exception {
        var producer = rig.producer();
        CountDownLatch closed = new CountDownLatch(1);
        producer.send(record(0, "v"), (metadata, exception) -> {
            producer.close();
            closed.countDown();
        });
        closed.await();
        producer.close();
        assertEquals(List.of("v"), rig.written(0));
    }

    @Test
    void anInterruptedCloseGoesOnByForce() throws Exception {
        var producer = rig.producer();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        producer.send(record(0, "v"), (metadata, exception) -> {
            entered.countDown();
            awaitQuietly(released);
        });
        // While the sender is held in a callback no close can come to its end.
        entered.await();
        Future<RecordMetadata> unsent = producer.send(record(0, "w"));
        Thread.currentThread().interrupt();
        assertThrows(InterruptException.class, producer::close);
        assertTrue(Thread.interrupted());
        released.countDown();
        producer.close();
        assertTrue(unsent.isDone());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theRuntimeClosesWhatItsOwnerForgot() throws Exception {
        var producer = rig.producer("linger.ms", 60_000);
        producer.send(record(0, "v"));
        rig.close();
        assertThrows(IllegalStateException.class, () -> producer.send(record(0, "w")));
        rig.reopen();
        assertEquals(List.of("v"), rig.written(0));
    }

    @Test
    void noSendIsLeftWithoutAnOutcomeByACloseBesideIt() throws Exception {
        for (int round = 0; round < 200; round++) {
            var producer = rig.producer();
            Thread closer = new Thread(producer::close);
            closer.start();
            try {
                while (true) {
                    Future<RecordMetadata> future = producer.send(record(0, "v"));
                    try {
                        future.get();
                    } catch (ExecutionException e) {
                        assertInstanceOf(KafkaException.class, e.getCause());
                    }
                }
            } catch (IllegalStateException e) {
                assertEquals("producer is closed", e.getMessage());
            }
            closer.join();
        }
    }

    /** Who wrote in place in front of the marker is dead, and its claim stays open for ever. */
    @Test
    void theDirectoryClosesOverACommitThatWaitsForEverAndTheNextOpeningCarriesItOut() throws Exception {
        var producer = rig.transactional("t", "max.block.ms", 500, "linger.ms", 0, "request.timeout.ms", 500,
                "delivery.timeout.ms", 500);
        producer.beginTransaction();
        producer.send(record(0, "x")).get();
        new DirectClaim(rig.broker().partition(ProducerRig.TOPIC, 0).log()).tryClaim(null, 100, 0);
        assertThrows(TimeoutException.class, producer::commitTransaction);
        rig.close();
        rig.reopen();
        assertEquals(List.of("x"), rig.committed(0), "T1: what is decided is carried out");
    }
}
