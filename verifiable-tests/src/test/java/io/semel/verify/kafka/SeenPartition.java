package io.semel.verify.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.semel.log.batch.BatchCheck;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchView;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The segments of a partition's directory, read from the first byte to the last by Semel's reader. */
record SeenPartition(List<Path> segments, List<SeenBatch> batches) {
    static SeenPartition read(Path directory) throws IOException {
        List<Path> segments = filesOf(directory, ".log");
        List<SeenBatch> batches = new ArrayList<>();
        for (Path segment : segments) {
            readSegment(segment, batches);
        }
        return new SeenPartition(segments, batches);
    }

    static List<Path> filesOf(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static void readSegment(Path segment, List<SeenBatch> batches) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
        RecordBatchView view = new RecordBatchView();
        long leastOffset = Long.parseLong(segment.getFileName().toString().replace(".log", ""));
        int position = 0;
        while (position < bytes.limit()) {
            String where = segment + " at position " + position;
            assertEquals(BatchCheck.WHOLE, RecordBatchView.check(bytes, position, bytes.limit()), where);
            view.wrap(bytes, position);
            assertTrue(view.isCrcValid(), where);
            assertTrue(view.baseOffset() >= leastOffset, where);
            batches.add(SeenBatch.of(view));
            leastOffset = view.nextOffset();
            position += view.sizeInBytes();
        }
    }

    /** What a reader of uncommitted data is shown. */
    List<SeenRecord> records() {
        return batches.stream().filter(SeenBatch::isData).flatMap(batch -> batch.records().stream()).toList();
    }

    /** What a reader of committed data is shown, found the plainest way: the markers say what becomes of all before. */
    List<SeenRecord> committedRecords() {
        List<SeenRecord> committed = new ArrayList<>();
        Map<Long, List<SeenRecord>> open = new HashMap<>();
        for (SeenBatch batch : batches) {
            if (batch.isData() && batch.isTransactional()) {
                open.computeIfAbsent(batch.producerId(), id -> new ArrayList<>()).addAll(batch.records());
            } else if (batch.isData()) {
                committed.addAll(batch.records());
            } else if (batch.control() == ControlType.COMMIT) {
                committed.addAll(open.getOrDefault(batch.producerId(), List.of()));
                open.remove(batch.producerId());
            } else if (batch.control() == ControlType.ABORT) {
                open.remove(batch.producerId());
            }
        }
        committed.sort(Comparator.comparingLong(SeenRecord::offset));
        return committed;
    }

    long count(ControlType type) {
        return batches.stream().filter(batch -> batch.control() == type).count();
    }
}
