package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The directory is closed while other threads append: whatever was acknowledged is there when it is opened again. */
@Timeout(120)
class CloseBesideAppendersTest {
    private static final int ROUNDS = 25;
    private static final int THREADS = 2;
    private static final int RECORDS_PER_FLUSH = 7;

    @TempDir
    Path directory;

    /** What one thread does until it is refused; answers how many of its records are acknowledged. */
    private interface Work {
        int run(Semel semel, int thread, CountDownLatch underWay);
    }

    @Test
    void appendersLoseNothingThatWasAcknowledged() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            assertAcknowledgedIsThere("plain-" + round, DeliverySemantics.AT_LEAST_ONCE, this::append);
        }
    }

    private int append(Semel semel, int thread, CountDownLatch underWay) {
        String topic = "orders";
        int acknowledged = 0;
        try {
            Appender appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, topic, thread);
            while (true) {
                for (int index = 0; index < RECORDS_PER_FLUSH; index++) {
                    appender.append(null, Records.bytes("v" + (acknowledged + index)));
                }
                appender.awaitAcknowledged();
                acknowledged += RECORDS_PER_FLUSH;
                if (acknowledged == 10 * RECORDS_PER_FLUSH) {
                    underWay.countDown();
                }
            }
        } catch (IllegalStateException closed) {
            return acknowledged;
        }
    }

    @Test
    void transactionalAppendersLoseNothingThatWasCommitted() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            assertAcknowledgedIsThere("transactional-" + round, DeliverySemantics.EXACTLY_ONCE, this::transact);
        }
    }

    private int transact(Semel semel, int thread, CountDownLatch underWay) {
        String topic = "orders";
        int committed = 0;
        try {
            TransactionalAppender appender = semel.openTransactionalAppender("t" + thread);
            TransactionalAppender.Target target = appender.target(topic, thread);
            while (true) {
                appender.begin();
                for (int index = 0; index < RECORDS_PER_FLUSH; index++) {
                    appender.append(target, null, Records.bytes("v" + (committed + index)));
                }
                appender.commit();
                committed += RECORDS_PER_FLUSH;
                if (committed == 10 * RECORDS_PER_FLUSH) {
                    underWay.countDown();
                }
            }
        } catch (IllegalStateException closed) {
            return committed;
        }
    }

    private void assertAcknowledgedIsThere(String name, DeliverySemantics semantics, Work work) throws Exception {
        Path home = directory.resolve(name);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Integer> acknowledged = runUntilClosed(home, threads, work);
            try (Semel semel = Semel.open(home)) {
                for (int thread = 0; thread < THREADS; thread++) {
                    List<String> found = read(semel, semantics, thread);
                    assertTrue(found.size() >= acknowledged.get(thread), found.size() + " of " + acknowledged);
                    for (int index = 0; index < found.size(); index++) {
                        assertEquals("v" + index, found.get(index));
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Integer> runUntilClosed(Path home, ExecutorService threads, Work work)
            throws IOException, InterruptedException, ExecutionException {
        List<Future<Integer>> running = new ArrayList<>();
        CountDownLatch underWay = new CountDownLatch(THREADS);
        try (Semel semel = Semel.open(home)) {
            semel.admin().createTopic("orders", THREADS, Map.of("segment.bytes", "131072"));
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                running.add(threads.submit(() -> work.run(semel, number, underWay)));
            }
            underWay.await();
        }
        List<Integer> acknowledged = new ArrayList<>();
        for (Future<Integer> each : running) {
            acknowledged.add(each.get());
        }
        return acknowledged;
    }

    private static List<String> read(Semel semel, DeliverySemantics semantics, int partition) {
        try (Reader reader = semel.openReader(semantics, "orders", partition, 0)) {
            return Records.drain(reader);
        }
    }

    @Test
    void secondThreadInsideIsRefused() {
        OneThread access = new OneThread("it");
        access.enter();
        assertThrows(ConcurrentModificationException.class, access::enter);
        access.leave();
        access.enter();
        access.leave();
        access.close(() -> assertThrows(IllegalStateException.class, access::enter));
        assertThrows(IllegalStateException.class, access::enter);
    }
}
