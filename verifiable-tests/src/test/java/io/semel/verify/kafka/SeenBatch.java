package io.semel.verify.kafka;

import java.util.ArrayList;
import java.util.List;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/**
 * A batch of a segment as Semel's reader sees it.
 *
 * @param control null for a batch of data
 */
record SeenBatch(long baseOffset, long lastOffset, int compressionCode, long producerId, short producerEpoch,
        int baseSequence, boolean isTransactional, ControlType control, int recordCount, List<SeenRecord> records) {
    static SeenBatch of(RecordBatchView view) {
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(view);
        List<SeenRecord> records = new ArrayList<>();
        while (cursor.next()) {
            records.add(SeenRecord.of(cursor));
        }
        return new SeenBatch(view.baseOffset(), view.lastOffset(), view.compressionCode(), view.producerId(),
                view.producerEpoch(), view.baseSequence(), view.isTransactional(),
                view.isControl() ? view.controlType() : null, view.recordCount(), records);
    }

    /** Compaction removed some of the batch's records. */
    boolean hasHoles() {
        return recordCount < lastOffset - baseOffset + 1;
    }

    boolean isData() {
        return control == null;
    }
}
