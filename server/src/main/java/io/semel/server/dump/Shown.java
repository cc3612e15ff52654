package io.semel.server.dump;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;

import io.semel.log.batch.ControlBatches;
import io.semel.log.batch.ControlType;
import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.DirectBatch;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.server.inspect.Fields;

/** Batches and records as lines of ASCII, whatever the bytes are. Thread rule: stateless. */
final class Shown {
    /** A line must stay a line: of longer keys and values the beginning is enough to know them again. */
    static final int MAX_TEXT_BYTES = 64;

    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    private Shown() {
    }

    static String batch(long position, RecordBatchView batch) {
        StringBuilder line = new StringBuilder("position=").append(position)
                .append(" offsets=").append(batch.baseOffset()).append("..").append(batch.lastOffset())
                .append(" size=").append(batch.sizeInBytes())
                .append(" leaderEpoch=").append(batch.leaderEpoch())
                .append(" producer=").append(producer(batch))
                .append(" kind=").append(kind(batch))
                .append(" records=").append(batch.recordCount())
                .append(" time=").append(time(batch.baseTimestamp())).append("..").append(time(batch.maxTimestamp()));
        if (batch.compressionCode() != 0) {
            line.append(" compression=").append(codec(batch));
        }
        return line.append(" crc=").append(batch.isCrcValid() ? "ok" : "BAD").toString();
    }

    /** Its name; a code that nobody knows as a number. */
    static String codec(RecordBatchView batch) {
        int code = batch.compressionCode();
        try {
            return Codec.ofCode(code).kafkaName();
        } catch (UnsupportedCompressionException e) {
            return Integer.toString(code);
        }
    }

    /** Id, epoch and first sequence, each as it stands. */
    private static String producer(RecordBatchView batch) {
        if (!batch.hasProducerId()) {
            return "none";
        }
        String sequence = batch.baseSequence() == RecordBatchLayout.NO_SEQUENCE
                ? "none"
                : Integer.toString(batch.baseSequence());
        return batch.producerId() + " epoch=" + batch.producerEpoch() + " sequence=" + sequence;
    }

    /** The marker of a batch whose CRC is wrong is not looked for: its record may lead anywhere. */
    static String kind(RecordBatchView batch) {
        if (!batch.isControl()) {
            return batch.isTransactional() ? "transactional" : "plain";
        }
        if (batch.compressionCode() != 0 || !batch.isCrcValid()) {
            return "control";
        }
        try {
            return "control:" + marker(batch);
        } catch (CorruptBatchException e) {
            return "control:UNREADABLE";
        }
    }

    private static String marker(RecordBatchView batch) {
        ControlType type = batch.controlType();
        RecordCursor marker = new RecordCursor().wrap(batch);
        if (!marker.next()) {
            return type.name();
        }
        if (type == ControlType.UNKNOWN && isFiller(marker)) {
            return "FILLER";
        }
        if (type != ControlType.COMMIT && type != ControlType.ABORT) {
            return type.name();
        }
        return type + " coordinatorEpoch=" + ControlBatches.coordinatorEpoch(marker);
    }

    /** A claim that was given up: nothing is missing there. */
    private static boolean isFiller(RecordCursor record) {
        return record.keyLength() >= 2 * Short.BYTES
                && record.buffer().getShort(record.keyPosition() + Short.BYTES) == DirectBatch.FILLER_TYPE;
    }

    /** As {@link #batch}, field by field. */
    static Fields batchFields(long position, RecordBatchView batch) {
        return new Fields().with("position", position).with("baseOffset", batch.baseOffset())
                .with("lastOffset", batch.lastOffset()).with("size", batch.sizeInBytes())
                .with("leaderEpoch", batch.leaderEpoch()).with("producerId", batch.producerId())
                .with("producerEpoch", batch.producerEpoch()).with("baseSequence", batch.baseSequence())
                .with("kind", kind(batch)).with("records", batch.recordCount())
                .with("baseTimestamp", batch.baseTimestamp()).with("maxTimestamp", batch.maxTimestamp())
                .with("compression", codec(batch)).with("crc", batch.isCrcValid() ? "ok" : "BAD");
    }

    static Fields recordFields(Fields fields, RecordCursor record) {
        fields.with("key", textOrNull(record.buffer(), record.keyPosition(), record.keyLength()))
                .with("value", textOrNull(record.buffer(), record.valuePosition(), record.valueLength()));
        Fields headers = new Fields();
        while (record.nextHeader()) {
            headers.with(textOrNull(record.buffer(), record.headerKeyPosition(), record.headerKeyLength()), textOrNull(
                    record.buffer(), record.headerValuePosition(), record.headerValueLength()));
        }
        return record.headerCount() == 0 ? fields : fields.with("headers", headers);
    }

    private static String textOrNull(ByteBuffer buffer, int position, int length) {
        if (length == RecordCursor.NULL_LENGTH) {
            return null;
        }
        String quoted = text(buffer, position, length);
        return length > MAX_TEXT_BYTES ? quoted : quoted.substring(1, quoted.length() - 1);
    }

    static String record(RecordCursor record) {
        StringBuilder line = new StringBuilder("  offset=").append(record.offset())
                .append(" time=").append(time(record.timestamp()))
                .append(" key=").append(text(record.buffer(), record.keyPosition(), record.keyLength()))
                .append(" value=").append(text(record.buffer(), record.valuePosition(), record.valueLength()));
        while (record.nextHeader()) {
            line.append(" header:")
                    .append(text(record.buffer(), record.headerKeyPosition(), record.headerKeyLength())).append('=')
                    .append(text(record.buffer(), record.headerValuePosition(), record.headerValueLength()));
        }
        return line.toString();
    }

    /** Kafka's -1 means that there is no time, and what lies before 1970 is hardly one. */
    static String time(long timestampMs) {
        return timestampMs < 0 ? Long.toString(timestampMs) : Instant.ofEpochMilli(timestampMs).toString();
    }

    private static String text(ByteBuffer buffer, int position, int length) {
        if (length == RecordCursor.NULL_LENGTH) {
            return "null";
        }
        StringBuilder text = new StringBuilder("\"");
        int shownLength = Math.min(length, MAX_TEXT_BYTES);
        for (int index = 0; index < shownLength; index++) {
            appendEscaped(text, buffer.get(position + index));
        }
        text.append('"');
        return length == shownLength ? text.toString() : text.append("...(").append(length).append(" bytes)")
                .toString();
    }

    private static void appendEscaped(StringBuilder text, byte value) {
        if (value == '"' || value == '\\') {
            text.append('\\').append((char) value);
        } else if (isPrintable(value)) {
            text.append((char) value);
        } else {
            text.append(String.format(Locale.ROOT, "\\x%02x", value & 0xff));
        }
    }

    /** One character for each byte, a dot for what can't be printed. */
    static String picture(ByteBuffer buffer, int position, int length) {
        StringBuilder picture = new StringBuilder(length);
        for (int index = 0; index < length; index++) {
            byte value = buffer.get(position + index);
            picture.append(isPrintable(value) ? (char) value : '.');
        }
        return picture.toString();
    }

    private static boolean isPrintable(byte value) {
        return value >= FIRST_PRINTABLE && value <= LAST_PRINTABLE;
    }
}
