package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordBatchViewTest {
    private final RecordBatchView view = new RecordBatchView();

    @Test
    void positionAndLimitOfTheBufferStayAsTheyWere() {
        ByteBuffer batch = HandWrittenBatch.buffer().position(11);
        int limit = batch.limit();
        view.wrap(batch, 0).toString();
        assertTrue(view.isCrcValid());
        RecordCursor cursor = new RecordCursor().wrap(view);
        while (cursor.next()) {
            SampleRecord.of(cursor);
            cursor.valueSlice();
        }
        RecordBatchView.check(batch, 0, limit);
        assertEquals(11, batch.position());
        assertEquals(limit, batch.limit());
    }

    @Test
    void anInsaneLengthIsAnInvalidCrcAndNotAThrow() {
        ByteBuffer batch = HandWrittenBatch.buffer();
        view.wrap(batch, 0);
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 48, batch.limit() - 11, Integer.MAX_VALUE}) {
            batch.putInt(RecordBatchLayout.LENGTH_POSITION, length);
            assertFalse(view.isCrcValid(), "length " + length);
        }
    }

    @Test
    void wrongByteOrderAndTooLittleRoomAreRefusedAtTheDoor() {
        ByteBuffer batch = HandWrittenBatch.buffer();
        ByteBuffer little = HandWrittenBatch.buffer().order(ByteOrder.LITTLE_ENDIAN);
        assertThrows(IllegalArgumentException.class, () -> view.wrap(little, 0));
        assertThrows(IllegalArgumentException.class, () -> view.wrap(batch, -1));
        assertThrows(IllegalArgumentException.class, () -> view.wrap(batch, batch.limit() - 60));
    }

    @Test
    void toStringTellsEveryField() {
        assertEquals("RecordBatch[nothing wrapped]", view.toString());
        assertEquals("RecordBatch[position=0 sizeInBytes=82 baseOffset=72623859790382856 lastOffset=72623859790382857 "
                + "leaderEpoch=9 magic=2 crc=0xa808a557 compression=0 transactional=true control=false "
                + "logAppendTime=false deleteHorizon=false baseTimestamp=1000 maxTimestamp=1001 producerId=41 "
                + "producerEpoch=2 baseSequence=120 lastSequence=121 recordCount=2]",
                view.wrap(HandWrittenBatch.buffer(), 0).toString());
    }
}
