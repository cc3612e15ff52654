package io.semel.verify.rdkafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import io.semel.log.batch.ControlType;
import io.semel.log.batch.DirectBatch;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;

/** What can be made wrong about the fillers that are served, to see it found. */
public enum FillerSabotage {
    NONE,
    /** A filler is data: clients show it. */
    DATA,
    /** A filler calls itself a marker: clients skip it as well, so it is found missing by counting. */
    TYPE,
    /** A filler's key is longer than four bytes: librdkafka can't read on. */
    KEY,
    /** A filler's CRC is wrong. */
    CRC;

    /** A longer one takes a second byte as a varint. */
    private static final int MAX_ONE_BYTE_LENGTH = 63;

    /** Changes every filler in the segments of the directory. */
    void apply(Path directory) throws IOException {
        if (this == NONE) {
            return;
        }
        RecordBatchView batch = new RecordBatchView();
        for (Path segment : SegmentFiles.list(directory)) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
            for (int position = 0; position < bytes.limit(); position += batch.sizeInBytes()) {
                batch.wrap(bytes, position);
                if (SegmentFiles.isFiller(batch)) {
                    change(batch);
                }
            }
            Files.write(segment, bytes.array());
        }
    }

    private void change(RecordBatchView batch) {
        ByteBuffer bytes = batch.buffer();
        int crc = batch.position() + RecordBatchLayout.CRC_POSITION;
        switch (this) {
            case NONE -> {
            }
            case DATA -> {
                bytes.putShort(batch.position() + RecordBatchLayout.ATTRIBUTES_POSITION, (short) 0);
                DirectBatch.seal(bytes, batch.position());
            }
            case TYPE -> {
                bytes.putShort(keyPosition(batch) + Short.BYTES, ControlType.COMMIT.code());
                DirectBatch.seal(bytes, batch.position());
            }
            case KEY -> {
                lengthenKey(batch);
                DirectBatch.seal(bytes, batch.position());
            }
            case CRC -> bytes.putInt(crc, ~bytes.getInt(crc));
        }
    }

    private static int keyPosition(RecordBatchView batch) {
        RecordCursor record = new RecordCursor().wrap(batch);
        record.next();
        return record.keyPosition();
    }

    /** The zeros that were the value are the key's, where one byte still says how many. */
    private static void lengthenKey(RecordBatchView batch) {
        RecordCursor record = new RecordCursor().wrap(batch);
        record.next();
        int length = record.keyLength() + record.valueLength();
        if (record.valueLength() > 0 && length <= MAX_ONE_BYTE_LENGTH) {
            batch.buffer().put(record.keyPosition() - 1, (byte) (length << 1));
            batch.buffer().put(record.valuePosition() - 1, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
