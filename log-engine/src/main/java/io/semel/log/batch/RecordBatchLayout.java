package io.semel.log.batch;

import java.nio.ByteBuffer;

/**
 * Kafka's RecordBatch, version 2: where each field of the header stands, and how to read it in place.
 *
 * <pre>
 *    0                   8           12          16  17
 *   +-------------------+-----------+-----------+---+-----------+
 *   | base offset       | length    | leader    | m | CRC32C    |
 *   |                   |           | epoch     |   |           |
 *   +-------+-----------+-----------+-----------+---+-----------+
 *   21      23          27                  35                  43
 *   +-------+-----------+-------------------+-------------------+
 *   | attri | last      | base              | max               |
 *   | butes | offset    | timestamp         | timestamp         |
 *   |       | delta     |                   |                   |
 *   +-------+-----------+-------------------+-------------------+
 *   43                  51      53          57          61
 *   +-------------------+-------+-----------+-----------+--- - -
 *   | producer id       | prod. | base      | record    | records
 *   |                   | epoch | sequence  | count     |
 *   +-------------------+-------+-----------+-----------+--- - -
 *
 *   attributes  bit 0-2 compression, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
 *
 *   record      length varint | attributes int8 | timestamp delta varlong | offset delta varint |
 *               key length varint (-1 null) | key | value length varint (-1 null) | value |
 *               header count varint | header key length varint | key | value length varint (-1 null) | value ...
 * </pre>
 *
 * Everything is big-endian, so is every buffer given here. {@code length} counts the bytes after itself; the CRC covers
 * everything from {@code attributes} on. Base offset and leader epoch are therefore outside the CRC: a producer seals a
 * batch long before the log knows its offsets, and {@link #stamp} places it without reading the payload.
 *
 * <p>Thread rule: stateless; access is absolute and leaves the buffer's position and limit alone.
 */
public final class RecordBatchLayout {
    public static final int BASE_OFFSET_POSITION = 0;
    public static final int LENGTH_POSITION = BASE_OFFSET_POSITION + Long.BYTES;
    public static final int LEADER_EPOCH_POSITION = LENGTH_POSITION + Integer.BYTES;
    public static final int MAGIC_POSITION = LEADER_EPOCH_POSITION + Integer.BYTES;
    public static final int CRC_POSITION = MAGIC_POSITION + Byte.BYTES;
    public static final int ATTRIBUTES_POSITION = CRC_POSITION + Integer.BYTES;
    public static final int LAST_OFFSET_DELTA_POSITION = ATTRIBUTES_POSITION + Short.BYTES;
    public static final int BASE_TIMESTAMP_POSITION = LAST_OFFSET_DELTA_POSITION + Integer.BYTES;
    public static final int MAX_TIMESTAMP_POSITION = BASE_TIMESTAMP_POSITION + Long.BYTES;
    public static final int PRODUCER_ID_POSITION = MAX_TIMESTAMP_POSITION + Long.BYTES;
    public static final int PRODUCER_EPOCH_POSITION = PRODUCER_ID_POSITION + Long.BYTES;
    public static final int BASE_SEQUENCE_POSITION = PRODUCER_EPOCH_POSITION + Short.BYTES;
    public static final int RECORD_COUNT_POSITION = BASE_SEQUENCE_POSITION + Integer.BYTES;
    public static final int HEADER_LENGTH = RECORD_COUNT_POSITION + Integer.BYTES;

    /** Base offset and length: what the length field does not count. */
    public static final int LOG_OVERHEAD = LENGTH_POSITION + Integer.BYTES;

    /** One byte each for length, attributes, timestamp delta, offset delta, key length, value length, header count. */
    public static final int MIN_RECORD_LENGTH = 7;

    /**
     * The smallest batch that holds a record, 68 bytes. It is longer than 64, so two batches can't both start in one
     * 64-byte cell of the log: a publication mark per cell is enough to mark every batch.
     */
    public static final int MIN_BATCH_LENGTH = HEADER_LENGTH + MIN_RECORD_LENGTH;

