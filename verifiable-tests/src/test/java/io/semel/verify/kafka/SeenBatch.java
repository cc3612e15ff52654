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
 * @param isDecoded false for a compressed batch that this reader can't open: then {@code records} is empty
 */
record SeenBatch(long baseOffset, long lastOffset, int compressionCode, long producerId, short producerEpoch,
        int baseSequence, boolean isTransactional, ControlType control, int recordCount, boolean isDecoded,
        List<SeenRecord> records) {
    static SeenBatch of(RecordBatchView view) {
        List<SeenRecord> records = new ArrayList<>();
        boolean isDecoded = decode(view, records);
        return new SeenBatch(view.baseOffset(), view.lastOffset(), view.compressionCode(), view.producerId(),
                view.producerEpoch(), view.baseSequence(), view.isTransactional(),
                view.isControl() ? view.controlType() : null, view.recordCount(), isDecoded, records);
    }

    private static boolean decode(RecordBatchView view, List<SeenRecord> records) {
        RecordCursor cursor = new RecordCursor();
        try {
            cursor.wrap(view);
        } catch (UnsupportedOperationException e) {
            return false;
        }
        while (cursor.next()) {
            records.add(SeenRecord.of(cursor));
        }
        return true;
    }

    /** Compaction removed some of the batch's records. */
    boolean hasHoles() {
        return recordCount < lastOffset - baseOffset + 1;
    }

    boolean isData() {
        return control == null;
    }
}
