package io.semel.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.FileLogInputStream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kafka's own reader judges the files of a closed log. */
class KafkaReadsSegmentsTest {
    @TempDir
    Path directory;

    @Test
    void everyClosedSegmentIsAKafkaSegment() throws Exception {
        TestBatches batches = new TestBatches();
        ControlBatches markers = new ControlBatches();
        Claim claim = new Claim();
        List<Long> expected = new ArrayList<>();
        try (Log log = Logs.open(directory)) {
            for (long number = 0; number < 900; number++) {
                if (number % 10 == 9) {
                    ControlType end = number % 20 == 9 ? ControlType.COMMIT : ControlType.ABORT;
                    expected.add(Logs.append(log, claim, markers.endTransaction(end, number, (short) 3, 0, number)));
                } else {
                    expected.add(Logs.append(log, claim, batches.batch(number)));
                }
            }
            Logs.settle(log);
        }
        List<Path> segments = Logs.files(directory, ".log");
        assertTrue(segments.size() > 2);
        int index = 0;
        for (Path segment : segments) {
            try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
                for (FileLogInputStream.FileChannelRecordBatch batch : records.batches()) {
                    batch.ensureValid();
                    assertEquals(expected.get(index), batch.baseOffset());
                    assertEquals(0, batch.partitionLeaderEpoch());
                    assertEquals(index % 10 == 9, batch.isControlBatch());
                    for (Record record : batch) {
                        record.ensureValid();
                        if (batch.isControlBatch()) {
                            assertEquals(index % 20 == 9 ? ControlRecordType.COMMIT : ControlRecordType.ABORT,
                                    ControlRecordType.parse(record.key()));
                            assertEquals(index, batch.producerId());
                        } else {
                            assertEquals(index, record.key().getLong(Long.BYTES));
                        }
                    }
                    index++;
                }
                assertEquals(segment.toFile().length(), records.sizeInBytes());
            }
        }
        assertEquals(expected.size(), index);
    }
}
