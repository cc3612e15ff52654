package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordBatchWriterTest {
    private static final byte[][] NONE = {};

    private final RecordBatchView view = new RecordBatchView();

    @Property(tries = 200)
    void aRefusedRecordLeavesNoTrace(@ForAll @IntRange(min = 68, max = 400) int maxBatchBytes,
            @ForAll List<@IntRange(max = 150) Integer> valueLengths) {
        RecordBatchWriter limited = new RecordBatchWriter(0, maxBatchBytes);
        RecordBatchWriter unlimited = new RecordBatchWriter(0, 1 << 20);
        limited.begin(0);
        unlimited.begin(0);
        for (int valueLength : valueLengths) {
            int sizeBefore = limited.sizeInBytes();
            if (limited.tryAppend(valueLength, null, new byte[valueLength])) {
                unlimited.tryAppend(valueLength, null, new byte[valueLength]);
            } else {
                assertEquals(sizeBefore, limited.sizeInBytes());
            }
            assertTrue(limited.sizeInBytes() <= maxBatchBytes);
            assertEquals(unlimited.recordCount(), limited.recordCount());
        }
        if (limited.recordCount() > 0) {
            assertEquals(unlimited.finish(), limited.finish());
        }
    }

    @Property
    void sizeOfIsTheExactLimitAtWhichARecordFits(@ForAll @IntRange(min = -1, max = 9000) int keyLength,
            @ForAll @IntRange(min = -1, max = 9000) int valueLength) {
        byte[] key = keyLength < 0 ? null : new byte[keyLength];
        byte[] value = valueLength < 0 ? null : new byte[valueLength];
        byte[][] headerKeys = {"trace".getBytes(UTF_8)};
        byte[][] headerValues = {new byte[100]};
        assertFits(RecordBatchWriter.sizeOf(keyLength, valueLength), key, value, NONE, NONE);
        assertFits(RecordBatchWriter.sizeOf(keyLength, valueLength, headerKeys, headerValues), key, value,
                headerKeys, headerValues);
    }

    /** A record given by arrays is written by one store where it can be; the other ways know no short form. */
    @Property(tries = 300)
    void recordsAreTheSameBytesByWhicheverWayTheyAreWritten(@ForAll("records") List<int[]> records) {
        RecordBatchWriter byArrays = new RecordBatchWriter(200, 1 << 20).begin(1_000);
        RecordBatchWriter byParts = new RecordBatchWriter(0, 1 << 20).begin(1_000);
        for (int[] record : records) {
            byte[] key = record[0] < 0 ? null : filled(record[0], 'k');
            byte[] value = record[1] < 0 ? null : filled(record[1], 'v');
            long timestamp = 1_000 + record[2];
            for (int repeat = 0; repeat < record[3]; repeat++) {
                assertEquals(byParts.tryAppend(timestamp, key, value, NONE, NONE), byArrays.tryAppend(timestamp, key,
                        value));
            }
        }
        assertEquals(byParts.finish(), byArrays.finish());
    }

    @Provide
    static Arbitrary<List<int[]>> records() {
        Arbitrary<Integer> lengths = Arbitraries.of(-1, 0, 1, 2, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 62, 63, 64, 65,
                100,
                4_080, 4_090, 8_160, 8_170, 8_175, 8_180, 8_185, 8_190, 8_191, 8_192, 8_200);
        Arbitrary<Integer> deltas = Arbitraries.of(0, 0, 0, 1, -1, 63, 64, 100_000);
        Arbitrary<Integer> repeats = Arbitraries.of(1, 1, 1, 1, 60, 8_200);
        return Combinators.combine(lengths, lengths, deltas, repeats).as((key, value, delta, repeat) -> new int[] {key,
            value, delta, repeat}).list().ofMinSize(1).ofMaxSize(6);
    }

    private static byte[] filled(int length, char with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private static void assertFits(int size, byte[] key, byte[] value, byte[][] headerKeys, byte[][] headerValues) {
        RecordBatchWriter writer = new RecordBatchWriter(0, size).begin(5);
        assertTrue(writer.tryAppend(5, key, value, headerKeys, headerValues));
        assertEquals(size, writer.finish().remaining());
        if (size > RecordBatchLayout.MIN_BATCH_LENGTH) {
            RecordBatchWriter tooSmall = new RecordBatchWriter(0, size - 1).begin(5);
            assertFalse(tooSmall.tryAppend(5, key, value, headerKeys, headerValues));
        }
    }

    @Example
    void theSmallestBatchIsSmallerThanNoOther() {
        assertEquals(RecordBatchLayout.MIN_BATCH_LENGTH,
                RecordBatchWriter.sizeOf(RecordCursor.NULL_LENGTH, RecordCursor.NULL_LENGTH));
    }

    @Example
    void sizesBeyondAnIntSaturate() {
        assertEquals(Integer.MAX_VALUE, RecordBatchWriter.sizeOf(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertEquals(Integer.MAX_VALUE, RecordBatchWriter.sizeOf(0, Integer.MAX_VALUE));
        assertEquals(Integer.MAX_VALUE, RecordBatchWriter.sizeOf(0, Integer.MAX_VALUE - 40));
    }

    @Example
    void slicesOfAnyBufferAreWrittenAsArraysAre() {
        ByteBuffer key = ByteBuffer.allocateDirect(10).put(3, "key".getBytes(UTF_8));
        ByteBuffer value = ByteBuffer.wrap("..value".getBytes(UTF_8)).position(1);
        RecordBatchWriter fromSlices = new RecordBatchWriter(0, 1024).begin(0);
        assertTrue(fromSlices.tryAppend(7, key, 3, 3, value, 2, 5));
        assertTrue(fromSlices.tryAppend(8, null, 0, RecordCursor.NULL_LENGTH, value, 2, 0));
        RecordBatchWriter fromArrays = new RecordBatchWriter(0, 1024).begin(0);
        fromArrays.tryAppend(7, "key".getBytes(UTF_8), "value".getBytes(UTF_8));
        fromArrays.tryAppend(8, null, new byte[0]);
        assertEquals(fromArrays.finish(), fromSlices.finish());
        assertEquals(1, value.position());
    }

    @Example
    void aSliceOutsideItsBufferIsRefusedAndLeavesNoTrace() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024).begin(0);
        ByteBuffer source = ByteBuffer.allocate(10);
        int size = writer.sizeInBytes();
        assertThrows(IndexOutOfBoundsException.class, () -> writer.tryAppend(0, source, 8, 3, source, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> writer.tryAppend(0, source, 0, 3, source, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> writer.tryAppend(0, source, 0, -2, source, 0, 1));
        assertEquals(size, writer.sizeInBytes());
        assertEquals(0, writer.recordCount());
    }

    @Example
    void nothingOfTheLastBatchStaysInTheNext() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024);
        writer.begin(5).producer(41, (short) 2, 9).asTransactional().asControl().tryAppend(99, null, null);
        writer.finish();
        writer.begin(1).tryAppend(2, null, null);
        view.wrap(writer.finish(), 0);
        assertFalse(view.hasProducerId() || view.isTransactional() || view.isControl());
        assertEquals(RecordBatchLayout.NO_PRODUCER_EPOCH, view.producerEpoch());
        assertEquals(RecordBatchLayout.NO_SEQUENCE, view.baseSequence());
        assertEquals(2, view.maxTimestamp());
        assertEquals(0, view.baseOffset());
        assertEquals(RecordBatchLayout.NO_LEADER_EPOCH, view.leaderEpoch());
        assertEquals(1, view.recordCount());
    }

    @Example
    void timestampsAtBothEndsOfTimeComeBack() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024).begin(Long.MAX_VALUE);
        writer.tryAppend(Long.MIN_VALUE, null, null);
        writer.tryAppend(Long.MAX_VALUE, null, null);
        RecordCursor cursor = new RecordCursor().wrap(view.wrap(writer.finish(), 0));
        cursor.next();
        assertEquals(Long.MIN_VALUE, cursor.timestamp());
        cursor.next();
        assertEquals(Long.MAX_VALUE, cursor.timestamp());
        assertEquals(Long.MAX_VALUE, view.maxTimestamp());
    }

    @Example
    void sequencesWrapFromTheLastIntToZero() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024);
        writer.begin(0).producer(1, (short) 0, Integer.MAX_VALUE);
        writer.tryAppend(0, null, null);
        assertEquals(Integer.MAX_VALUE, view.wrap(writer.finish(), 0).lastSequence());
        writer.begin(0).producer(1, (short) 0, Integer.MAX_VALUE);
        writer.tryAppend(0, null, null);
        writer.tryAppend(0, null, null);
        assertEquals(0, view.wrap(writer.finish(), 0).lastSequence());
    }

    @Example
    void aBatchIsBegunFilledAndFinishedInThisOrder() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024);
        assertThrows(IllegalStateException.class, () -> writer.tryAppend(0, null, new byte[1]));
        assertThrows(IllegalStateException.class, writer::finish);
        writer.begin(0);
        assertThrows(IllegalStateException.class, writer::finish);
        assertTrue(writer.tryAppend(0, new byte[1], null));
        ByteBuffer batch = writer.finish();
        assertEquals(0, batch.position());
        assertEquals(writer.sizeInBytes(), batch.limit());
        assertThrows(IllegalStateException.class, writer::finish);
        assertThrows(IllegalStateException.class, () -> writer.tryAppend(0, null, new byte[1]));
    }

    @Example
    void headersWithoutPartnersAndImpossibleLimitsAreRefusedAtTheDoor() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024).begin(0);
        assertThrows(IllegalArgumentException.class,
                () -> writer.tryAppend(0, null, null, new byte[][] {{1}}, NONE));
        assertThrows(IllegalArgumentException.class, () -> new RecordBatchWriter(0, 67));
        assertThrows(IllegalArgumentException.class, () -> new RecordBatchWriter(-1, 100));
        assertThrows(IllegalArgumentException.class, () -> new RecordBatchWriter(0, Integer.MAX_VALUE));
    }

    @Example
    void resequenceWorksInTheMiddleOfADirectBuffer() {
        byte[] bytes = HandWrittenBatch.bytes();
        ByteBuffer place = ByteBuffer.allocateDirect(bytes.length + 20).put(10, bytes);
        RecordBatchWriter.resequence(place, 10, 42, (short) 3, 0);
        view.wrap(place, 10);
        assertTrue(view.isCrcValid());
        assertSame(BatchCheck.WHOLE, RecordBatchView.check(place, 10, 10 + bytes.length));
        assertEquals(42, view.producerId());
        assertEquals(3, view.producerEpoch());
        assertEquals(1, view.lastSequence());
        RecordBatchWriter.resequence(place, 10, 41, (short) 2, 120);
        byte[] back = new byte[bytes.length];
        place.get(10, back);
        assertArrayEquals(bytes, back);
    }
}
