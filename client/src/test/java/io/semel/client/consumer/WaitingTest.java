package io.semel.client.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchWriter;

import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class WaitingTest {
    private static final Duration FOREVER = Duration.ofDays(365_000);

    private Rig rig;
    private EmbeddedConsumer<String, String> consumer;
    private volatile Thread poller;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, 2);
        consumer = rig.consumer(CommitStyle.MANUAL);
        consumer.assign(List.of(at(0), at(1)));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private CompletableFuture<List<String>> pollInAThread(Duration timeout) {
        CompletableFuture<List<String>> polled = new CompletableFuture<>();
        poller = new Thread(() -> {
            try {
                polled.complete(Rig.values(consumer.poll(timeout)));
            } catch (RuntimeException e) {
                polled.completeExceptionally(e);
            }
        });
        poller.start();
        return polled;
    }

    private void awaitParked() {
        Rig.until("the poll to sleep", () -> poller.getState() == Thread.State.TIMED_WAITING
                || poller.getState() == Thread.State.WAITING);
    }

    private static Throwable failureOf(CompletableFuture<?> polled) {
        return assertThrows(ExecutionException.class, () -> polled.get(20, TimeUnit.SECONDS)).getCause();
    }

    @Test
    void aPollSleepsUntilAnAppendWakesIt() throws Exception {
        CompletableFuture<List<String>> polled = pollInAThread(FOREVER);
        awaitParked();
        rig.write(at(1), "a");
        assertEquals(List.of("a"), polled.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aSignalBetweenLookingAndSleepingIsNotLost() {
        Parking parking = new Parking();
        parking.arm();
        parking.wake();
        parking.park(Long.MAX_VALUE);
        assertFalse(parking.isOccupied());
    }

    @Test
    void wakeupEndsAPollThatSleeps() {
        CompletableFuture<List<String>> polled = pollInAThread(FOREVER);
        awaitParked();
        consumer.wakeup();
        assertInstanceOf(WakeupException.class, failureOf(polled));
        assertTrue(consumer.poll(Duration.ZERO).isEmpty());
    }

    @Test
    void wakeupBeforeAPollEndsThatPollOnly() {
        consumer.wakeup();
        consumer.wakeup();
        assertThrows(WakeupException.class, () -> consumer.poll(FOREVER));
        assertTrue(consumer.poll(Duration.ZERO).isEmpty());
    }

    @Test
    void anInterruptEndsAPollAndStaysSet() throws Exception {
        CompletableFuture<Boolean> wasSet = new CompletableFuture<>();
        poller = new Thread(() -> {
            try {
                consumer.poll(FOREVER);
            } catch (InterruptException e) {
                wasSet.complete(Thread.currentThread().isInterrupted());
            }
        });
        poller.start();
        awaitParked();
        poller.interrupt();
        assertTrue(wasSet.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aSecondThreadIsRefused() throws Exception {
        CompletableFuture<List<String>> polled = pollInAThread(FOREVER);
        awaitParked();
        assertThrows(ConcurrentModificationException.class, () -> consumer.position(at(0)));
        rig.write(at(0), "a");
        assertEquals(List.of("a"), polled.get(20, TimeUnit.SECONDS));
        assertEquals(1, consumer.position(at(0)));
    }

    @Test
    void closingTheDirectoryLetsASleepingPollOutAndClosesTheConsumer() throws Exception {
        CompletableFuture<List<String>> polled = pollInAThread(FOREVER);
        awaitParked();
        rig.close();
        assertInstanceOf(WakeupException.class, failureOf(polled));
        assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ZERO));
        consumer.close();
    }

    @Test
    void everyAppendOfAManyThreadedStormIsFoundByASleepyReader() throws Exception {
        int writers = 3;
        int each = 500;
        for (int index = 0; index < writers; index++) {
            int partition = index % 2;
            Thread writer = new Thread(() -> {
                RecordBatchWriter batch = new RecordBatchWriter(256, 1_024);
                for (int number = 0; number < each; number++) {
                    rig.write(batch, at(partition), "x");
                }
            });
            writer.start();
        }
        int seen = 0;
        while (seen < writers * each) {
            int got = consumer.poll(Rig.LONG).count();
            assertTrue(got > 0, "nothing within " + Rig.LONG + " after " + seen);
            seen += got;
        }
        assertEquals(writers * each, seen);
    }
}
