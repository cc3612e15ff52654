package io.semel.benchmarks.jmh;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.semel.benchmarks.workload.Payload;
import io.semel.benchmarks.workload.semel.SemelAppend;
import io.semel.benchmarks.workload.semel.SemelRead;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;

/** A partition full of records, and a reader that begins again and again. */
@State(Scope.Thread)
public class WrittenLog {
    static final int RECORDS = 1_000_000;
    private static final int BATCHES_A_POLL = 16;

    private ScratchDirectory directory;
    private Semel semel;
    private Reader reader;
    private long seen;
    private final Reader.RecordHandler onRecord = record -> seen += record.buffer().getLong(record.valuePosition());
    private final Reader.BatchHandler onBatch = batch -> seen += batch.recordCount();

    @Setup(Level.Trial)
    public void open() throws Exception {
        directory = ScratchDirectory.create();
        SemelRead.write(directory.path(), Payload.SMALL, RECORDS);
        semel = Semel.open(directory.path());
        reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, SemelAppend.TOPIC, 0, 0);
    }

    long readRecords() {
        reader.seek(0);
        while (reader.poll(onRecord, BATCHES_A_POLL) > 0) {
            // The handler sees them.
        }
        return seen;
    }

    long readBatches() {
        reader.seek(0);
        while (reader.pollBatches(onBatch, BATCHES_A_POLL) > 0) {
            // The handler sees them.
        }
        return seen;
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        reader.close();
        semel.close();
        directory.close();
    }
}
