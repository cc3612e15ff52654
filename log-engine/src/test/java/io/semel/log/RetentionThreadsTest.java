package io.semel.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.memory.FaultyDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Segments are deleted under everybody who appends, follows, seeks and finishes; an unmapping too early kills this JVM. */
@Timeout(120)
class RetentionThreadsTest {
    private static final int BATCHES = 40_000;
    private static final long KEPT_BYTES = 2L * LogConfig.MIN_SEGMENT_BYTES;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean appending = new AtomicBoolean(true);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void segmentsAreDeletedUnderRunningReaders() throws Exception {
        FaultyDisk disk = new FaultyDisk().withoutForces();
        LogConfig config = RetentionTest.keeping(RetentionConfig.UNLIMITED, KEPT_BYTES, Long.MAX_VALUE);
        Log log = Log.open(disk, directory, config, Logs.NOTHING);
        List<Future<?>> running = new ArrayList<>();
        running.add(threads.submit(() -> append(log)));
        running.add(threads.submit(() -> repeat(() -> log.flush() + log.doWork())));
        running.add(threads.submit(() -> repeat(() -> cleanAndCheckStart(log))));
        for (int reader = 0; reader < 2; reader++) {
            running.add(threads.submit(() -> follow(log)));
        }
        running.add(threads.submit(() -> repeat(() -> readFromTheStart(log))));
        for (Future<?> each : running) {
            each.get();
        }
        Logs.settle(log);
        while (log.clean(0, Long.MAX_VALUE) > 0) {
            Logs.settle(log);
        }
        assertTrue(log.cleaningProgress().deletedSegments() > 10, () -> log.cleaningProgress().toString());
        assertTrue(log.sizeInBytes() < KEPT_BYTES + 2L * LogConfig.MIN_SEGMENT_BYTES);
        assertEquals(0, log.cleaningProgress().segmentsStillRead());
        assertEquals(Logs.files(directory, ".log").size(), disk.mappedRegions());
        assertEquals(Logs.files(directory, ".log").size() - 1, Logs.files(directory, ".index").size());
        log.close();
        assertEquals(0, disk.mappedRegions());
        try (Log again = Log.open(disk, directory, config, Logs.NOTHING)) {
            assertEquals(log.startOffset(), again.startOffset());
            assertEquals(BATCHES - again.startOffset(), Logs.readAll(again).size());
        }
    }

    /** Who finds a segment that is dropped before he can lease it looks again. */
    @Test
    void whoOpensAReaderWhileItsSegmentGoesFindsTheNextOne() throws Exception {
        LogConfig config = RetentionTest.keeping(RetentionConfig.UNLIMITED, 0, Long.MAX_VALUE);
        try (Log log = Log.open(new FaultyDisk().withoutForces(), directory, config, Logs.NOTHING)) {
            List<Future<?>> openers = new ArrayList<>();
            for (int opener = 0; opener < 2; opener++) {
                openers.add(threads.submit(() -> repeat(() -> {
                    log.openReader().close();
                    return 1;
                })));
            }
            TestBatches batches = new TestBatches();
            for (int segment = 0; segment < 400; segment++) {
                for (int number = 0; number < 2; number++) {
                    Logs.append(log, new Claim(), batches.batchOfSize(segment, 40_000));
                }
                log.flush();
                log.clean(0, Long.MAX_VALUE);
            }
            appending.set(false);
            for (Future<?> each : openers) {
                each.get();
            }
            assertTrue(log.cleaningProgress().deletedSegments() > 400, () -> log.cleaningProgress().toString());
        }
    }

    private interface Round {
        int run() throws Exception;
    }

    private Void repeat(Round round) throws Exception {
        while (appending.get()) {
            if (round.run() == 0) {
                Thread.yield();
            }
        }
        return null;
    }

    private Void append(Log log) {
        try {
            TestBatches batches = new TestBatches();
            Claim claim = new Claim();
            for (long number = 0; number < BATCHES; number++) {
                assertEquals(number, Logs.append(log, claim, batches.batch(0, number, 1, (int) (number % 200))));
            }
            return null;
        } finally {
            appending.set(false);
        }
    }

    private static int cleanAndCheckStart(Log log) {
        long before = log.startOffset();
        int done = log.clean(0, Long.MAX_VALUE);
        assertTrue(log.startOffset() >= before, "the start went back (L6)");
        return done;
    }

    /** Sees its way to the end: whole batches, in order, with gaps only where the log's start has moved past. */
    private Void follow(Log log) {
        TestBatches batches = new TestBatches();
        try (LogReader reader = log.openReader()) {
            long expected = reader.nextOffset();
            while (expected < BATCHES) {
                if (!reader.next(log.frontierPosition())) {
                    Thread.yield();
                    continue;
                }
                assertTrue(reader.batch().isCrcValid());
                long offset = reader.batch().baseOffset();
                assertTrue(offset == expected || offset > expected && expected < log.startOffset(),
                        () -> "offset=" + offset + " " + log);
                assertEquals(offset, batches.number(reader.batch()));
                expected = offset + 1;
            }
        }
        return null;
    }

    private static int readFromTheStart(Log log) {
        int seen = 0;
        try (LogReader reader = log.openReader()) {
            while (seen < 100 && reader.next(log.frontierPosition())) {
                assertTrue(reader.batch().isCrcValid());
                seen++;
            }
            reader.seek(log.startOffset() + 500);
            seen += reader.next(log.frontierPosition()) ? 1 : 0;
        }
        return seen;
    }
}
