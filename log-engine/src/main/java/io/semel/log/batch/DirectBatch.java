package io.semel.log.batch;

import java.nio.ByteBuffer;

import static io.semel.log.batch.RecordBatchLayout.ATTRIBUTES_POSITION;
import static io.semel.log.batch.RecordBatchLayout.BASE_SEQUENCE_POSITION;
import static io.semel.log.batch.RecordBatchLayout.BASE_TIMESTAMP_POSITION;
import static io.semel.log.batch.RecordBatchLayout.CRC_POSITION;
import static io.semel.log.batch.RecordBatchLayout.HEADER_LENGTH;
import static io.semel.log.batch.RecordBatchLayout.LAST_OFFSET_DELTA_POSITION;
import static io.semel.log.batch.RecordBatchLayout.LENGTH_POSITION;
import static io.semel.log.batch.RecordBatchLayout.LOG_OVERHEAD;
import static io.semel.log.batch.RecordBatchLayout.MAGIC;
import static io.semel.log.batch.RecordBatchLayout.MAGIC_POSITION;
import static io.semel.log.batch.RecordBatchLayout.MAX_TIMESTAMP_POSITION;
import static io.semel.log.batch.RecordBatchLayout.NO_PRODUCER_EPOCH;
import static io.semel.log.batch.RecordBatchLayout.NO_PRODUCER_ID;
import static io.semel.log.batch.RecordBatchLayout.NO_SEQUENCE;
import static io.semel.log.batch.RecordBatchLayout.PRODUCER_EPOCH_POSITION;
import static io.semel.log.batch.RecordBatchLayout.PRODUCER_ID_POSITION;
import static io.semel.log.batch.RecordBatchLayout.RECORD_COUNT_POSITION;

/**
 * A batch of one record, without a producer, whose value is written where it will stay; or a filler of the same length,
 * when it is never written.
 *
 * <p>A filler is a control batch with one record of a type that no client knows: each skips it, as it must skip the types of
 * later versions. An empty batch with bytes left over would not be safe, since some clients parse until the bytes end.
 *
 * <pre>
 *   value   header | record length | attributes 0 | timestamp delta 0 | offset delta 0 | key length | key |
 *           value length | value | header count 0
 *   filler  header | record length | attributes 0 | timestamp delta 0 | offset delta 0 | key length 4 |
 *           version int16 0, type int16 | value length | zeros | header count 0, or 1 and an empty header
 * </pre>
 *
 * <p>Thread rule: stateless; access is absolute and leaves the buffer's position and limit alone.
 */
public final class DirectBatch {
    /** "SE": far from the types that Kafka counts up from 0, and never one of {@link ControlType}. */
    public static final short FILLER_TYPE = 0x5345;

    private static final short CONTROL_VERSION = 0;
    private static final int CONTROL_KEY_LENGTH = 2 * Short.BYTES;
    private static final int TYPE_POSITION = Short.BYTES;

    /** Attributes, timestamp delta and offset delta: one byte of zero each. */
    private static final int PREFIX_LENGTH = 3;
    private static final int NO_HEADERS_LENGTH = 1;

    /** The key and its length. */
    private static final int CONTROL_KEY_ROOM = 1 + CONTROL_KEY_LENGTH;

    /** A name of no bytes and a null: one byte for the length of each. */
    private static final int EMPTY_HEADER_LENGTH = 2;

    /** Bytes of key and value that a record needs at least, so that a filler can take its place. */
    public static final int MIN_CONTENT_LENGTH = CONTROL_KEY_LENGTH;

    /** The shortest batch that a filler can stand in for, in bytes: its key needs four, and all lengths one each. */
    public static final int MIN_LENGTH =
            HEADER_LENGTH + 1 + PREFIX_LENGTH + 1 + CONTROL_KEY_LENGTH + 1 + NO_HEADERS_LENGTH;

    private DirectBatch() {
    }

    /**
     * Bytes of a batch with one such record; a length of -1 is a null. Can exceed an int, and can be too short to be
     * {@link #isPossible}: that takes {@value #MIN_CONTENT_LENGTH} bytes of key and value together.
     */
    public static long lengthOf(int keyLength, int valueLength) {
        long body = bodyLength(keyLength, valueLength);
        return HEADER_LENGTH + Varints.sizeOfInt((int) Math.min(body, Integer.MAX_VALUE)) + body;
    }

    private static long bodyLength(int keyLength, int valueLength) {
        return PREFIX_LENGTH + Varints.sizeOfInt(keyLength) + (long) Math.max(keyLength, 0)
                + Varints.sizeOfInt(valueLength) + Math.max(valueLength, 0) + NO_HEADERS_LENGTH;
    }

    /** Whether a filler can have exactly that length: it can have that of every record, and not those between. */
    public static boolean isPossible(int lengthBytes) {
        return lengthBytes >= MIN_LENGTH && contentOf(lengthBytes - HEADER_LENGTH) >= 0;
    }

