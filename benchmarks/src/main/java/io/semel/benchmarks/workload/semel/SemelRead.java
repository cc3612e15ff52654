package io.semel.benchmarks.workload.semel;

import java.nio.file.Path;
import java.util.Map;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.Stopwatch;
import io.semel.benchmarks.workload.Workload;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/**
 * Reads back, after a close and an open, what was appended in batches of 16 KiB, and goes back to the start
 * {@value #PASSES} times in all; each batch's CRC is checked.
 */
public final class SemelRead implements Workload {
    /** One pass alone is over too soon to be timed well. The first one meets pages that were not mapped yet. */
    public static final int PASSES = 5;

    /** Batches a poll: enough that the call itself costs nothing. */
    private static final int BATCHES_A_POLL = 16;

    private final int payloadBytes;
    private final Grain grain;
    private long count;
    private long sum;

    /** What a reader looks at. */
    public enum Grain {
        /** Every record: its number is read from the mapped bytes. */
        RECORD,
        /** Every batch: only its record count is looked at. */
        BATCH
    }

    public SemelRead(int payloadBytes, Grain grain) {
        this.payloadBytes = payloadBytes;
        this.grain = grain;
    }

    @Override
    public Map<String, Long> run(Path directory, long operations, Stopwatch stopwatch) throws Exception {
        long records = Math.max(1, operations / PASSES);
        write(directory, payloadBytes, records);
        count = 0;
        sum = 0;
        try (Semel semel = Semel.open(directory);
                Reader reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, SemelAppend.TOPIC, 0, 0)) {
            stopwatch.start();
            for (long left = operations; left > 0; left -= records) {
                reader.seek(0);
                read(reader);
            }
            stopwatch.stop();
        }
        Payload.require("records read", operations, count);
        if (grain == Grain.RECORD) {
            Payload.require("sum of record numbers", Payload.sumOf(records) * (operations / records), sum);
        }
        return NO_FIGURES;
    }

    /** Shared with the JMH benchmarks. */
    public static void write(Path directory, int payloadBytes, long operations) throws Exception {
        try (Semel semel = Semel.open(directory)) {
            semel.admin().createTopic(SemelAppend.TOPIC, 1);
            try (Appender appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, SemelAppend.TOPIC, 0)) {
                SemelAppend.appendBatched(appender, Payload.create(payloadBytes), 0, operations);
            }
        }
    }

    private void read(Reader reader) {
        switch (grain) {
            case RECORD -> readRecords(reader);
            case BATCH -> readBatches(reader);
        }
    }

    private void readRecords(Reader reader) {
        Reader.RecordHandler handler = this::onRecord;
        while (reader.poll(handler, BATCHES_A_POLL) > 0) {
            // The handler counts.
        }
    }

    private void onRecord(RecordCursor record) {
        count++;
        sum += record.buffer().getLong(record.valuePosition());
    }

    private void readBatches(Reader reader) {
        Reader.BatchHandler handler = this::onBatch;
        while (reader.pollBatches(handler, BATCHES_A_POLL) > 0) {
            // The handler counts.
        }
    }

    private void onBatch(RecordBatchView batch) {
        count += batch.recordCount();
    }
}
