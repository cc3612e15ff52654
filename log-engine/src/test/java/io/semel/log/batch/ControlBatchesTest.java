package io.semel.log.batch;

import java.nio.ByteBuffer;

import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ControlBatchesTest {
    private static final int COORDINATOR_EPOCH = 0x01020304;

    private final ControlBatches control = new ControlBatches();
    private final RecordBatchView view = new RecordBatchView();
    private final RecordCursor cursor = new RecordCursor();

    @Test
    void markersAreKafkasMarkersByteForByte() {
        for (ControlType end : new ControlType[] {ControlType.COMMIT, ControlType.ABORT}) {
            ByteBuffer kafkas = kafkasMarker(end);
            ByteBuffer ours = control.endTransaction(end, 41, (short) 7, COORDINATOR_EPOCH, 1234);
            RecordBatchLayout.stamp(ours, 0, 100, 5);
            assertEquals(kafkas, ours);
            assertEquals(ControlBatches.MARKER_BATCH_LENGTH, ours.remaining());

            RecordBatch batch = KafkaOracle.read(ours);
            assertTrue(batch.isControlBatch() && batch.isTransactional());
            EndTransactionMarker marker = EndTransactionMarker.deserialize(batch.iterator().next());
            assertEquals(end.name(), marker.controlType().name());
            assertEquals(COORDINATOR_EPOCH, marker.coordinatorEpoch());
        }
    }

    @Test
    void kafkasMarkersAreUnderstood() {
        for (ControlType end : new ControlType[] {ControlType.COMMIT, ControlType.ABORT}) {
            view.wrap(kafkasMarker(end), 0);
            assertTrue(view.isControl());
            assertTrue(view.isTransactional());
            assertSame(end, view.controlType());
            assertEquals(41, view.producerId());
            assertEquals(7, view.producerEpoch());
            assertEquals(RecordBatchLayout.NO_SEQUENCE, view.baseSequence());
            assertEquals(RecordBatchLayout.NO_SEQUENCE, view.lastSequence());
            assertTrue(cursor.wrap(view).next());
            assertEquals(COORDINATOR_EPOCH, ControlBatches.coordinatorEpoch(cursor));
            assertFalse(cursor.next());
        }
    }

    private static ByteBuffer kafkasMarker(ControlType end) {
        EndTransactionMarker marker =
                new EndTransactionMarker(ControlRecordType.valueOf(end.name()), COORDINATOR_EPOCH);
        return MemoryRecords.withEndTransactionMarker(100, 1234, 5, 41, (short) 7, marker).buffer();
    }

    @Test
    void leaderChangeIsUnderstood() {
        LeaderChangeMessage message = new LeaderChangeMessage().setLeaderId(1);
        MemoryRecords records =
                MemoryRecords.withLeaderChangeMessage(0, 0, 1, ByteBuffer.allocate(256), message);
        assertSame(ControlType.LEADER_CHANGE, view.wrap(records.buffer(), 0).controlType());
    }

    @Test
    void codesAreKafkas() {
        for (ControlRecordType kafkas : ControlRecordType.values()) {
            assertSame(ControlType.valueOf(kafkas.name()), ControlType.ofCode(kafkas.type()));
            assertEquals(kafkas.type(), ControlType.valueOf(kafkas.name()).code());
        }
        assertSame(ControlType.UNKNOWN, ControlType.ofCode((short) 1000));
    }

    @Test
    void aControlRecordWithoutAReadableKeyIsUnknown() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024);
        for (byte[] key : new byte[][] {null, {}, {0, 0, 0}}) {
            writer.begin(0).asControl().tryAppend(0, key, null);
            assertSame(ControlType.UNKNOWN, view.wrap(writer.finish(), 0).controlType());
        }
    }

    @Test
    void onlyAControlBatchHasAControlType() {
        view.wrap(HandWrittenBatch.buffer(), 0);
        assertThrows(IllegalStateException.class, view::controlType);
    }

    @Test
    void aTransactionEndsWithCommitOrAbortOnly() {
        assertThrows(IllegalArgumentException.class,
                () -> control.endTransaction(ControlType.LEADER_CHANGE, 1, (short) 0, 0, 0));
    }

    @Test
    void aMarkerWithoutAnEpochIsCorrupt() {
        RecordBatchWriter writer = new RecordBatchWriter(0, 1024);
        writer.begin(0).asControl().tryAppend(0, new byte[4], new byte[5]);
        cursor.wrap(view.wrap(writer.finish(), 0)).next();
        assertThrows(CorruptBatchException.class, () -> ControlBatches.coordinatorEpoch(cursor));
    }
}
