package io.semel.log.batch;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordBatchLayoutTest {

    @Test
    void positionsAreThoseOfTheSpecification() {
        int[] specified = {0, 8, 12, 16, 17, 21, 23, 27, 35, 43, 51, 53, 57, 61, 12, 68};
        assertArrayEquals(specified, new int[] {
            RecordBatchLayout.BASE_OFFSET_POSITION, RecordBatchLayout.LENGTH_POSITION,
            RecordBatchLayout.LEADER_EPOCH_POSITION, RecordBatchLayout.MAGIC_POSITION,
            RecordBatchLayout.CRC_POSITION, RecordBatchLayout.ATTRIBUTES_POSITION,
            RecordBatchLayout.LAST_OFFSET_DELTA_POSITION, RecordBatchLayout.BASE_TIMESTAMP_POSITION,
            RecordBatchLayout.MAX_TIMESTAMP_POSITION, RecordBatchLayout.PRODUCER_ID_POSITION,
            RecordBatchLayout.PRODUCER_EPOCH_POSITION, RecordBatchLayout.BASE_SEQUENCE_POSITION,
            RecordBatchLayout.RECORD_COUNT_POSITION, RecordBatchLayout.HEADER_LENGTH,
            RecordBatchLayout.LOG_OVERHEAD, RecordBatchLayout.MIN_BATCH_LENGTH});
    }

    @Test
    void handWrittenHeaderReadsAsSpecified() {
        RecordBatchView view = new RecordBatchView().wrap(HandWrittenBatch.buffer(), 0);
        assertEquals(HandWrittenBatch.BASE_OFFSET, view.baseOffset());
        assertEquals(HandWrittenBatch.BASE_OFFSET + 1, view.lastOffset());
        assertEquals(HandWrittenBatch.BASE_OFFSET + 2, view.nextOffset());
        assertEquals(82, view.sizeInBytes());
        assertEquals(HandWrittenBatch.LEADER_EPOCH, view.leaderEpoch());
        assertEquals(2, view.magic());
        assertEquals(0xa808a557, view.crc());
        assertTrue(view.isCrcValid());
        assertTrue(view.isTransactional());
        assertFalse(view.isControl());
        assertFalse(view.isLogAppendTime());
        assertFalse(view.hasDeleteHorizon());
        assertEquals(0, view.compressionCode());
        assertEquals(1000, view.baseTimestamp());
        assertEquals(1001, view.maxTimestamp());
        assertTrue(view.hasProducerId());
        assertEquals(41, view.producerId());
        assertEquals(2, view.producerEpoch());
        assertEquals(120, view.baseSequence());
        assertEquals(121, view.lastSequence());
        assertEquals(2, view.recordCount());
        assertEquals(BatchCheck.WHOLE, RecordBatchView.check(view.buffer(), 0, 82));
    }

    @Test
    void handWrittenRecordsReadAsSpecified() {
        RecordCursor cursor = new RecordCursor().wrap(new RecordBatchView().wrap(HandWrittenBatch.buffer(), 0));
        assertTrue(cursor.next());
        assertEquals(HandWrittenBatch.BASE_OFFSET, cursor.offset());
        assertEquals(1000, cursor.timestamp());
        assertArrayEquals("k".getBytes(UTF_8), cursor.copyKey());
        assertArrayEquals("v".getBytes(UTF_8), cursor.copyValue());
        assertEquals(1, cursor.headerCount());
        assertTrue(cursor.nextHeader());
        assertArrayEquals("h".getBytes(UTF_8), cursor.copyHeaderKey());
        assertNull(cursor.copyHeaderValue());
        assertFalse(cursor.nextHeader());
        assertTrue(cursor.next());
        assertEquals(HandWrittenBatch.BASE_OFFSET + 1, cursor.offset());
        assertEquals(1001, cursor.timestamp());
        assertNull(cursor.copyKey());
        assertNull(cursor.keySlice());
        assertEquals(ByteBuffer.wrap("vw".getBytes(UTF_8)), cursor.valueSlice());
        assertFalse(cursor.nextHeader());
        assertFalse(cursor.next());
        assertFalse(cursor.next());
    }

    @Test
    void writerAndStampGiveTheHandWrittenBytes() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024);
        writer.begin(1000).producer(41, (short) 2, 120).asTransactional();
        byte[][] noValue = {null};
        assertTrue(writer.tryAppend(1000, "k".getBytes(UTF_8), "v".getBytes(UTF_8),
                new byte[][] {"h".getBytes(UTF_8)}, noValue));
        assertTrue(writer.tryAppend(1001, null, "vw".getBytes(UTF_8)));
        ByteBuffer batch = writer.finish();
        RecordBatchLayout.stamp(batch, 0, HandWrittenBatch.BASE_OFFSET, HandWrittenBatch.LEADER_EPOCH);
        assertEquals(HandWrittenBatch.buffer(), batch);
    }

    @Test
    void stampLeavesTheCrcValid() {
        ByteBuffer batch = HandWrittenBatch.buffer();
        RecordBatchLayout.stamp(batch, 0, 77, 3);
        assertEquals(77, RecordBatchLayout.baseOffset(batch, 0));
        assertEquals(78, RecordBatchLayout.lastOffset(batch, 0));
        assertEquals(3, RecordBatchLayout.leaderEpoch(batch, 0));
        assertEquals(BatchCheck.WHOLE, RecordBatchView.check(batch, 0, batch.limit()));
    }
}
