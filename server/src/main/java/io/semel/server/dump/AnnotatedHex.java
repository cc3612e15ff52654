package io.semel.server.dump;

import java.nio.ByteBuffer;
import java.util.Locale;

import net.openhft.chronicle.bytes.HexDumpBytes;

import io.semel.log.batch.CorruptBatchException;
import io.semel.log.batch.RecordBatchLayout;
import io.semel.log.batch.RecordBatchView;
import io.semel.log.batch.RecordCursor;
import io.semel.log.batch.Varints;

/**
 * Every byte of a batch with what it means beside it. The only class that knows Chronicle Bytes, whose classes print
 * warnings unless the JVM has the flags of {@code chronicle-bytes.flags}: it is loaded for {@code --hex} and never
 * else.
 *
 * <p>Thread rule: one thread. An instance is one stretch of the file; {@link #close} gives its memory back.
 *
 * <p>Invariant: bytes are written once each and in the file's order, so the hexadecimal columns are the file.
 */
final class AnnotatedHex implements AutoCloseable {
    /** Bytes per line; a line per stretch at most this long, because a dump breaks its lines at annotations. */
    private static final int LINE_LENGTH = 16;

    private final HexDumpBytes dump = new HexDumpBytes();
    private final ByteBuffer bytes;
    private int at;

    private AnnotatedHex(long filePosition, ByteBuffer bytes) {
        this.bytes = bytes;
        dump.numberWrap(LINE_LENGTH);
        dump.offsetFormat((offset, out) -> out.append(String.format(Locale.ROOT, "%08x", filePosition + offset)));
    }

    /** @param batch starts at the beginning of its buffer */
    static String ofBatch(long filePosition, RecordBatchView batch) {
        try (AnnotatedHex hex = new AnnotatedHex(filePosition, batch.buffer())) {
            hex.header(batch);
            if (batch.compressionCode() != 0) {
                hex.payload("compressed records", batch.sizeInBytes());
            } else {
                hex.recordsAsFarAsTheyGo(batch);
            }
            return hex.dump.toHexString();
        }
    }

    /** A batch whose length can be believed, but not its records. */
    static String ofDamagedBatch(long filePosition, RecordBatchView batch) {
        try (AnnotatedHex hex = new AnnotatedHex(filePosition, batch.buffer())) {
            hex.header(batch);
            hex.payload("not to be trusted", batch.sizeInBytes());
            return hex.dump.toHexString();
        }
    }

    /** What no batch can be made of. */
    static String ofBytes(long filePosition, ByteBuffer bytes) {
        try (AnnotatedHex hex = new AnnotatedHex(filePosition, bytes)) {
            hex.payload("no batch", bytes.limit());
            return hex.dump.toHexString();
        }
    }

    private void header(RecordBatchView batch) {
        field("base offset " + batch.baseOffset(), RecordBatchLayout.LENGTH_POSITION);
        field("length " + RecordBatchLayout.lengthField(bytes, 0), RecordBatchLayout.LEADER_EPOCH_POSITION);
        field("leader epoch " + batch.leaderEpoch(), RecordBatchLayout.MAGIC_POSITION);
        field("magic " + batch.magic(), RecordBatchLayout.CRC_POSITION);
        field("CRC32C " + (batch.isCrcValid() ? "ok" : "BAD"), RecordBatchLayout.ATTRIBUTES_POSITION);
        field("attributes" + attributes(batch), RecordBatchLayout.LAST_OFFSET_DELTA_POSITION);
        field("last offset delta " + batch.lastOffsetDelta(), RecordBatchLayout.BASE_TIMESTAMP_POSITION);
        field("base timestamp " + Shown.time(batch.baseTimestamp()), RecordBatchLayout.MAX_TIMESTAMP_POSITION);
        field("max timestamp " + Shown.time(batch.maxTimestamp()), RecordBatchLayout.PRODUCER_ID_POSITION);
        field("producer id " + batch.producerId(), RecordBatchLayout.PRODUCER_EPOCH_POSITION);
        field("producer epoch " + batch.producerEpoch(), RecordBatchLayout.BASE_SEQUENCE_POSITION);
        field("base sequence " + batch.baseSequence(), RecordBatchLayout.RECORD_COUNT_POSITION);
        field("record count " + batch.recordCount(), RecordBatchLayout.HEADER_LENGTH);
    }

    private static String attributes(RecordBatchView batch) {
        return (batch.isTransactional() ? " transactional" : "")
                + (batch.isControl() ? ' ' + Shown.kind(batch) : "")
                + (batch.isLogAppendTime() ? " log-append-time" : "")
                + (batch.hasDeleteHorizon() ? " delete-horizon" : "")
                + (batch.compressionCode() == 0 ? " uncompressed" : " compression " + Shown.codec(batch));
    }

    private void recordsAsFarAsTheyGo(RecordBatchView batch) {
        try {
            records(batch);
        } catch (CorruptBatchException e) {
            payload("contradicts the format", batch.sizeInBytes());
        }
    }

    private void records(RecordBatchView batch) {
        RecordCursor record = new RecordCursor().wrap(batch);
        while (record.next()) {
            record(record);
        }
    }

    /** The cursor has checked every length by now, also those of the headers as it reaches them. */
    private void record(RecordCursor record) {
        int lengthEnd = at + Varints.lengthOfInt(bytes, at, bytes.limit());
        int end = lengthEnd + Varints.getInt(bytes, at);
        field("record offset " + record.offset() + ", " + (end - lengthEnd) + " bytes", lengthEnd);
        field("attributes, time " + Shown.time(record.timestamp()) + ", offset delta, key length "
                + record.keyLength(), record.keyPosition());
        payload("key", record.keyPosition() + Math.max(record.keyLength(), 0));
        field("value length " + record.valueLength(), record.valuePosition());
        payload("value", record.valuePosition() + Math.max(record.valueLength(), 0));
        field("headers " + record.headerCount(), at + Varints.lengthOfInt(bytes, at, end));
        while (record.nextHeader()) {
            field("header key length " + record.headerKeyLength(), record.headerKeyPosition());
            payload("header key", record.headerKeyPosition() + record.headerKeyLength());
            field("header value length " + record.headerValueLength(), record.headerValuePosition());
            payload("header value", record.headerValuePosition() + Math.max(record.headerValueLength(), 0));
        }
    }

    /** The longest varints can make a field longer than a line. */
    private void field(String meaning, int end) {
        line(meaning, Math.min(end - at, LINE_LENGTH));
        while (at < end) {
            line("(continued)", Math.min(end - at, LINE_LENGTH));
        }
    }

    private void payload(String meaning, int end) {
        while (at < end) {
            int length = Math.min(end - at, LINE_LENGTH);
            line(meaning + " |" + Shown.picture(bytes, at, length) + '|', length);
        }
    }

    private void line(String meaning, int length) {
        dump.writeHexDumpDescription(meaning);
        dump.write(bytes.array(), bytes.arrayOffset() + at, length);
        at += length;
    }

    @Override
    public void close() {
        dump.releaseLast();
    }
}
