package io.semel.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FaultyDisk;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** In POWER only what is on the medium is acknowledged and shown (L1, L5, L6). */
@Timeout(60)
class PowerDurabilityTest {
    private static final LogConfig POWER = Logs.SMALL.withDurability(Durability.POWER);
    private static final int BATCH_BYTES = 1000;

    @TempDir
    Path directory;

    private final TestBatches batches = new TestBatches();
    private final Claim claim = new Claim();

    private Log open(FaultyDisk disk) throws IOException {
        return Log.open(disk, directory, POWER, Logs.NOTHING);
    }

    private static int seen(Log log) {
        int count = 0;
        try (LogReader reader = log.openReader()) {
            while (reader.next(log.readablePosition())) {
                count++;
            }
        }
        return count;
    }

    @Test
    void nothingIsAcknowledgedOrShownBeforeItIsForced() throws Exception {
        try (Log log = open(new FaultyDisk())) {
            assertEquals(0, Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES)));
            assertEquals(1, log.frontierOffset());
            assertEquals(0, log.acknowledgedOffset());
            assertEquals(0, log.readableOffset());
            assertEquals(0, seen(log));
            assertTrue(log.tryForce());
            assertEquals(1, log.acknowledgedOffset());
            assertEquals(1, seen(log));
        }
    }

    @Test
    void inProcessDurabilityTheFrontierAcknowledges() throws Exception {
        try (Log log = Logs.open(directory)) {
            Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES));
            assertEquals(1, log.acknowledgedOffset());
            assertEquals(0, log.durableOffset());
            assertEquals(1, seen(log));
        }
    }

    @Test
    void aForceCoversEverySegmentThatTheFrontierHasLeft() throws Exception {
        try (Log log = open(new FaultyDisk())) {
            for (int number = 0; number < 200; number++) {
                Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES));
            }
            assertTrue(Logs.files(directory, ".log").size() > 3);
            assertTrue(log.tryForce());
            assertEquals(200, log.acknowledgedOffset());
            assertEquals(200, seen(log));
        }
    }

    @Test
    void theFlusherForcesWhatNobodyElseDoes() throws Exception {
        try (Log log = open(new FaultyDisk())) {
            Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES));
            log.wantForce();
            assertEquals(1, log.flush());
            assertEquals(1, log.acknowledgedOffset());
            Logs.append(log, claim, batches.batchOfSize(1, BATCH_BYTES));
            log.flush();
            log.flush();
            assertEquals(2, log.acknowledgedOffset(), "nobody asked, and nobody else forced");
            assertEquals(0, log.flush());
        }
    }

    /** L5: whatever ends a force in the middle, what reached the medium is unknown. */
    @Test
    void anErrorDuringAForceIsAFailedForce() throws Exception {
        for (String kind : List.of("forceData", "force", "forceDirectory")) {
            FaultyDisk disk = new FaultyDisk();
            Path home = directory.resolve(kind);
            Log log = Log.open(disk, home, POWER, Logs.NOTHING);
            Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES));
            assertTrue(log.tryForce());
            disk.breakEvery(kind);
            long code = 0;
            for (int number = 1; code >= 0; number++) {
                code = log.append(claim, batches.batchOfSize(number, BATCH_BYTES));
                log.doWork();
                log.flush();
            }
            assertEquals(Append.OFFLINE, code, kind);
            String failure = log.failure().toString();
            assertTrue(failure.contains("InternalError") && failure.contains(home.toString()), failure);
            long failures = disk.failures();
            int seen = seen(log);
            disk.heal();
            assertFalse(log.tryForce());
            assertEquals(0, log.doWork() + log.flush());
            assertEquals(seen, seen(log));
            assertEquals(seen, log.acknowledgedOffset());
            log.close();
            assertEquals(failures, disk.failures());
            try (Log again = Log.open(disk, home, POWER, Logs.NOTHING)) {
                assertTrue(seen(again) >= seen, kind);
            }
        }
    }

    @Test
    void aFailedForceShowsNothingMoreAndIsNeverRetried() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = open(disk);
        Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES));
        assertTrue(log.tryForce());
        Logs.append(log, claim, batches.batchOfSize(1, BATCH_BYTES));
        disk.failEvery("forceData");
        assertFalse(log.tryForce());
        assertInstanceOf(ForceFailedException.class, log.failure());
        disk.heal();
        assertFalse(log.tryForce());
        assertEquals(0, log.flush());
        assertEquals(1, log.acknowledgedOffset());
        assertEquals(1, seen(log));
        assertEquals(Append.OFFLINE, log.append(claim, batches.batchOfSize(2, BATCH_BYTES)));
        log.close();
        assertEquals(1, disk.failures());
    }

    @Test
    void blocksThatCanNotBeForcedTakeTheLogOfflineAndAreNotForcedAgain() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Log log = open(disk);
        disk.failEvery("force");
        long code = 0;
        while (code >= 0) {
            code = log.append(claim, batches.batchOfSize(0, BATCH_BYTES));
        }
        assertEquals(Append.OFFLINE, code);
        assertInstanceOf(ForceFailedException.class, log.failure());
        assertEquals(Append.OFFLINE, log.append(claim, batches.batchOfSize(0, BATCH_BYTES)));
        assertEquals(0, log.doWork());
        assertEquals(1, disk.failures());
        disk.heal();
        assertFalse(log.tryForce());
        log.close();
    }

    @Test
    void forcingReturnsOnceTheTicketIsAcknowledged() throws Exception {
        try (Log log = open(new FaultyDisk())) {
            for (long number = 0; number < 50; number++) {
                long ticket = Logs.append(log, claim, batches.batchOfSize(number, BATCH_BYTES)) + 1;
                log.force();
                assertTrue(log.acknowledgedOffset() >= ticket);
            }
        }
    }

    @Test
    void blocksAndDirectoryEntriesAreForcedBeforeAnythingIsClaimed() throws Exception {
        for (String kind : List.of("force", "forceDirectory")) {
            FaultyDisk disk = new FaultyDisk();
            disk.failEvery(kind);
            IOException thrown = assertThrows(IOException.class,
                    () -> Log.open(disk, directory.resolve(kind), POWER, Logs.NOTHING));
            assertTrue(thrown.getMessage().contains("made up"), kind);
        }
    }

    @Test
    void whatAKilledProcessLeftInThePageCacheIsForcedBeforeItIsShownAgain() throws Exception {
        Path killed;
        try (Log log = Log.open(FileDisk.instance(), directory.resolve("a"), POWER, Logs.NOTHING)) {
            Logs.append(log, claim, batches.batchOfSize(0, BATCH_BYTES));
            killed = Logs.killedCopy(directory.resolve("a"), directory.resolve("b"));
        }
        FaultyDisk disk = new FaultyDisk();
        try (Log log = Log.open(disk, killed, POWER, Logs.NOTHING)) {
            assertEquals(1, log.acknowledgedOffset());
        }
        disk.failEvery("force");
        Path third = Logs.killedCopy(directory.resolve("a"), directory.resolve("c"));
        IOException thrown = assertThrows(IOException.class, () -> Log.open(disk, third, POWER, Logs.NOTHING));
        assertTrue(thrown.getMessage().contains("made up"));
    }

    @Test
    void manyWaitersAreAcknowledgedAndReadersNeverPassTheDurableMark() throws Exception {
        int threads = 4;
        int each = 200;
        try (Log log = open(new FaultyDisk().withoutForces())) {
            CyclicBarrier start = new CyclicBarrier(threads);
            AtomicInteger done = new AtomicInteger();
            List<Thread> started = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (int number = 0; number < threads; number++) {
                Thread thread = new Thread(() -> {
                    try {
                        start.await();
                        appendAndWait(log, each);
                        done.incrementAndGet();
                    } catch (Throwable e) {
                        synchronized (failures) {
                            failures.add(e);
                        }
                    }
                });
                started.add(thread);
                thread.start();
            }
            for (Thread thread : started) {
                thread.join();
            }
            assertEquals(List.of(), failures);
            assertEquals(threads, done.get());
            assertEquals((long) threads * each, log.acknowledgedOffset());
        }
    }

    private static void appendAndWait(Log log, int count) {
        TestBatches mine = new TestBatches();
        Claim own = new Claim();
        ByteBuffer batch = mine.batchOfSize(0, BATCH_BYTES);
        for (int number = 0; number < count; number++) {
            long ticket = Logs.append(log, own, batch) + 1;
            while (log.acknowledgedOffset() < ticket) {
                long durable = log.durableOffset();
                assertTrue(log.readableOffset() >= durable && durable <= log.frontierOffset(), "L6");
                if (!log.tryForce()) {
                    Thread.yield();
                }
            }
        }
    }
}
