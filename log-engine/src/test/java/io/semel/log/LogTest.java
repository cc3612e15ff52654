package io.semel.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.memory.FileDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogTest {
    @TempDir
    Path directory;

    private final TestBatches batches = new TestBatches();
    private final Claim claim = new Claim();

    @Test
    void whatIsAppendedIsReadBackInOrderAcrossSegments() throws Exception {
        try (Log log = Logs.open(directory)) {
            List<Long> offsets = Logs.appendNumbers(log, 0, 2000);
            assertEquals(numbers(0, 2000), Logs.readNumbers(log));
            List<Logs.Seen> seen = Logs.readAll(log);
            for (int index = 0; index < seen.size(); index++) {
                assertEquals(offsets.get(index), seen.get(index).baseOffset());
            }
            assertTrue(Logs.files(directory, ".log").size() > 3);
        }
    }

    @Test
    void theFoldSeesEveryBatchOnceAndInOrder() throws Exception {
        Logs.Remember fold = new Logs.Remember();
        try (Log log = Logs.open(FileDisk.instance(), directory, fold)) {
            Logs.appendNumbers(log, 0, 1000);
            assertEquals(Logs.readAll(log), fold.seen);
        }
    }

    @Test
    void anEmptyLogHasNothingToRead() throws Exception {
        try (Log log = Logs.open(directory); LogReader reader = log.openReader()) {
            assertFalse(reader.next(log.frontierPosition()));
            reader.seek(17);
            assertFalse(reader.next(log.frontierPosition()));
            assertEquals(0, log.frontierOffset());
            Logs.appendNumbers(log, 0, 1);
            assertTrue(reader.next(log.frontierPosition()));
        }
    }

    @Test
    void aBatchThatExactlyFitsTheRestStaysAndOneByteMoreRolls() throws Exception {
        int capacity = Logs.SMALL.segmentBytes();
        for (int excess = -1; excess <= 1; excess++) {
            Path each = directory.resolve("excess" + excess);
            try (Log log = Logs.open(each)) {
                assertEquals(0, Logs.append(log, claim, batches.batchOfSize(0, 50_000)));
                assertEquals(1, Logs.append(log, claim, batches.batchOfSize(1, capacity - 50_000 + excess)));
                assertEquals(excess > 0 ? 2 : 1, Logs.files(each, ".log").size());
                assertEquals(2, Logs.append(log, claim, batches.batchOfSize(2, 100)));
                assertEquals(numbers(0, 3), Logs.readNumbers(log));
            }
            try (Log log = Logs.open(each)) {
                assertEquals(numbers(0, 3), Logs.readNumbers(log));
                assertEquals(3, Logs.append(log, claim, batches.batchOfSize(3, 100)));
                assertEquals(numbers(0, 4), Logs.readNumbers(log));
            }
        }
    }

    @Test
    void theLargestBatchFillsASegmentAndOneByteMoreIsRefusedAtTheDoor() throws Exception {
        int capacity = Logs.SMALL.segmentBytes();
        try (Log log = Logs.open(directory)) {
            for (int number = 0; number < 4; number++) {
                assertEquals(number, Logs.append(log, claim, batches.batchOfSize(number, capacity)));
            }
            assertThrows(IllegalArgumentException.class,
                    () -> log.append(claim, batches.batchOfSize(4, capacity + 1)));
            assertEquals(numbers(0, 4), Logs.readNumbers(log));
            assertEquals(4L * capacity, log.sizeInBytes());
        }
    }

    @Test
    void everyBatchSizeAroundTheSeamIsReadBack() throws Exception {
        for (int size = 100; size < 240; size++) {
            if (size == 126) {
                // The record's length would need its second byte and then be one byte too long: no such batch exists.
                continue;
            }
            Path each = directory.resolve("size" + size);
            try (Log log = Logs.open(each)) {
                int count = Logs.SMALL.segmentBytes() / size + 3;
                for (int number = 0; number < count; number++) {
                    assertEquals(number, Logs.append(log, claim, batches.batchOfSize(number, size)));
                }
                assertEquals(numbers(0, count), Logs.readNumbers(log));
            }
        }
    }

    @Test
    void aReaderStandsAtTheBatchThatHoldsTheOffset() throws Exception {
        try (Log log = Logs.open(directory); LogReader reader = log.openReader()) {
            Logs.appendNumbers(log, 0, 1500);
            List<Logs.Seen> all = Logs.readAll(log);
            int index = 0;
            for (long offset = 0; offset < log.frontierOffset(); offset++) {
                while (all.get(index).nextOffset() <= offset) {
                    index++;
                }
                reader.seek(offset);
                assertEquals(all.get(index).baseOffset(), reader.nextOffset());
                for (int ahead = index; ahead < Math.min(index + 3, all.size()); ahead++) {
                    assertTrue(reader.next(log.frontierPosition()));
                    assertEquals(all.get(ahead).baseOffset(), reader.batch().baseOffset());
                }
            }
            reader.seek(log.frontierOffset() + 1000);
            assertFalse(reader.next(log.frontierPosition()));
            reader.seek(-5);
            assertTrue(reader.next(log.frontierPosition()));
            assertEquals(0, reader.batch().baseOffset());
        }
    }

    @Test
    void aReaderAtTheTailFollowsAcrossSegments() throws Exception {
        try (Log log = Logs.open(directory); LogReader reader = log.openReader()) {
            for (long number = 0; number < 1500; number++) {
                long offset = Logs.append(log, claim, batches.batch(number));
                if (number % 7 == 0) {
                    Logs.settle(log);
                }
                assertTrue(reader.next(log.frontierPosition()));
                assertEquals(offset, reader.batch().baseOffset());
                assertEquals(number, batches.number(reader.batch()));
                assertFalse(reader.next(log.frontierPosition()));
            }
        }
    }

    @Test
    void frontierNeverPassesAHole() throws Exception {
        try (Log log = Logs.open(directory)) {
            int count = 20;
            List<Claim> claims = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                Claim each = new Claim();
                ByteBuffer batch = batches.batch(index);
                assertTrue(log.tryClaim(each, TestBatches.recordCount(batch), batch.remaining()) >= 0);
                each.fill(batch, 0);
                claims.add(each);
            }
            int[] order = {3, 1, 19, 2, 0, 10, 5, 4, 7, 8, 9, 6, 18, 17, 16, 15, 14, 13, 12, 11};
            boolean[] published = new boolean[count];
            for (int next : order) {
                log.publish(claims.get(next));
                published[next] = true;
                int prefix = 0;
                while (prefix < count && published[prefix]) {
                    prefix++;
                }
                long expected = prefix == 0 ? 0 : claims.get(prefix - 1).endOffset();
                assertEquals(expected, log.frontierOffset());
                assertEquals(numbers(0, prefix), Logs.readNumbers(log));
            }
        }
    }

    @Test
    void aClaimPastTheRingIsBackPressuredUntilTheFrontierMoves() throws Exception {
        LogConfig roomy = LogConfig.DEFAULT.withSegmentBytes(8 << 20);
        try (Log log = Log.open(FileDisk.instance(), directory, roomy, Logs.NOTHING)) {
            Claim first = new Claim();
            ByteBuffer batch = batches.batchOfSize(0, 1000);
            assertEquals(0, log.tryClaim(first, 1, 1000));
            List<Claim> held = new ArrayList<>();
            long code = 0;
            while (code >= 0) {
                Claim each = new Claim();
                code = log.tryClaim(each, 1, 1000);
                if (code >= 0) {
                    each.fill(batch, 0);
                    log.publish(each);
                    held.add(each);
                }
            }
            assertEquals(Append.BACK_PRESSURED, code);
            long ringBytes = Frontier.MARK_CELLS * 64L;
            assertEquals(ringBytes / 1000, held.size());
            assertEquals(0, log.frontierOffset());
            first.fill(batch, 0);
            log.publish(first);
            assertEquals(held.size() + 1, log.frontierOffset());
            assertEquals(held.size() + 1, Logs.append(log, claim, batch));
            assertEquals(held.size() + 2, Logs.readAll(log).size());
        }
    }

    @Test
    void whatIsNotOneBatchIsRefusedAndHoldsNothingBack() throws Exception {
        try (Log log = Logs.open(directory)) {
            List<ByteBuffer> bad = new ArrayList<>();
            ByteBuffer good = copyOf(batches.batch(0, 0, 1, 50));
            bad.add(copyOf(good).limit(good.limit() - 1));
            bad.add(ByteBuffer.allocate(good.limit() + 1).put(0, good, 0, good.limit()));
            bad.add(copyOf(good).limit(10));
            bad.add(copyOf(good).put(RecordBatchLayout.MAGIC_POSITION, (byte) 1));
            bad.add(copyOf(good).order(ByteOrder.LITTLE_ENDIAN));
            bad.add(copyOf(good).putInt(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, -1));
            bad.add(copyOf(good).putInt(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, Integer.MAX_VALUE));
            for (ByteBuffer each : bad) {
                assertThrows(IllegalArgumentException.class, () -> log.append(claim, each), each::toString);
            }
            assertEquals(0, log.append(claim, good));
            assertEquals(1, log.frontierOffset());
        }
    }

    @Test
    void aClosedLogAnswersClosedAndItsReadersStayHarmless() throws Exception {
        Log log = Logs.open(directory);
        Logs.appendNumbers(log, 0, 10);
        LogReader reader = log.openReader();
        assertTrue(reader.next(log.frontierPosition()));
        log.close();
        log.close();
        assertEquals(Append.CLOSED, log.append(claim, batches.batch(10)));
        assertEquals(0, log.doWork());
        assertTrue(reader.batch().isCrcValid());
        assertTrue(reader.next(log.frontierPosition()));
        reader.close();
        assertEquals(0, reader.batch().sizeInBytes() - RecordBatchLayout.LOG_OVERHEAD);
        assertThrows(IllegalStateException.class, log::openReader);
    }

    @Test
    void aFoldThatFailsTakesTheLogOfflineAndEverythingBelowStaysReadable() throws Exception {
        LogFold fold = (batch, position) -> {
            if (batch.baseOffset() == 5) {
                throw new IllegalStateException("made up");
            }
        };
        Log log = Logs.open(FileDisk.instance(), directory, fold);
        for (int number = 0; number < 5; number++) {
            assertEquals(number, log.append(claim, batches.batch(0, number, 1, 10)));
        }
        log.append(claim, batches.batch(0, 5, 1, 10));
        assertEquals("made up", log.failure().getMessage());
        assertEquals(5, log.acknowledgedOffset());
        assertEquals(Append.OFFLINE, log.append(claim, batches.batch(0, 6, 1, 10)));
        assertEquals(numbers(0, 5), Logs.readNumbers(log));
        log.close();
        assertEquals(Append.CLOSED, log.append(claim, batches.batch(0, 6, 1, 10)));
    }

    static List<Long> numbers(long from, long to) {
        List<Long> numbers = new ArrayList<>();
        for (long number = from; number < to; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    private static ByteBuffer copyOf(ByteBuffer batch) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining());
        copy.put(0, batch, batch.position(), batch.remaining());
        return copy;
    }
}
