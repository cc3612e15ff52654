package io.semel.benchmarks.workload.semel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.semel.benchmarks.workload.Batching;
import io.semel.benchmarks.workload.Lane;
import io.semel.benchmarks.workload.Payload;
import io.semel.client.Appender;
import io.semel.client.DeliverySemantics;
import io.semel.client.Reader;
import io.semel.client.Semel;
import io.semel.log.batch.RecordCursor;

/** From an Appender to a Reader of the same partition, which checks every batch's CRC. */
public final class SemelLane implements Lane {
    /** Few, so that what was read is handed over soon; more would cost the same. */
    private static final int BATCHES_A_POLL = 16;

    private final Batching batching;
    private final Semel semel;
    private final Appender appender;
    private final Reader reader;
    private final Reader.RecordHandler handler = this::onRecord;
    private Sink sink;

    private SemelLane(Batching batching, Semel semel) {
        this.batching = batching;
        this.semel = semel;
        this.appender = semel.openAppender(DeliverySemantics.AT_MOST_ONCE, SemelAppend.TOPIC, 0);
        this.reader = semel.openReader(DeliverySemantics.AT_LEAST_ONCE, SemelAppend.TOPIC, 0, 0);
    }

    public static Lane open(Path directory, Batching batching) throws IOException {
        Semel semel = Semel.open(directory);
        semel.admin().createTopic(SemelAppend.TOPIC, 1);
        return new SemelLane(batching, semel);
    }

    @Override
    public void write(byte[] payload) {
        appender.append(null, payload);
        if (batching == Batching.NONE) {
            appender.flush();
        }
    }

    @Override
    public void finish() {
        appender.awaitAcknowledged();
    }

    @Override
    public int read(Sink target) {
        sink = target;
        return reader.poll(handler, BATCHES_A_POLL);
    }

    private void onRecord(RecordCursor record) {
        ByteBuffer buffer = record.buffer();
        int position = record.valuePosition();
        sink.onRecord(buffer.getLong(position), buffer.getLong(position + Payload.TIME_OFFSET));
    }

    /** Closes appender and reader too. */
    @Override
    public void close() throws IOException {
        semel.close();
    }
}
