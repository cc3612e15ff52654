package io.semel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class ReaderTest {
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    @TempDir
    Path directory;
    private Semel semel;
    private Appender appender;

    @BeforeEach
    void open() throws IOException {
        semel = Semel.open(directory);
        semel.admin().createTopic("orders", 1);
        appender = semel.openAppender(DeliverySemantics.AT_LEAST_ONCE, "orders", 0);
    }

    @AfterEach
    void close() throws IOException {
        semel.close();
    }

    private void put(String... values) {
        for (String value : values) {
            appender.append(null, Records.bytes(value));
        }
        appender.flush();
    }

    private Reader reader(long offset) {
        return semel.openReader(DeliverySemantics.AT_LEAST_ONCE, "orders", 0, offset);
    }

    @Test
    void readsFromAnyOffsetInTheMiddleOfABatch() {
        put("0", "1", "2");
        put("3", "4");
        for (int from = 0; from <= 5; from++) {
            try (Reader reader = reader(from)) {
                assertEquals(from, reader.nextOffset());
                assertEquals(List.of("0", "1", "2", "3", "4").subList(from, 5), Records.drain(reader));
                assertEquals(5, reader.nextOffset());
            }
        }
    }

    @Test
    void offsetPastTheEndStandsAtTheEndAndSkipsNothing() {
        put("0");
        try (Reader reader = reader(100)) {
            assertEquals(1, reader.nextOffset());
            put("1", "2");
            assertEquals(List.of("1", "2"), Records.drain(reader));
            reader.seek(-5);
            assertEquals(List.of("0", "1", "2"), Records.drain(reader));
            reader.seek(50);
            put("3");
            assertEquals(List.of("3"), Records.drain(reader));
        }
    }

    @Test
    void recordWhoseHandlerThrowsIsHandedOverAgain() {
        put("0", "1", "2");
        List<String> seen = new ArrayList<>();
        try (Reader reader = reader(0)) {
            assertThrows(IllegalArgumentException.class, () -> reader.poll(record -> {
                if (record.offset() == 1 && seen.size() == 1) {
                    seen.add("failed");
                    throw new IllegalArgumentException("made up");
                }
                seen.add(Records.value(record));
            }, 10));
            assertEquals(1, reader.nextOffset());
            seen.addAll(Records.drain(reader));
        }
        assertEquals(List.of("0", "failed", "1", "2"), seen);
    }

    @Test
    void batchesAreCountedAndLimited() {
        put("0", "1");
        put("2");
        put("3");
        try (Reader reader = reader(0)) {
            List<Long> bases = new ArrayList<>();
            assertEquals(2, reader.pollBatches(batch -> bases.add(batch.baseOffset()), 2));
            assertEquals(1, reader.poll(record -> bases.add(record.offset()), 5));
            assertEquals(List.of(0L, 2L, 3L), bases);
        }
    }

    @Test
    void waitingEndsWithTheNextRecordAndLosesNoWakeUp() throws Exception {
        int count = 20_000;
        CompletableFuture<List<String>> seen = CompletableFuture.supplyAsync(() -> {
            List<String> values = new ArrayList<>();
            try (Reader reader = reader(0)) {
                while (values.size() < count) {
                    // A wake-up that is lost would wait here for ever.
                    assertTrue(reader.await(FOR_EVER));
                    values.addAll(Records.drain(reader));
                }
            }
            return values;
        });
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            expected.add("v" + number);
            put("v" + number);
        }
        assertEquals(expected, seen.get(60, TimeUnit.SECONDS));
    }

    @Test
    void committedReaderIsWokenByTheCommit() throws Exception {
        TransactionalAppender transactional = semel.openTransactionalAppender("t");
        int count = 500;
        CompletableFuture<List<String>> seen = CompletableFuture.supplyAsync(() -> {
            List<String> values = new ArrayList<>();
            try (Reader reader = semel.openReader(DeliverySemantics.EXACTLY_ONCE, "orders", 0, 0)) {
                while (values.size() < count) {
                    assertTrue(reader.await(FOR_EVER));
                    values.addAll(Records.drain(reader));
                }
            }
            return values;
        });
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            for (String value : List.of("aborted", "v" + number)) {
                transactional.begin();
                transactional.append(transactional.target("orders", 0), null, Records.bytes(value));
                if (value.equals("aborted")) {
                    transactional.abort();
                } else {
                    transactional.commit();
                    expected.add(value);
                }
            }
        }
        assertEquals(expected, seen.get(60, TimeUnit.SECONDS));
    }

    @Test
    void waitingEndsWhenTimeIsOverOrTheThreadIsInterrupted() {
        try (Reader reader = reader(0)) {
            assertFalse(reader.await(Duration.ofMillis(1)));
            assertFalse(reader.await(Duration.ZERO));
            Thread.currentThread().interrupt();
            assertFalse(reader.await(FOR_EVER));
            assertTrue(Thread.interrupted());
            put("x");
            assertTrue(reader.await(Duration.ZERO));
        }
    }

    @Test
    void closingTheDirectoryEndsAWaitOnAnotherThread() throws Exception {
        Reader reader = reader(0);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return reader.await(FOR_EVER);
            } catch (IllegalStateException e) {
                // It was closed before the wait began.
                return false;
            }
        });
        semel.close();
        assertFalse(waiting.get(60, TimeUnit.SECONDS));
    }

    @Test
    void closingTheDirectoryWaitsForAHandlerThatLooksAtMappedBytes() throws Exception {
        put("mapped", "never handed over");
        Reader reader = reader(0);
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch look = new CountDownLatch(1);
        List<String> seen = new ArrayList<>();
        CompletableFuture<Integer> polling = CompletableFuture.supplyAsync(() -> reader.poll(record -> {
            looking.countDown();
            await(look);
            seen.add(Records.value(record));
        }, 10));
        await(looking);
        Thread closing = new Thread(() -> {
            try {
                semel.close();
            } catch (IOException e) {
                seen.add(e.toString());
            }
        });
        closing.start();
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        look.countDown();
        assertEquals(1, polling.get(60, TimeUnit.SECONDS));
        closing.join();
        assertEquals(List.of("mapped"), seen);
        assertThrows(IllegalStateException.class, () -> reader.poll(record -> seen.add("late"), 1));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void handlerMayCloseItsReader() {
        put("0", "1");
        Reader reader = reader(0);
        assertEquals(1, reader.poll(record -> reader.close(), 10));
        assertThrows(IllegalStateException.class, () -> reader.seek(0));
    }
}
