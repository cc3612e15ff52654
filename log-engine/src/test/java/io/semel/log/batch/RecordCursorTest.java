package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.UnsupportedCompressionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordCursorTest {
    private final RecordBatchView view = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();

    /** The buffer ends with the batch, so a read outside would show as an IndexOutOfBoundsException. */
    @Example
    void everyCorruptByteIsReadInsideTheBatchOrRefused() {
        int refusals = 0;
        for (int at = RecordBatchLayout.MAGIC_POSITION; at < HandWrittenBatch.bytes().length; at++) {
            for (int value = 0; value < 0x100; value++) {
                ByteBuffer batch = HandWrittenBatch.buffer().put(at, (byte) value);
                refusals += isRefused(batch) ? 1 : 0;
            }
        }
        assertTrue(refusals > 1000, "refusals=" + refusals);
    }

    /** Lengths that lead past the record, the batch, or past the end of an int. */
    @Example
    void aFieldThatLeavesItsRecordIsRefusedByName() {
        for (int length : new int[] {20, 100, Integer.MAX_VALUE - 66, Integer.MAX_VALUE, -2, Integer.MIN_VALUE}) {
            assertRefused("key length=" + length, recordOf(0, 0, 0, length));
            assertRefused("value length=" + length, recordOf(0, 0, 0, -1, length));
            assertRefused("header key length=" + length, recordOf(0, 0, 0, -1, -1, 1, length));
            assertRefused("header value length=" + length, recordOf(0, 0, 0, -1, -1, 1, 0, length));
            assertRefused("header count=" + length, recordOf(0, 0, 0, -1, -1, length));
        }
        assertRefused("header key length=-1", recordOf(0, 0, 0, -1, -1, 1, -1, -1));
    }

    @Example
    void bytesLeftInARecordAreRefused() {
        assertRefused("bytes left in the record=1", recordOf(0, 0, 0, -1, -1, 0, 0));
        assertRefused("bytes left in the record=2", recordOf(0, 0, 0, -1, -1, 1, 0, -1, 0, 0));
    }

    @Example
    void recordLengthsThatLeaveTheBatchAreRefused() {
        for (int length : new int[] {7, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            assertRefused("record length=" + length, varints(length, 0, 0, 0, -1, -1, 0));
        }
        assertRefused("record without attributes", varints(0, 0, 0, 0, -1, -1, 0));
    }

    private void assertRefused(String message, byte[] records) {
        ByteBuffer batch = batchOf(records);
        batch.putInt(RecordBatchLayout.RECORD_COUNT_POSITION, 1);
        CorruptBatchException refusal = assertThrows(CorruptBatchException.class, () -> {
            cursor.wrap(view.wrap(batch, 0)).next();
            SampleRecord.of(cursor);
        });
        assertTrue(refusal.getMessage().contains(message), message + " is not in: " + refusal.getMessage());
    }

    private static byte[] recordOf(int... fields) {
        byte[] body = varints(fields);
        byte[] length = varints(body.length);
        byte[] record = Arrays.copyOf(length, length.length + body.length);
        System.arraycopy(body, 0, record, length.length, body.length);
        return record;
    }

    private static byte[] varints(int... fields) {
        byte[] bytes = new byte[fields.length * Varints.MAX_INT_LENGTH];
        int end = 0;
        for (int field : fields) {
            end = Varints.putInt(bytes, end, field);
        }
        return Arrays.copyOf(bytes, end);
    }

    private static ByteBuffer batchOf(byte[] records) {
        int size = RecordBatchLayout.HEADER_LENGTH + records.length;
        ByteBuffer batch = ByteBuffer.allocate(size);
        batch.put(0, HandWrittenBatch.bytes(), 0, RecordBatchLayout.HEADER_LENGTH);
        batch.put(RecordBatchLayout.HEADER_LENGTH, records);
        return batch.putInt(RecordBatchLayout.LENGTH_POSITION, size - RecordBatchLayout.LOG_OVERHEAD);
    }

    @Property
    void randomRecordsAreReadInsideTheBatchOrRefused(@ForAll @Size(max = 60) byte[] records) {
        isRefused(batchOf(records));
    }

    private boolean isRefused(ByteBuffer batch) {
        try {
            cursor.wrap(view.wrap(batch, 0));
            while (cursor.next()) {
                SampleRecord.of(cursor);
            }
            return false;
        } catch (CorruptBatchException | UnsupportedCompressionException refusal) {
            return true;
        }
    }

    @Example
    void aBatchThatLeadsOutsideItsBufferIsRefused() {
        ByteBuffer batch = HandWrittenBatch.buffer();
        batch.limit(batch.limit() - 1);
        assertThrows(CorruptBatchException.class, () -> cursor.wrap(view.wrap(batch, 0)));
    }

    @Example
    void offsetsThatDoNotAscendAreRefused() {
        int secondOffsetDelta = HandWrittenBatch.bytes().length - 6;
        ByteBuffer batch = HandWrittenBatch.buffer();
        assertEquals(2, batch.get(secondOffsetDelta));
        for (byte zigzag : new byte[] {0, 1, 4}) {
            batch.put(secondOffsetDelta, zigzag);
            assertTrue(isRefused(batch), "zigzag offset delta " + zigzag);
        }
    }

    @Example
    void bytesAfterTheLastRecordAreRefused() {
        ByteBuffer batch = HandWrittenBatch.buffer();
        batch.putInt(RecordBatchLayout.RECORD_COUNT_POSITION, 1);
        cursor.wrap(view.wrap(batch, 0)).next();
        CorruptBatchException refusal = assertThrows(CorruptBatchException.class, cursor::next);
        assertTrue(refusal.getMessage().contains("bytes after the last record=9"), refusal.getMessage());
    }

    @Example
    void plainRecordsThatClaimToBeCompressedAreRefused() {
        for (Codec codec : List.of(Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD)) {
            view.wrap(HandWrittenBatch.buffer().putShort(RecordBatchLayout.ATTRIBUTES_POSITION, (short) codec.code()),
                    0);
            CorruptBatchException refusal = assertThrows(CorruptBatchException.class, () -> cursor.wrap(view));
            assertTrue(refusal.getMessage().contains("baseOffset="), refusal.getMessage());
        }
    }

    @Example
    void codecsThatTheFormatDoesNotKnowAreRefusedByNumber() {
        for (int code = Codec.values().length; code <= RecordBatchLayout.COMPRESSION_MASK; code++) {
            view.wrap(HandWrittenBatch.buffer().putShort(RecordBatchLayout.ATTRIBUTES_POSITION, (short) code), 0);
            UnsupportedCompressionException refusal =
                    assertThrows(UnsupportedCompressionException.class, () -> cursor.wrap(view));
            assertEquals(code, refusal.compressionCode());
            assertTrue(refusal.getMessage().contains("compression code " + code), refusal.getMessage());
        }
    }

    @Example
    void headersLeftUnreadDoNotDisturbTheNextRecord() {
        cursor.wrap(view.wrap(HandWrittenBatch.buffer(), 0));
        assertTrue(cursor.next());
        assertTrue(cursor.next());
        assertEquals(2, cursor.valueLength());
    }
}
