package io.semel.client.producer;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.semel.client.producer.ProducerRig.record;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The sender thread sleeps when there is nothing to do, without a timeout: one missed wake-up hangs these tests. */
@Timeout(120)
class WakeUpTest {
    @Test
    void noSendIsMissedByASenderThatFallsAsleep(@TempDir Path path) throws Exception {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        int threads = 2;
        int each = 10_000;
        try (ProducerRig rig = ProducerRig.open(path, 1); var producer = rig.producer("linger.ms", 0)) {
            List<Thread> running = IntStream.range(0, threads).mapToObj(id -> new Thread(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        // The callback alone: a waiting future would hasten the sender, and so hide a missed put.
                        Thread caller = Thread.currentThread();
                        boolean[] done = new boolean[1];
                        producer.send(record(0, "v"), (metadata, exception) -> {
                            synchronized (done) {
                                done[0] = true;
                                done.notifyAll();
                            }
                        });
                        synchronized (done) {
                            while (!done[0]) {
                                done.wait();
                            }
                        }
                        // Around the time after which the sender goes from spinning to sleep.
                        spin(ThreadLocalRandom.current().nextInt(40_000));
                        assertEquals(caller, Thread.currentThread());
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            })).toList();
            running.forEach(Thread::start);
            for (Thread thread : running) {
                thread.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            assertEquals(threads * each, rig.written(0).size());
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

    /** Puts and sleeps alone, without the work between, so that they meet often. */
    @Test
    void everyPutIsTakenByASleeperWithoutATimeout() throws Exception {
        int puts = 200_000;
        SendQueue queue = new SendQueue(new BufferMemory(0));
        int[] taken = new int[1];
        Thread sleeper = new Thread(() -> {
            while (taken[0] < puts) {
                if (queue.take() == null) {
                    queue.sleep(SendQueue.FOR_EVER);
                } else {
                    taken[0]++;
                }
            }
        });
        queue.bind(sleeper);
        sleeper.start();
        for (int i = 0; i < puts; i++) {
            queue.put(new Command("nothing", Command.Batches.LEAVE, () -> true), java.time.Duration.ofSeconds(60));
            if ((i & 7) == 0) {
                LockSupport.parkNanos(1);
            }
        }
        sleeper.join();
        assertEquals(puts, taken[0]);
    }
}
