package io.semel.idempotence;

import java.nio.ByteBuffer;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordBatchWriter;

/** Makes the views of batches that a log holds. */
final class Written {
    private Written() {
    }

    static RecordBatchView data(long id, int epoch, int sequence, int count, long baseOffset, boolean transactional) {
        return data(id, epoch, sequence, count, baseOffset, transactional, baseOffset);
    }

    static RecordBatchView data(long id, int epoch, int sequence, int count, long baseOffset, boolean transactional,
            long timestampMs) {
        RecordBatchWriter writer = new RecordBatchWriter(1024, 1 << 20);
        writer.begin(timestampMs).producer(id, (short) epoch, sequence);
        if (transactional) {
            writer.asTransactional();
        }
        for (int record = 0; record < count; record++) {
            writer.tryAppend(timestampMs, null, new byte[] {1});
        }
        return placed(writer.finish(), baseOffset);
    }

    static RecordBatchView marker(ControlType end, long id, int epoch, long offset) {
        return marker(end, id, epoch, offset, offset);
    }

    static RecordBatchView marker(ControlType end, long id, int epoch, long offset, long timestampMs) {
        return placed(new ControlBatches().endTransaction(end, id, (short) epoch, 0, timestampMs), offset);
    }

    private static RecordBatchView placed(ByteBuffer batch, long baseOffset) {
        RecordBatchLayout.stamp(batch, 0, baseOffset, 0);
        return new RecordBatchView().wrap(batch, 0);
    }
}
