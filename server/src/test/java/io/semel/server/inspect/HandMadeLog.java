package io.semel.server.inspect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchWriter;

/** A partition of one segment, batch by batch, right or wrong. */
final class HandMadeLog {
    private static final long TIME_MS = 1_700_000_000_000L;
    private static final long PRODUCER = 7;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nextOffset;

    HandMadeLog data(int epoch, int sequence) {
        RecordBatchWriter writer = new RecordBatchWriter(256, 256).begin(TIME_MS).producer(PRODUCER, (short) epoch,
                sequence).asTransactional();
        writer.tryAppend(TIME_MS, null, new byte[] {1});
        return add(writer.finish());
    }

    HandMadeLog marker(ControlType type, int epoch) {
        return add(new ControlBatches().endTransaction(type, PRODUCER, (short) epoch, 0, TIME_MS));
    }

    private HandMadeLog add(ByteBuffer batch) {
        RecordBatchLayout.stamp(batch, 0, nextOffset++, 0);
        bytes.write(batch.array(), batch.arrayOffset(), batch.limit());
        return this;
    }

    int length() {
        return bytes.size();
    }

    Path writeTo(Path scratch) throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("hand-0"));
        Files.write(directory.resolve("00000000000000000000.log"), bytes.toByteArray());
        return directory;
    }
}
