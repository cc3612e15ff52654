package io.semel.client.producer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** The sender thread sleeps when there is nothing to do, without a timeout: one missed wake-up hangs these tests. */
@Timeout(60)
class WakeUpTest {
    @Test
    void noSendIsMissedByASenderThatFallsAsleep(@TempDir Path path) throws Exception {
        try (ProducerRig rig = ProducerRig.open(path, 1); var producer = rig.producer("linger.ms", 0)) {
            for (int i = 0; i < 10_000; i++) {
                // The callback alone: a waiting future would hasten the sender, and so hide a missed put.
                CountDownLatch reported = new CountDownLatch(1);
                producer.send(record(0, "v"), (metadata, exception) -> reported.countDown());
                reported.await();
                // Around the time after which the sender goes from spinning to sleep.
                spin(ThreadLocalRandom.current().nextInt(40_000));
            }
            assertEquals(10_000, rig.written(0).size());
        }
    }

    private static void spin(long ns) {
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < ns) {
            Thread.onSpinWait();
        }
    }

    @Test
    void noHasteIsMissedByASenderThatFallsAsleep(@TempDir Path path) throws Exception {
        try (ProducerRig rig = ProducerRig.open(path, 1); var producer = rig.producer("linger.ms", 60_000)) {
            for (int i = 0; i < 10_000; i++) {
                assertEquals(i, producer.send(record(0, "v")).get(60, TimeUnit.SECONDS).offset());
                spin(ThreadLocalRandom.current().nextInt(40_000));
            }
        }
    }

    /**
     * One put at a time, and nobody else's put to make up for a missed one; nothing between, so that they meet often.
     */
    @Test
    void everyPutIsTakenByASleeperWithoutATimeout() throws Exception {
        int puts = 100_000;
        SendQueue queue = new SendQueue(new BufferMemory(0));
        AtomicInteger taken = new AtomicInteger();
        Thread sleeper = new Thread(() -> {
            while (taken.get() < puts) {
                if (queue.take() == null) {
                    queue.sleep(SendQueue.FOR_EVER);
                } else {
                    taken.incrementAndGet();
                }
            }
        });
        queue.bind(sleeper);
        sleeper.start();
        for (int i = 1; i <= puts; i++) {
            queue.put(new Command("nothing", Command.Batches.LEAVE, () -> true), Duration.ofSeconds(60));
            while (taken.get() < i) {
                Thread.yield();
                assertFalse(Thread.currentThread().isInterrupted(), "a put was missed, number " + i);
            }
            spin(ThreadLocalRandom.current().nextInt(2_000));
        }
        sleeper.join();
    }
}
