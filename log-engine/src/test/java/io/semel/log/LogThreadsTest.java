package io.semel.log;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchView;
import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class LogThreadsTest {
    /** Far longer than any wake-up; whoever waits this long was forgotten. */
    private static final long FORGOTTEN_SECONDS = 30;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void manyProducersKeepTheirOrderAndReadersSeeOnlyWholeBatches() throws Exception {
        int producers = 4;
        int batchesEach = 50_000;
        LogConfig config = new LogConfig(1 << 20, 1 << 16, 4096);
        Log log = Log.open(FileDisk.instance(), directory, config, Logs.NOTHING);
        List<Future<?>> running = new ArrayList<>();
        AtomicInteger writing = new AtomicInteger(producers);
        for (int producer = 0; producer < producers; producer++) {
            int who = producer;
            running.add(threads.submit(() -> {
                TestBatches batches = new TestBatches();
                Claim claim = new Claim();
                for (int number = 0; number < batchesEach; number++) {
                    ByteBuffer batch = batches.batch(who, number, 1 + number % 2, number % 90);
                    assertTrue(Logs.append(log, claim, batch) >= 0);
                }
                writing.decrementAndGet();
                return null;
            }));
        }
        running.add(threads.submit(() -> {
            while (writing.get() > 0) {
                if (log.doWork() == 0) {
                    Thread.yield();
                }
            }
        }));
        for (int reader = 0; reader < 2; reader++) {
            running.add(threads.submit(() -> follow(log, producers, batchesEach)));
        }
        for (Future<?> each : running) {
            each.get();
        }
        log.close();
        try (Log reopened = Log.open(FileDisk.instance(), directory, config, Logs.NOTHING)) {
            assertEquals(log.frontierOffset(), reopened.frontierOffset());
            assertEquals(0, reopened.leaderEpoch());
            follow(reopened, producers, batchesEach);
        }
    }

    private static Void follow(Log log, int producers, int batchesEach) {
        TestBatches batches = new TestBatches();
        long[] next = new long[producers];
        long expectedOffset = 0;
        long seen = 0;
        long lastFrontier = 0;
        try (LogReader reader = log.openReader()) {
            while (seen < (long) producers * batchesEach) {
                long frontier = log.frontierPosition();
                assertTrue(frontier >= lastFrontier, "the frontier went back");
                lastFrontier = frontier;
                if (!reader.next(frontier)) {
                    Thread.yield();
                    continue;
                }
                RecordBatchView batch = reader.batch();
                assertTrue(batch.isCrcValid(), batch::toString);
                assertEquals(expectedOffset, batch.baseOffset());
                expectedOffset = batch.nextOffset();
                int who = (int) batches.who(batch);
                assertEquals(next[who]++, batches.number(batch));
                seen++;
            }
        }
        return null;
    }

    /** L7: baton and mark; whenever all appenders are done, everything is behind the frontier, with nobody to push. */
    @Test
    void noPublishedBatchIsLeftBehind() throws Exception {
        int rounds = 50_000;
        try (Log log = Logs.open(directory)) {
            AtomicInteger arrived = new AtomicInteger();
            List<Future<Void>> appenders = new ArrayList<>();
            for (int appender = 0; appender < 2; appender++) {
                appenders.add(threads.submit(() -> {
                    ByteBuffer batch = new TestBatches().batch(0, 0, 1, 10);
                    Claim claim = new Claim();
                    for (int round = 0; round < rounds; round++) {
                        meet(arrived, 4 * round + 2);
                        assertTrue(Logs.append(log, claim, batch) >= 0);
                        meet(arrived, 4 * round + 4);
                        assertEquals(2L * (round + 1), log.frontierOffset());
                    }
                    return null;
                }));
            }
            for (Future<Void> each : appenders) {
                each.get();
            }
        }
    }

    /** Spins, for a barrier that parks would let the two append one after the other. */
    private static void meet(AtomicInteger arrived, int all) {
        arrived.incrementAndGet();
        for (int spins = 0; arrived.get() < all; spins++) {
            if (spins < 2000) {
                Thread.onSpinWait();
            } else if (Thread.interrupted()) {
                throw new IllegalStateException("the other one is gone");
            } else {
                Thread.yield();
            }
        }
    }

    @Test
    void aWaiterAtTheTailIsNeverForgotten() throws Exception {
        int rounds = 30_000;
        try (Log log = Logs.open(directory)) {
            Semaphore permission = new Semaphore(0);
            Future<?> appender = threads.submit((Callable<Void>) () -> {
                TestBatches batches = new TestBatches();
                Claim claim = new Claim();
                for (int number = 0; number < rounds; number++) {
                    permission.acquire();
                    Logs.append(log, claim, batches.batch(0, number, 1, 10));
                }
                return null;
            });
            Semaphore woken = new Semaphore(0);
            TailWaiter.Registration registration = new TailWaiter.Registration(woken::release);
            for (int number = 0; number < rounds; number++) {
                permission.release();
                while (log.frontierOffset() <= number) {
                    log.wakeOnAdvance(registration);
                    if (log.frontierOffset() <= number) {
                        assertTrue(woken.tryAcquire(FORGOTTEN_SECONDS, TimeUnit.SECONDS), "forgotten at " + number);
                    }
                }
                woken.drainPermits();
            }
            appender.get();
        }
    }

    @Test
    void oneWaiterThatFailsKeepsNeitherAppenderNorOtherWaitersBack() throws Exception {
        try (Log log = Logs.open(directory)) {
            CountDownLatch woken = new CountDownLatch(2);
            log.wakeOnAdvance(new TailWaiter.Registration(woken::countDown));
            log.wakeOnAdvance(new TailWaiter.Registration(() -> {
                throw new IllegalStateException("made up");
            }));
            log.wakeOnAdvance(new TailWaiter.Registration(woken::countDown));
            Logs.appendNumbers(log, 0, 1);
            assertEquals(0, woken.getCount());
        }
    }

    @Test
    void aWaiterThatIsDoneLeavesNothingBehindOnAQuietLogAndOthersAreWokenToListAgain() throws Exception {
        try (Log log = Logs.open(directory)) {
            AtomicBoolean woken = new AtomicBoolean();
            TailWaiter.Registration done = new TailWaiter.Registration(() -> woken.set(true));
            TailWaiter.Registration other = new TailWaiter.Registration(() -> woken.set(true));
            log.wakeOnAdvance(done);
            log.wakeOnAdvance(other);
            log.stopWaking(done);
            assertTrue(woken.get());
            assertFalse(done.listed.get() || other.listed.get());
            woken.set(false);
            log.wakeOnAdvance(other);
            log.stopWaking(done);
            assertFalse(woken.get(), "one that is not on the list wakes nobody");
            Logs.appendNumbers(log, 0, 1);
            assertTrue(woken.get());
        }
    }

    @Test
    void closingWakesTheWaiters() throws Exception {
        Log log = Logs.open(directory);
        AtomicBoolean woken = new AtomicBoolean();
        log.wakeOnAdvance(new TailWaiter.Registration(() -> woken.set(true)));
        log.close();
        assertTrue(woken.get());
    }

    @Test
    void closingUnderAppendersLosesNothingThatWasAcknowledged() throws Exception {
        for (int round = 0; round < 15; round++) {
            Path each = directory.resolve("round" + round);
            Log log = Logs.open(new FaultyDisk().withoutForces(), each, Logs.NOTHING);
            long acknowledged = appendUntilRefused(log, round, Append.CLOSED);
            try (Log reopened = Logs.open(new FaultyDisk().withoutForces(), each, Logs.NOTHING)) {
                assertEquals(acknowledged, Logs.readAll(reopened).size());
                assertEquals(0, reopened.leaderEpoch());
            }
        }
    }

    @Test
    void nothingIsUnmappedUnderAnOpenClaimOfAnOfflineLog() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = Logs.open(disk, directory, (batch, position) -> {
            throw new IllegalStateException("made up");
        });
        TestBatches batches = new TestBatches();
        Claim open = new Claim();
        Claim first = new Claim();
        assertEquals(0, log.tryClaim(first, 1, 200));
        assertEquals(1, log.tryClaim(open, 1, 200));
        first.fill(batches.batchOfSize(0, 200), 0);
        log.publish(first);
        assertEquals("made up", log.failure().getMessage());
        Future<Void> closer = threads.submit(() -> {
            log.close();
            return null;
        });
        while (log.append(new Claim(), batches.batch(1)) != Append.CLOSED) {
            Thread.onSpinWait();
        }
        for (int look = 0; look < 20_000; look++) {
            assertEquals(1, disk.mappedRegions());
            Thread.yield();
        }
        open.fill(batches.batchOfSize(1, 200), 0);
        log.publish(open);
        closer.get();
        assertEquals(0, disk.mappedRegions());
    }

    /** An offline log is the harder case: the frontier stands, yet nothing may be unmapped under an open claim. */
    @Test
    void closingAnOfflineLogUnderAppendersKillsNobody() throws Exception {
        for (int round = 0; round < 15; round++) {
            Path each = directory.resolve("round" + round);
            LogFold fold = (batch, position) -> {
                if (batch.baseOffset() >= 5) {
                    throw new IllegalStateException("made up");
                }
            };
            Log log = Logs.open(new FaultyDisk().withoutForces(), each, fold);
            appendUntilRefused(log, 0, Append.OFFLINE);
            log.close();
        }
    }

    /** Four appenders and a closer; returns how many appends were acknowledged. */
    private long appendUntilRefused(Log log, int round, long until) throws Exception {
        List<Future<Long>> appenders = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(4);
        for (int appender = 0; appender < 4; appender++) {
            int who = appender;
            appenders.add(threads.submit(() -> {
                TestBatches batches = new TestBatches();
                Claim claim = new Claim();
                long taken = 0;
                for (long number = 0;; number++) {
                    // Before the append, for on a busy machine one of them may wait long for its first turn.
                    started.countDown();
                    long code = Logs.append(log, claim, batches.batch(who, number, 1, 5000));
                    if (code < 0) {
                        assertTrue(code == until || code == Append.CLOSED, Append.describe(code));
                        return taken;
                    }
                    taken++;
                }
            }));
        }
        started.await();
        while (log.claimedOffset() < 10 * round) {
            Thread.onSpinWait();
        }
        log.close();
        long total = 0;
        for (Future<Long> appender : appenders) {
            total += appender.get();
        }
        return total;
    }

    @Test
    void anInterruptedAppenderClosesNoFile() throws Exception {
        try (Log log = Logs.open(directory)) {
            Thread.currentThread().interrupt();
            Logs.appendNumbers(log, 0, 1000);
            Logs.settle(log);
            assertTrue(Thread.interrupted());
            Logs.appendNumbers(log, 1000, 2000);
            assertEquals(LogTest.numbers(0, 2000), Logs.readNumbers(log));
        }
        Thread.currentThread().interrupt();
        try (Log log = Logs.open(directory)) {
            assertEquals(2000, Logs.readNumbers(log).size());
        }
        assertTrue(Thread.interrupted());
    }
}
