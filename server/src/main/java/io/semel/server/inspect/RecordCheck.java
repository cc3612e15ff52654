package io.semel.server.inspect;

import java.nio.file.Path;

import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.transactions.records.CorruptRecordException;

/** Every record, compressed or not, has the format's shape; those of a journal say what a journal can say. */
final class RecordCheck implements LogCheck {
    private final Findings findings;
    private final Journal journal;
    private final RecordCursor record = new RecordCursor();

    /** Takes in the records of a topic that mean something to the broker. */
    @FunctionalInterface
    interface Journal {
        Journal NONE = (file, position, record) -> {
        };

        /** @throws CorruptRecordException when it means nothing */
        void take(Path file, int position, RecordCursor record);
    }

    RecordCheck(Findings findings, Journal journal) {
        this.findings = findings;
        this.journal = journal;
    }

    @Override
    public void batch(SegmentFile segment, int position, RecordBatchView batch) {
        try {
            record.wrap(batch);
            while (record.next()) {
                while (record.nextHeader()) {
                    continue;
                }
                if (!batch.isControl()) {
                    take(segment, position);
                }
            }
        } catch (CorruptBatchException e) {
            findings.add(segment, position, batch.baseOffset(), "the CRC holds, but the records contradict the format",
                    "records", e.getMessage(), Finding.REPORT);
        } catch (UnsupportedCompressionException e) {
            findings.add(segment, position, batch.baseOffset(), "records not looked at", "a codec", e.getMessage(),
                    "add its jar and repeat");
        }
    }

    private void take(SegmentFile segment, int position) {
        try {
            journal.take(segment.path(), position, record);
        } catch (CorruptRecordException e) {
            findings.add(segment, position, record.offset(), "record of a journal", "its format", e.getMessage(),
                    Finding.RESTORE);
        }
    }
}