    /** How many bytes go into {@code room} together with the varint of their number; -1 where that leaves a gap. */
    private static int contentOf(int room) {
        for (int size = 1; size <= Varints.MAX_INT_LENGTH && size <= room; size++) {
            if (Varints.sizeOfInt(room - size) == size) {
                return room - size;
            }
        }
        return -1;
    }

    /**
     * Writes everything but the value.
     *
     * @return where the value goes, {@code valueLength} bytes
     */
    public static int frame(ByteBuffer buffer, int position, byte[] keyOrNull, int valueLength, long timestampMs) {
        int keyLength = RecordEncoder.lengthOf(keyOrNull);
        int body = (int) bodyLength(keyLength, valueLength);
        int at = Varints.putInt(buffer, position + HEADER_LENGTH, body);
        at = putPrefix(buffer, at);
        at = Varints.putInt(buffer, at, keyLength);
        if (keyOrNull != null) {
            buffer.put(at, keyOrNull);
            at += keyLength;
        }
        at = Varints.putInt(buffer, at, valueLength);
        int end = at + valueLength;
        buffer.put(end, (byte) 0);
        putHeader(buffer, position, end + NO_HEADERS_LENGTH - position, 1, 0, timestampMs);
        return at;
    }

    /** Completes a batch whose value is written: from here on its CRC holds. */
    public static void seal(ByteBuffer buffer, int position) {
        int covered = RecordBatchLayout.sizeInBytes(buffer, position) - ATTRIBUTES_POSITION;
        buffer.putInt(position + CRC_POSITION,
                Crc32c.ofThisThread().checksum(buffer, position + ATTRIBUTES_POSITION, covered));
    }

    /**
     * Writes a whole filler over {@code lengthBytes}, which are {@link #isPossible}, and {@code recordCount} offsets.
     */
    public static void fill(ByteBuffer buffer, int position, int lengthBytes, int recordCount, long timestampMs) {
        int body = contentOf(lengthBytes - HEADER_LENGTH);
        int room = body - PREFIX_LENGTH - CONTROL_KEY_ROOM - NO_HEADERS_LENGTH;
        // Where no value takes exactly the room, one takes it beside an empty header.
        boolean isExact = contentOf(room) >= 0;
        int valueLength = contentOf(isExact ? room : room - EMPTY_HEADER_LENGTH);
        int at = Varints.putInt(buffer, position + HEADER_LENGTH, body);
        at = putControlKey(buffer, putPrefix(buffer, at));
        at = putZeros(buffer, Varints.putInt(buffer, at, valueLength), valueLength);
        if (isExact) {
            Varints.putInt(buffer, at, 0);
        } else {
            at = Varints.putInt(buffer, at, 1);
            at = Varints.putInt(buffer, at, 0);
            Varints.putInt(buffer, at, RecordCursor.NULL_LENGTH);
        }
        putHeader(buffer, position, lengthBytes, recordCount, RecordBatchLayout.CONTROL_BIT, timestampMs);
        seal(buffer, position);
    }

    private static int putControlKey(ByteBuffer buffer, int position) {
        int at = Varints.putInt(buffer, position, CONTROL_KEY_LENGTH);
        buffer.putShort(at, CONTROL_VERSION);
        buffer.putShort(at + TYPE_POSITION, FILLER_TYPE);
        return at + CONTROL_KEY_LENGTH;
    }

    private static int putZeros(ByteBuffer buffer, int position, int count) {
        int end = position + count;
        for (int at = position; at < end; at++) {
            buffer.put(at, (byte) 0);
        }
        return end;
    }

    private static int putPrefix(ByteBuffer buffer, int position) {
        for (int index = 0; index < PREFIX_LENGTH; index++) {
            buffer.put(position + index, (byte) 0);
        }
        return position + PREFIX_LENGTH;
    }

    private static void putHeader(ByteBuffer buffer, int position, int lengthBytes, int recordCount, int attributes,
            long timestampMs) {
        RecordBatchLayout.stamp(buffer, position, 0, RecordBatchLayout.NO_LEADER_EPOCH);
        buffer.putInt(position + LENGTH_POSITION, lengthBytes - LOG_OVERHEAD);
        buffer.put(position + MAGIC_POSITION, MAGIC);
        buffer.putShort(position + ATTRIBUTES_POSITION, (short) attributes);
        buffer.putInt(position + LAST_OFFSET_DELTA_POSITION, recordCount - 1);
        buffer.putLong(position + BASE_TIMESTAMP_POSITION, timestampMs);
        buffer.putLong(position + MAX_TIMESTAMP_POSITION, timestampMs);
        buffer.putLong(position + PRODUCER_ID_POSITION, NO_PRODUCER_ID);
        buffer.putShort(position + PRODUCER_EPOCH_POSITION, NO_PRODUCER_EPOCH);
        buffer.putInt(position + BASE_SEQUENCE_POSITION, NO_SEQUENCE);
        buffer.putInt(position + RECORD_COUNT_POSITION, 1);
    }
}
