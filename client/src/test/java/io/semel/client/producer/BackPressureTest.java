package io.semel.client.producer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What happens when records come faster than they can be written, or can't be written at all. */
@Timeout(60)
class BackPressureTest {
    private static final String KILOBYTE = "x".repeat(1_000);

    private final FullableDisk disk = new FullableDisk();
    private ProducerRig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = ProducerRig.open(path, 2, disk);
    }

    @AfterEach
    void close() throws Exception {
        disk.isFull = false;
        rig.close();
    }

    @Test
    void aFullBufferTimesOutInTheFutureAndLosesNothingElse() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        try (var producer = rig.producer("buffer.memory", 10_000L, "max.block.ms", 20)) {
            producer.send(record(0, "first"), (metadata, exception) -> {
                reached.countDown();
                awaitQuietly(stuck);
            });
            reached.await();
            List<Future<RecordMetadata>> sent = IntStream.range(0, 9).mapToObj(i -> producer.send(record(0, KILOBYTE)))
                    .toList();
            Future<RecordMetadata> tooMany = producer.send(record(0, KILOBYTE));
            assertInstanceOf(BufferExhaustedException.class,
                    assertThrows(ExecutionException.class, tooMany::get).getCause());
            assertInstanceOf(TimeoutException.class, assertThrows(ExecutionException.class, tooMany::get).getCause());
            stuck.countDown();
            assertEquals(9, sent.get(8).get().offset());
            assertEquals(10, producer.send(record(0, KILOBYTE)).get().offset());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRecordLargerThanTheBufferIsRefusedAtOnce() {
        try (var producer = rig.producer("buffer.memory", 500L)) {
            assertInstanceOf(RecordTooLargeException.class,
                    assertThrows(ExecutionException.class, producer.send(record(0, KILOBYTE))::get).getCause());
        }
    }

    @Test
    void aSmallBufferOnlySlowsDown() throws Exception {
        try (var producer = rig.producer("buffer.memory", 5_000L, "linger.ms", 60_000)) {
            for (int i = 0; i < 2_000; i++) {
                producer.send(record(i % 2, KILOBYTE));
            }
            producer.flush();
        }
        assertEquals(1_000, rig.written(0).size());
        assertEquals(1_000, rig.written(1).size());
    }

    @Test
    void callbacksMaySendAndAreNeverBlocked() throws Exception {
        CountDownLatch exhausted = new CountDownLatch(1);
        CountDownLatch chained = new CountDownLatch(1);
        try (var producer = rig.producer("buffer.memory", 10_000L)) {
            producer.send(record(0, "a"), (metadata, exception) -> {
                producer.send(record(0, "b"), (next, failure) -> chained.countDown());
                List<Future<RecordMetadata>> futures = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    futures.add(producer.send(record(1, KILOBYTE)));
                }
                // What waited here for room would wait for itself.
                if (futures.get(19).isDone()) {
                    exhausted.countDown();
                }
            });
            exhausted.await();
            chained.await();
        }
        assertEquals(List.of("a", "b"), rig.written(0));
    }

    @Test
    void aFullDiskIsRetriedUntilThereIsRoom() throws Exception {
        try (var producer = rig.producer("retry.backoff.ms", 1)) {
            List<Future<RecordMetadata>> sent = fillDisk(producer);
            assertFalse(sent.get(sent.size() - 1).isDone());
            disk.isFull = false;
            producer.flush();
            for (int i = 0; i < sent.size(); i++) {
                assertEquals(i + 1, sent.get(i).get().offset());
            }
        }
    }

    @Test
    void aDiskThatStaysFullFailsRecordsInTimeAndTheirSequencesAreUsedByTheNext() throws Exception {
        try (var producer = rig.producer("retry.backoff.ms", 1, "delivery.timeout.ms", 100, "request.timeout.ms", 50)) {
            List<Future<RecordMetadata>> sent = fillDisk(producer);
            producer.flush();
            long failed = sent.stream().filter(BackPressureTest::failedByTimeout).count();
            assertTrue(failed > 0);
            disk.isFull = false;
            assertEquals(1 + sent.size() - failed, producer.send(record(0, "next")).get().offset());
        }
    }

    @Test
    void withoutRetriesAFullDiskFailsAtOnce() throws Exception {
        try (var producer = rig.producer("retries", 0)) {
            List<Future<RecordMetadata>> sent = fillDisk(producer);
            producer.flush();
            Future<RecordMetadata> last = sent.get(sent.size() - 1);
            assertInstanceOf(KafkaStorageException.class,
                    assertThrows(ExecutionException.class, last::get).getCause());
        }
    }

    /** Sends more than the blocks that were written ahead can hold. */
    private List<Future<RecordMetadata>> fillDisk(EmbeddedProducer<String, String> producer) throws Exception {
        producer.send(record(0, KILOBYTE)).get();
        disk.isFull = true;
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            sent.add(producer.send(record(0, KILOBYTE)));
        }
        return sent;
    }

    private static boolean failedByTimeout(Future<RecordMetadata> future) {
        try {
            future.get(1, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof TimeoutException;
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
