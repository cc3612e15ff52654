package io.semel.verify.rdkafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.DirectBatch;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/**
 * The batches of a partition's segments, as they lie in the files.
 *
 * @param stamps of every record, those of markers and fillers among them
 */
record SegmentFiles(int segments, List<Batch> batches, List<Stamp> stamps) {
    /** What stands in a batch. */
    enum Kind {
        DATA, MARKER, FILLER
    }

    /**
     * A batch.
     *
     * @param position in its segment
     */
    record Batch(long offset, int position, long maxTimestampMs, Kind kind) {
        boolean isFiller() {
            return kind == Kind.FILLER;
        }
    }

    /** When a record was written. */
    record Stamp(long offset, long timestampMs) {
    }

    static SegmentFiles read(Path directory) throws IOException {
        List<Path> segments = list(directory);
        List<Batch> batches = new ArrayList<>();
        List<Stamp> stamps = new ArrayList<>();
        RecordCursor record = new RecordCursor();
        for (Path segment : segments) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
            RecordBatchView view = new RecordBatchView();
            for (int position = 0; position < bytes.limit(); position += view.sizeInBytes()) {
                view.wrap(bytes, position);
                batches.add(new Batch(view.baseOffset(), position, view.maxTimestamp(), kindOf(view)));
                record.wrap(view);
                while (record.next()) {
                    stamps.add(new Stamp(record.offset(), record.timestamp()));
                }
            }
        }
        return new SegmentFiles(segments.size(), batches, stamps);
    }

    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }

    private static Kind kindOf(RecordBatchView view) {
        if (!view.isControl()) {
            return Kind.DATA;
        }
        return isFiller(view) ? Kind.FILLER : Kind.MARKER;
    }

    static boolean isFiller(RecordBatchView view) {
        if (!view.isControl() || view.controlType() != ControlType.UNKNOWN) {
            return false;
        }
        RecordCursor record = new RecordCursor().wrap(view);
        return record.next() && record.buffer().getShort(record.keyPosition() + Short.BYTES) == DirectBatch.FILLER_TYPE;
    }

    List<Batch> fillers() {
        return batches.stream().filter(Batch::isFiller).toList();
    }

    /** Where Kafka's brokers say that a time begins: markers and fillers count there. */
    long firstOffsetSince(long timestampMs) {
        return stamps.stream().filter(stamp -> stamp.timestampMs() >= timestampMs).findFirst().orElseThrow().offset();
    }

    Batch last() {
        return batches.get(batches.size() - 1);
    }
}
