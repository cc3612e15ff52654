package io.semel.server.dump;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;
import io.semel.log.batch.codec.Compression;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One batch of each kind, as a log would place them. */
final class HandMadeSegment {
    static final long TIME_MS = 1_700_000_000_000L;
    private static final int LEADER_EPOCH = 3;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Two plain records, a transaction of one record, and its marker: offsets 10 to 13. */
    static HandMadeSegment ofThreeBatches() {
        HandMadeSegment segment = new HandMadeSegment();
        RecordBatchWriter writer = new RecordBatchWriter(1024, 1024).begin(TIME_MS);
        writer.tryAppend(TIME_MS, "key".getBytes(UTF_8), "a value longer than one line".getBytes(UTF_8),
                new byte[][] {"trace".getBytes(UTF_8), "none".getBytes(UTF_8)}, new byte[][] {{0, (byte) 0xff}, null});
        writer.tryAppend(TIME_MS + 5, null, "say \"hi\"".getBytes(UTF_8));
        segment.add(writer.finish(), 10);
        writer.begin(TIME_MS + 7).producer(41, (short) 2, 120).asTransactional();
        writer.tryAppend(TIME_MS + 7, "k".getBytes(UTF_8), null);
        segment.add(writer.finish(), 12);
        segment.add(new ControlBatches().endTransaction(ControlType.COMMIT, 41, (short) 2, 9, TIME_MS + 8), 13);
        return segment;
    }

    /** One batch of two equal records; offsets 20 and 21. */
    static HandMadeSegment ofOneBatch(Compression compression) {
        HandMadeSegment segment = new HandMadeSegment();
        RecordBatchWriter writer = new RecordBatchWriter(1024, 4096, compression).begin(TIME_MS);
        byte[] value = "once and only once ".repeat(30).getBytes(UTF_8);
        writer.tryAppend(TIME_MS, "key".getBytes(UTF_8), value);
        writer.tryAppend(TIME_MS, "key".getBytes(UTF_8), value);
        segment.add(writer.finish(), 20);
        return segment;
    }

    private void add(ByteBuffer batch, long baseOffset) {
        RecordBatchLayout.stamp(batch, 0, baseOffset, LEADER_EPOCH);
        bytes.write(batch.array(), batch.arrayOffset(), batch.limit());
    }

    HandMadeSegment unused(int length) {
        bytes.writeBytes(new byte[length]);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
