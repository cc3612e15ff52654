package io.semel.log.batch;

import java.nio.ByteBuffer;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

class BatchCheckTest {
    private final ByteBuffer batch = HandWrittenBatch.buffer();
    private final int size = batch.limit();

    @Example
    void everyFlippedBitUnderTheCrcIsFound() {
        for (int at = RecordBatchLayout.MAGIC_POSITION; at < size; at++) {
            for (int bit = 1; bit < 0x100; bit <<= 1) {
                flip(at, bit);
                assertNotSame(BatchCheck.WHOLE, check(size), "flipped bit " + bit + " of byte " + at);
                assertEquals(at == RecordBatchLayout.MAGIC_POSITION, check(size) == BatchCheck.BAD_MAGIC);
                flip(at, bit);
            }
        }
        assertSame(BatchCheck.WHOLE, check(size));
    }

    @Example
    void everyByteTakesEveryValueWithoutAThrow() {
        for (int at = 0; at < size; at++) {
            byte original = batch.get(at);
            for (int value = 0; value < 0x100; value++) {
                batch.put(at, (byte) value);
                BatchCheck verdict = check(size);
                boolean isLength = at >= RecordBatchLayout.LENGTH_POSITION
                        && at < RecordBatchLayout.LEADER_EPOCH_POSITION;
                if (isLength) {
                    assertEquals((byte) value == original, verdict == BatchCheck.WHOLE, "length byte " + at);
                }
            }
            batch.put(at, original);
        }
    }

    @Example
    void aCutAtEveryLengthIsNeverWholeAndNeverReadsPastTheLimit() {
        for (int limit = 0; limit < size; limit++) {
            batch.limit(limit);
            assertEquals(limit == 0 ? BatchCheck.EMPTY : BatchCheck.TRUNCATED, check(limit), "cut at " + limit);
        }
        batch.limit(size);
    }

    @Example
    void aTailThatWasNeverWrittenIsFoundByTheCrc() {
        for (int from = RecordBatchLayout.LEADER_EPOCH_POSITION; from < size - 1; from++) {
            ByteBuffer torn = HandWrittenBatch.buffer();
            torn.put(from, new byte[size - from]);
            assertNotSame(BatchCheck.WHOLE, RecordBatchView.check(torn, 0, size), "zeros from " + from);
        }
    }

    @Example
    void aHeadThatWasNeverWrittenIsNotEmptyAndNotWhole() {
        for (int to = RecordBatchLayout.LEADER_EPOCH_POSITION; to < RecordBatchLayout.HEADER_LENGTH; to++) {
            ByteBuffer torn = HandWrittenBatch.buffer();
            torn.put(0, new byte[to]);
            assertSame(BatchCheck.BAD_LENGTH, RecordBatchView.check(torn, 0, size), "zeros up to " + to);
        }
    }

    @Example
    void zerosAreEmptyAtEveryLength() {
        ByteBuffer zeros = ByteBuffer.allocateDirect(200);
        for (int limit = 0; limit <= zeros.capacity(); limit++) {
            assertSame(BatchCheck.EMPTY, RecordBatchView.check(zeros.limit(limit), 0, limit));
        }
    }

    @Example
    void lengthsThatCannotBeAreBad() {
        for (int length : new int[] {-1, Integer.MIN_VALUE, 1, RecordBatchLayout.HEADER_LENGTH - 13}) {
            batch.putInt(RecordBatchLayout.LENGTH_POSITION, length);
            assertSame(BatchCheck.BAD_LENGTH, check(size), "length " + length);
        }
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 11, size - 11}) {
            batch.putInt(RecordBatchLayout.LENGTH_POSITION, length);
            assertSame(BatchCheck.TRUNCATED, check(size), "length " + length);
        }
    }

    @Example
    void countsThatContradictEachOtherAreBadAlthoughTheCrcHolds() {
        assertSame(BatchCheck.BAD_COUNTS, withField(RecordBatchLayout.RECORD_COUNT_POSITION, -1));
        assertSame(BatchCheck.BAD_COUNTS, withField(RecordBatchLayout.RECORD_COUNT_POSITION, 3));
        assertSame(BatchCheck.BAD_COUNTS, withField(RecordBatchLayout.RECORD_COUNT_POSITION, 0));
        assertSame(BatchCheck.BAD_COUNTS, withField(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, -1));
        assertSame(BatchCheck.BAD_COUNTS, withField(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, 0));
        assertSame(BatchCheck.WHOLE, withField(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, 9));
        for (long baseOffset : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1}) {
            RecordBatchLayout.stamp(batch, 0, baseOffset, 0);
            assertSame(BatchCheck.BAD_COUNTS, check(size), "baseOffset " + baseOffset);
        }
        RecordBatchLayout.stamp(batch, 0, Long.MAX_VALUE - 2, 0);
        assertSame(BatchCheck.WHOLE, check(size));
    }

    @Example
    void moreRecordsThanTheBytesCanHoldAreBadUnlessCompressed() {
        batch.putInt(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, 1000);
        assertSame(BatchCheck.BAD_COUNTS, withField(RecordBatchLayout.RECORD_COUNT_POSITION, 1000));
        batch.putShort(RecordBatchLayout.ATTRIBUTES_POSITION, (short) 4);
        batch.putInt(RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, 1000);
        assertSame(BatchCheck.WHOLE, withField(RecordBatchLayout.RECORD_COUNT_POSITION, 1000));
    }

    @Example
    void aBatchEmptiedByCompactionIsWhole() {
        ByteBuffer empty = ByteBuffer.wrap(HandWrittenBatch.bytes(), 0, RecordBatchLayout.HEADER_LENGTH);
        empty.putInt(RecordBatchLayout.LENGTH_POSITION,
                RecordBatchLayout.HEADER_LENGTH - RecordBatchLayout.LOG_OVERHEAD);
        empty.putInt(RecordBatchLayout.RECORD_COUNT_POSITION, 0);
        RecordBatchWriter.resequence(empty, 0, 41, (short) 2, 120);
        assertSame(BatchCheck.WHOLE, RecordBatchView.check(empty, 0, RecordBatchLayout.HEADER_LENGTH));
    }

    @Property
    void noGarbageIsWholeAndNoneThrows(@ForAll @Size(max = 200) byte[] garbage, @ForAll int lengthField) {
        ByteBuffer buffer = ByteBuffer.wrap(garbage);
        assertNotEquals(BatchCheck.WHOLE, RecordBatchView.check(buffer, 0, garbage.length));
        if (garbage.length >= RecordBatchLayout.HEADER_LENGTH) {
            buffer.put(RecordBatchLayout.MAGIC_POSITION, RecordBatchLayout.MAGIC);
            for (int length : new int[] {lengthField, garbage.length - RecordBatchLayout.LOG_OVERHEAD}) {
                buffer.putInt(RecordBatchLayout.LENGTH_POSITION, length);
                assertNotEquals(BatchCheck.WHOLE, RecordBatchView.check(buffer, 0, garbage.length));
            }
        }
    }

    /** Sets one field, makes the CRC right again, checks, and puts the hand-written batch back. */
    private BatchCheck withField(int position, int value) {
        batch.putInt(position, value);
        RecordBatchWriter.resequence(batch, 0, 41, (short) 2, 120);
        BatchCheck verdict = check(size);
        batch.put(0, HandWrittenBatch.bytes());
        return verdict;
    }

    private BatchCheck check(int limit) {
        return RecordBatchView.check(batch, 0, limit);
    }

    private void flip(int at, int bit) {
        batch.put(at, (byte) (batch.get(at) ^ bit));
    }
}