    /** The only version of the format that the log holds. */
    public static final byte MAGIC = 2;

    public static final int COMPRESSION_MASK = 0x07;
    public static final int TIMESTAMP_TYPE_BIT = 0x08;
    public static final int TRANSACTIONAL_BIT = 0x10;
    public static final int CONTROL_BIT = 0x20;
    public static final int DELETE_HORIZON_BIT = 0x40;

    public static final long NO_PRODUCER_ID = -1L;
    public static final short NO_PRODUCER_EPOCH = -1;
    public static final int NO_SEQUENCE = -1;

    /** The leader epoch of a batch that no log has stamped yet. */
    public static final int NO_LEADER_EPOCH = -1;

    private RecordBatchLayout() {
    }

    /**
     * Places a finished batch in the log. Both fields are outside the CRC.
     *
     * @param position the byte at which the batch starts in {@code buffer}
     */
    public static void stamp(ByteBuffer buffer, int position, long baseOffset, int leaderEpoch) {
        buffer.putLong(position + BASE_OFFSET_POSITION, baseOffset);
        buffer.putInt(position + LEADER_EPOCH_POSITION, leaderEpoch);
    }

    /** Bytes of the whole batch. A length field that was never checked can make this negative. */
    public static int sizeInBytes(ByteBuffer buffer, int position) {
        return lengthField(buffer, position) + LOG_OVERHEAD;
    }

    /** The length field as it stands: bytes after itself. */
    public static int lengthField(ByteBuffer buffer, int position) {
        return buffer.getInt(position + LENGTH_POSITION);
    }

    public static long baseOffset(ByteBuffer buffer, int position) {
        return buffer.getLong(position + BASE_OFFSET_POSITION);
    }

    public static long lastOffset(ByteBuffer buffer, int position) {
        return baseOffset(buffer, position) + lastOffsetDelta(buffer, position);
    }

    public static int leaderEpoch(ByteBuffer buffer, int position) {
        return buffer.getInt(position + LEADER_EPOCH_POSITION);
    }

    public static byte magic(ByteBuffer buffer, int position) {
        return buffer.get(position + MAGIC_POSITION);
    }

    public static int crc(ByteBuffer buffer, int position) {
        return buffer.getInt(position + CRC_POSITION);
    }

    public static short attributes(ByteBuffer buffer, int position) {
        return buffer.getShort(position + ATTRIBUTES_POSITION);
    }

    public static int lastOffsetDelta(ByteBuffer buffer, int position) {
        return buffer.getInt(position + LAST_OFFSET_DELTA_POSITION);
    }

    public static long baseTimestamp(ByteBuffer buffer, int position) {
        return buffer.getLong(position + BASE_TIMESTAMP_POSITION);
    }

    public static long maxTimestamp(ByteBuffer buffer, int position) {
        return buffer.getLong(position + MAX_TIMESTAMP_POSITION);
    }

    public static long producerId(ByteBuffer buffer, int position) {
        return buffer.getLong(position + PRODUCER_ID_POSITION);
    }

    public static short producerEpoch(ByteBuffer buffer, int position) {
        return buffer.getShort(position + PRODUCER_EPOCH_POSITION);
    }

    public static int baseSequence(ByteBuffer buffer, int position) {
        return buffer.getInt(position + BASE_SEQUENCE_POSITION);
    }

    /** The sequence of a batch's last record; a sequence runs from 0 to 2^31-1 and then starts again at 0. */
    public static int lastSequence(int baseSequence, int lastOffsetDelta) {
        return baseSequence == NO_SEQUENCE ? NO_SEQUENCE : baseSequence + lastOffsetDelta & Integer.MAX_VALUE;
    }

    public static int recordCount(ByteBuffer buffer, int position) {
        return buffer.getInt(position + RECORD_COUNT_POSITION);
    }
}
